// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>

#include "engine/cuda/host_device.h"

namespace vl::cuda {

/// Whether pixel `at` is one that a side from `low` to `high` can touch, one to spare; a NaN side touches none.
VL_HOST_DEVICE inline bool pasteTouches(float low, float high, std::int64_t at) {
    const double pixel = static_cast<double>(at);
    return pixel >= floor(static_cast<double>(low)) - 1 && pixel < ceil(static_cast<double>(high)) + 1;
}

/// Where the centre of pixel `at` falls on a mask of `side` cells laid from `low` to `high`, in cells from the centre
/// of the first. A side without extent has no inside: the mask's middle, as published.
VL_HOST_DEVICE inline float pasteCoordinate(float low, float high, std::int64_t at, int side) {
    float inside = (static_cast<float>(at) + 0.5F - low) / (high - low) * 2.0F - 1.0F;
    if (std::isinf(inside)) inside = 0.0F;
    return (inside + 1.0F) * (static_cast<float>(side) * 0.5F) - 0.5F;
}

VL_HOST_DEVICE inline float pasteCell(const float* mask, int side, std::int64_t row, std::int64_t column) {
    return row < 0 || column < 0 || row >= side || column >= side ? 0.0F : mask[row * side + column];
}

/// The bilinear value of mask [side, side], zero outside, at pixel (row, column) of the canvas under box [4].
VL_HOST_DEVICE inline float pasteSample(const float* mask, const float* box, int side, std::int64_t row,
                                        std::int64_t column) {
    const float x = pasteCoordinate(box[0], box[2], column, side);
    const float y = pasteCoordinate(box[1], box[3], row, side);
    const float end = static_cast<float>(side);
    if (!(x > -1.0F && x < end && y > -1.0F && y < end)) return 0.0F;
    const float left = floor(x), top = floor(y);
    const auto c = static_cast<std::int64_t>(left), r = static_cast<std::int64_t>(top);
    const float right = x - left, down = y - top;
    return (1.0F - down) * ((1.0F - right) * pasteCell(mask, side, r, c) + right * pasteCell(mask, side, r, c + 1)) +
           down * ((1.0F - right) * pasteCell(mask, side, r + 1, c) + right * pasteCell(mask, side, r + 1, c + 1));
}

/// 1 where the mask reaches `threshold`; 0 on pixels the box cannot touch, whatever the threshold.
VL_HOST_DEVICE inline unsigned char pastePixel(const float* mask, const float* box, int side, std::int64_t row,
                                               std::int64_t column, float threshold) {
    if (!pasteTouches(box[0], box[2], column) || !pasteTouches(box[1], box[3], row)) return 0;
    return pasteSample(mask, box, side, row, column) >= threshold ? 1 : 0;
}

}  // namespace vl::cuda
