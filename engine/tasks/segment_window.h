// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include <ATen/core/Tensor.h>

#include "engine/nn/segmenter.h"

namespace vl {

/// Sides in pixels; the published test is 512 and 341 (models.md 8.4).
struct SlidingWindow {
    std::int64_t height = 512, width = 512;
    std::int64_t rowStride = 341, columnStride = 341;
};

/// One window: rows [top, bottom), columns [left, right).
struct PixelBox {
    std::int64_t top = 0, left = 0, bottom = 0, right = 0;
    bool operator==(const PixelBox&) const = default;
};

/// Windows row by row: max(size - crop + stride - 1, 0) / stride + 1 an axis, the last ones shifted back inside; a
/// picture smaller than the window is one window of its own size. Throws Error(Usage) for sides below 1.
std::vector<PixelBox> slidingWindows(std::int64_t rows, std::int64_t columns, const SlidingWindow& window);

/// Mean of the windows' logits at every pixel: images [B, c, H, W] -> [B, classes, H, W]. `done` hears how many windows
/// are finished; returning false stops and throws Error(Cancelled).
at::Tensor segmentBySlidingWindow(Segmenter& model, const at::Tensor& images, const SlidingWindow& window,
                                  const std::function<bool(std::size_t done, std::size_t all)>& done = {});

}  // namespace vl
