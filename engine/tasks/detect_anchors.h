// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include <ATen/core/Tensor.h>

#include "engine/tasks/detect_boxes.h"

namespace vl {

/// Anchors of one pyramid level (models.md 9.1): three boxes of scale 8 and ratios h / w of 0.5, 1, 2 round the corner
/// (stride * column, stride * row) of every cell of a rows x columns map, cells row by row, ratios fastest.
/// [rows * columns * 3, 4], float32.
at::Tensor levelAnchors(std::int64_t rows, std::int64_t columns, std::int64_t stride);

/// Those of every level of a pyramid whose finest level has this stride and each further one its double; `maps` are
/// [B, C, h, w].
std::vector<at::Tensor> pyramidAnchors(const std::vector<at::Tensor>& maps, std::int64_t stride = 4);

/// Which anchors of one level stand on cells that `picture` reaches, bool [n]: a batch is padded to one size, and
/// anchors on the padding neither learn nor propose.
at::Tensor anchorsInside(std::int64_t rows, std::int64_t columns, std::int64_t stride, const PictureSize& picture);

}  // namespace vl
