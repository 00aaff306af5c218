// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <ATen/core/Tensor.h>

#include "engine/tasks/detect_boxes.h"

namespace vl {

/// What the mask head is to learn: bitmap `objects[i]` of `masks` [m, H, W] (0 or 1, any type) inside box i of `boxes`
/// [n, 4], held to the bitmap and resampled to side x side by RoIAlign, then cut at one half. [n, side, side], 0 or 1.
at::Tensor maskTargets(const at::Tensor& masks, const at::Tensor& objects, const at::Tensor& boxes, std::int64_t side);

/// One mask of probabilities [side, side] laid over its box [4] on a canvas of that size by bilinear sampling
/// (align_corners false, zero outside), then cut: bool [height, width].
at::Tensor pasteMask(const at::Tensor& probabilities, const at::Tensor& box, std::int64_t height, std::int64_t width,
                     double threshold = 0.5);

}  // namespace vl
