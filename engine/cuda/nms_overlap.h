// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cuda/host_device.h"

namespace vl::cuda {

/// Boxes a tile of the suppression: one bit each in a 64-bit word.
constexpr int kNmsTile = 64;

/// Whether box a [4] (x1, y1, x2, y2) drops box b: intersection over union above `threshold`. A NaN overlap (a NaN
/// coordinate, or two boxes without area) drops nobody.
VL_HOST_DEVICE inline bool nmsOverlaps(const float* a, const float* b, float threshold) {
    const float right = a[2] < b[2] ? a[2] : b[2], left = a[0] > b[0] ? a[0] : b[0];
    const float bottom = a[3] < b[3] ? a[3] : b[3], top = a[1] > b[1] ? a[1] : b[1];
    const float width = right - left > 0.0F ? right - left : 0.0F;
    const float height = bottom - top > 0.0F ? bottom - top : 0.0F;
    const float shared = width * height;
    const float areaA = (a[2] - a[0]) * (a[3] - a[1]), areaB = (b[2] - b[0]) * (b[3] - b[1]);
    return shared / (areaA + areaB - shared) > threshold;
}

/// The greedy pass inside one tile: `alive` has a bit for every box that may still stand, drops[i] the bits of the
/// later boxes that box i drops while it stands.
VL_HOST_DEVICE inline unsigned long long nmsResolve(unsigned long long alive, const unsigned long long* drops) {
    for (int i = 0; i < kNmsTile; ++i) {
        if (alive >> i & 1ULL) alive &= ~drops[i];
    }
    return alive;
}

}  // namespace vl::cuda
