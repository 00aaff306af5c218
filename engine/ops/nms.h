// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

namespace vl {

/// Greedy non-maximum suppression: boxes [n, 4] (x1, y1, x2, y2) by falling `scores` [n] (ties: the earlier first),
/// each dropping the later ones of its group it overlaps by more than `threshold` IoU. Areas are (x2 - x1) (y2 - y1),
/// without the +1 of older code. `groups` [n] int64 (classes or levels): boxes of different groups never meet;
/// undefined: one group. Returns the kept indices, int64, by falling score. Runs on the CPU in float32; throws nothing,
/// and a NaN overlap drops nobody.
at::Tensor nms(const at::Tensor& boxes, const at::Tensor& scores, double threshold, const at::Tensor& groups = {});

/// From the full matrix of overlaps.
at::Tensor nmsReference(const at::Tensor& boxes, const at::Tensor& scores, double threshold,
                        const at::Tensor& groups = {});

}  // namespace vl
