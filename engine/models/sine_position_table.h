// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <ATen/core/Tensor.h>

namespace vl {

/// mmpretrain's fixed 2-D table [1, grid * grid (+ 1), dim], float32: the first half of the channels encodes the row
/// and the second half the column, each as sines then cosines (models.md 1.7; the other way round than MAE's own,
/// Q21). With `classToken` a leading row of zeros. dim must be a multiple of 4.
at::Tensor sinePositionTable(std::int64_t grid, std::int64_t dim, bool classToken);

}  // namespace vl
