// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "engine/api/dense.h"

namespace vl {

/// An ellipse in `box`, its runs down the columns.
inline RunMask madeUpMask(const Box& box, int width, int height) {
    RunMask mask{width, height, {}};
    std::uint32_t zeros = 0;
    const double cx = (box[0] + box[2]) / 2, cy = (box[1] + box[3]) / 2;
    const double rx = (box[2] - box[0]) / 2, ry = (box[3] - box[1]) / 2;
    for (int x = 0; x < width; ++x) {
        const double share = (x + 0.5 - cx) / rx;
        const double half = std::abs(share) < 1 ? ry * std::sqrt(1 - share * share) : 0;
        const int top = std::clamp(static_cast<int>(std::ceil(cy - half)), 0, height);
        const int bottom = std::clamp(static_cast<int>(std::floor(cy + half)), top, height);
        if (bottom == top) {
            zeros += static_cast<std::uint32_t>(height);
            continue;
        }
        mask.runs.push_back(zeros + static_cast<std::uint32_t>(top));
        mask.runs.push_back(static_cast<std::uint32_t>(bottom - top));
        zeros = static_cast<std::uint32_t>(height - bottom);
    }
    mask.runs.push_back(zeros);
    return mask;
}

inline FoundObject madeUpObject(const Box& box, int label, float score, int width, int height) {
    return {box, label, score, madeUpMask(box, width, height)};
}

inline TrueObject madeUpTruth(const Box& box, int label, int width, int height) {
    return {box, label, false, double(box[2] - box[0]) * (box[3] - box[1]), madeUpMask(box, width, height)};
}

/// A grey-brown weave of `width` x `height` with nothing found yet.
inline std::shared_ptr<DensePicture> madeUpPicture(const std::string& name, int width, int height) {
    auto made = std::make_shared<DensePicture>();
    made->name = name;
    made->picture = {width, height, 3, {}};
    made->picture.pixels.reserve(std::size_t(width) * std::size_t(height) * 3);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            const int weave = 8 * ((x / 3 + y / 3) % 2) + (x * 7 + y * 13) % 5;
            for (int c : {196, 184, 168})
                made->picture.pixels.push_back(static_cast<std::uint8_t>(c + weave));
        }
    made->tiles = made->tilesDone = 1;
    made->milliseconds = 310;
    return made;
}

inline ClassList garments() {
    return classList({"T-shirt", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Boot"});
}

/// 400 x 300: a pullover and a bag found rightly, a boot taken for a sneaker, a coat where nothing is, a weak dress;
/// a sandal missed.
inline std::shared_ptr<DensePicture> madeUpScene(bool truth, const std::string& name = "scene-04.png") {
    auto scene = madeUpPicture(name, 400, 300);
    const auto find = [&](Box box, int label, float score) {
        scene->objects.push_back(madeUpObject(box, label, score, 400, 300));
    };
    find({20, 20, 140, 150}, 2, 0.97f);
    find({260, 30, 390, 130}, 8, 0.91f);
    find({150, 180, 250, 260}, 7, 0.74f);
    find({170, 20, 230, 120}, 4, 0.52f);
    find({40, 170, 120, 290}, 3, 0.12f);
    if (!truth) return scene;
    scene->truthObjects.emplace();
    const auto there = [&](Box box, int label) { scene->truthObjects->push_back(madeUpTruth(box, label, 400, 300)); };
    there({22, 18, 142, 152}, 2);
    there({258, 32, 388, 132}, 8);
    there({152, 182, 252, 262}, 9);
    there({290, 180, 380, 280}, 5);
    return scene;
}

}  // namespace vl
