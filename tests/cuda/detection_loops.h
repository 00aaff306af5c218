// SPDX-License-Identifier: Apache-2.0
#pragma once

// The formulas of detection as plain loops in double, without a thought for speed.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "engine/cuda/plugin.h"
#include "tests/cuda/cuda_fixture.h"

namespace vl::test {

/// Calls add(image, y, x, weight) for the feature cells that output cell (row, column) of a region averages.
template <class Add>
void roiLoop(const float* region, const VlRoiAlign& s, int row, int column, Add add) {
    if (!(region[0] >= 0 && region[0] < static_cast<float>(s.batch))) return;
    const double x = region[1] * s.scale - 0.5, y = region[2] * s.scale - 0.5;
    const double wide = (region[3] - region[1]) * s.scale / s.size, tall = (region[4] - region[2]) * s.scale / s.size;
    if (!(wide > 0 && tall > 0)) return;
    const double across = std::min(4096.0, std::ceil(wide)), down = std::min(4096.0, std::ceil(tall));
    for (double r = 0; r < down; ++r) {
        for (double c = 0; c < across; ++c) {
            double sampleY = y + tall * (row + (r + 0.5) / down), sampleX = x + wide * (column + (c + 0.5) / across);
            if (sampleY < -1 || sampleY > s.height || sampleX < -1 || sampleX > s.width) continue;
            sampleY = std::clamp(sampleY, 0.0, s.height - 1.0), sampleX = std::clamp(sampleX, 0.0, s.width - 1.0);
            for (int i = 0; i < s.height; ++i) {
                for (int j = 0; j < s.width; ++j) {
                    const double weight =
                        std::max(0.0, 1 - std::abs(sampleY - i)) * std::max(0.0, 1 - std::abs(sampleX - j));
                    if (weight > 0) add(static_cast<int>(region[0]), i, j, weight / (across * down));
                }
            }
        }
    }
}

/// Calls use(outIndex, featureIndex, weight) for everything that RoIAlign connects.
template <class Use>
void roiAlignLoop(const Numbers& regions, const VlRoiAlign& s, Use use) {
    std::size_t out = 0;
    for (std::int64_t n = 0; n < s.regions; ++n) {
        for (int c = 0; c < s.channels; ++c) {
            for (int cell = 0; cell < s.size * s.size; ++cell, ++out) {
                roiLoop(&regions[static_cast<std::size_t>(n) * 5], s, cell / s.size, cell % s.size,
                        [&](int image, int y, int x, double weight) {
                            use(out, static_cast<std::size_t>(((image * s.channels + c) * s.height + y) * s.width + x),
                                weight);
                        });
            }
        }
    }
}

inline double overlapLoop(const float* a, const float* b) {
    const double width = std::max(0.0, static_cast<double>(std::min(a[2], b[2])) - std::max(a[0], b[0]));
    const double height = std::max(0.0, static_cast<double>(std::min(a[3], b[3])) - std::max(a[1], b[1]));
    const auto area = [](const float* box) { return (static_cast<double>(box[2]) - box[0]) * (box[3] - box[1]); };
    return width * height / (area(a) + area(b) - width * height);
}

inline std::vector<unsigned char> nmsLoop(const Numbers& boxes, const std::vector<std::int64_t>& groups,
                                          double threshold) {
    std::vector<unsigned char> kept(boxes.size() / 4, 1);
    for (std::size_t i = 0; i < kept.size(); ++i) {
        for (std::size_t j = 0; j < i && kept[i] != 0; ++j) {
            if (kept[j] != 0 && (groups.empty() || groups[i] == groups[j]) &&
                overlapLoop(&boxes[4 * j], &boxes[4 * i]) > threshold)
                kept[i] = 0;
        }
    }
    return kept;
}

/// The mask's value under the centre of a pixel.
inline double pasteLoop(const float* mask, const float* box, int side, int row, int column) {
    const double x = (column + 0.5 - box[0]) / (static_cast<double>(box[2]) - box[0]) * side - 0.5;
    const double y = (row + 0.5 - box[1]) / (static_cast<double>(box[3]) - box[1]) * side - 0.5;
    double value = 0;
    for (int i = 0; i < side; ++i) {
        for (int j = 0; j < side; ++j)
            value += std::max(0.0, 1 - std::abs(y - i)) * std::max(0.0, 1 - std::abs(x - j)) * mask[i * side + j];
    }
    return value;
}

}  // namespace vl::test
