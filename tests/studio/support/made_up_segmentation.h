// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "engine/api/dense.h"

namespace vl {

/// Labels of `width` x `height` from a function of the pixel, all of one confidence.
template <typename Label>
std::shared_ptr<const PixelClasses> madeUpClasses(int width, int height, Label label, std::uint8_t confidence = 230) {
    auto classes = std::make_shared<PixelClasses>();
    classes->width = width;
    classes->height = height;
    const std::size_t all = std::size_t(width) * std::size_t(height);
    classes->labels.resize(all);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x)
            classes->labels[std::size_t(y) * std::size_t(width) + std::size_t(x)] =
                static_cast<std::uint8_t>(label(x, y));
    classes->confidence.assign(all, confidence);
    classes->second.assign(all, 1);
    classes->secondConfidence.assign(all, 20);
    classes->entropy.assign(all, 60);
    return classes;
}

/// A grey picture whose left half is class 1 and whose right half is class 2; `miss` columns of the right half are
/// found as class 1 instead. The scores are counted by hand from that.
inline std::shared_ptr<DensePicture> madeUpHalves(const std::string& name, int side, int miss) {
    auto picture = std::make_shared<DensePicture>();
    picture->name = name;
    picture->file = "/pictures/" + name;
    picture->picture = {side, side, 3, std::vector<std::uint8_t>(std::size_t(side) * std::size_t(side) * 3, 120)};
    picture->truthClasses = madeUpClasses(side, side, [&](int x, int) { return x < side / 2 ? 1 : 2; });
    picture->classes = madeUpClasses(side, side, [&](int x, int) { return x < side / 2 + miss ? 1 : 2; });
    picture->tiles = picture->tilesDone = 1;
    picture->milliseconds = 310;
    const double half = side / 2.0, left = half / (half + miss), right = (half - miss) / half;
    SegmentScores scores;
    scores.iou = {std::nan(""), left, right};
    scores.accuracy = {std::nan(""), 1, right};
    scores.meanIou = (left + right) / 2;
    scores.meanAccuracy = (1 + right) / 2;
    scores.pixelAccuracy = (side - miss) / double(side);
    const auto pixels = [&](double columns) { return static_cast<std::int64_t>(columns * side); };
    scores.confusion = {0, 0, 0, 0, pixels(half), 0, 0, pixels(miss), pixels(half - miss)};
    picture->scores = scores;
    return picture;
}

}  // namespace vl
