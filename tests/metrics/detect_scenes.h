// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "engine/core/random.h"
#include "engine/data/run_mask.h"

namespace vl::test {

/// One picture with random true and found objects; corners lie on quarters of a pixel, so that floats and doubles
/// agree.
struct JudgedScene {
    std::vector<TrueObject> truth;
    std::vector<FoundObject> found;
};

/// Random true objects, and found ones near them, doubled, of the wrong class or anywhere. Scores tie often.
class SceneMaker {
public:
    SceneMaker(std::uint64_t seed, int classes, int side) : random_(seed, 7), classes_(classes), side_(side) {}

    JudgedScene make() {
        JudgedScene scene;
        for (int n = below(7); n > 0; --n)
            scene.truth.push_back(trueObject());
        for (const TrueObject& object : scene.truth)
            for (int n = below(3); n > 0; --n) {
                Box box = object.box;
                for (float& corner : box)
                    corner += static_cast<float>(below(17) - 8) / 4;
                scene.found.push_back(foundObject(ordered(box), below(6) == 0 ? below(classes_) : object.label));
            }
        for (int n = below(4); n > 0; --n)
            scene.found.push_back(foundObject(box(), below(classes_)));
        return scene;
    }

private:
    int below(int n) { return static_cast<int>(random_.below(draw_++, static_cast<std::uint64_t>(n))); }
    static Box ordered(Box box) {
        return {std::max(std::min(box[0], box[2]), 0.0f), std::max(std::min(box[1], box[3]), 0.0f),
                std::max(box[0], box[2]), std::max(box[1], box[3])};
    }
    Box box() {
        const int large = below(3) == 0 ? side_ : side_ / 4;
        const auto left = static_cast<float>(below(side_ * 4)) / 4, top = static_cast<float>(below(side_ * 4)) / 4;
        return {left, top, left + 1 + static_cast<float>(below(large * 4)) / 4,
                top + 1 + static_cast<float>(below(large * 4)) / 4};
    }
    RunMask maskIn(const Box& box) {
        std::vector<std::uint8_t> pixels(static_cast<std::size_t>(side_ * side_), 0);
        for (int y = 0; y < side_; ++y)
            for (int x = 0; x < side_; ++x) {
                const double dx = (2 * x + 1 - box[0] - box[2]) / (box[2] - box[0] + 1e-3),
                             dy = (2 * y + 1 - box[1] - box[3]) / (box[3] - box[1] + 1e-3);
                pixels[static_cast<std::size_t>(y * side_ + x)] = dx * dx + dy * dy < 1 ? 1 : 0;
            }
        return runMaskOf(pixels, side_, side_);
    }
    TrueObject trueObject() {
        const Box at = box();
        const RunMask mask = maskIn(at);
        return {at, below(classes_), below(8) == 0, static_cast<double>(area(mask)), mask};
    }
    FoundObject foundObject(const Box& at, int label) {
        return {at, label, static_cast<float>(below(40)) / 64, maskIn(at)};
    }

    RandomStream random_;
    std::uint64_t draw_ = 0;
    int classes_, side_;
};

}  // namespace vl::test
