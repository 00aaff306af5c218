// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include <ATen/core/Tensor.h>

#include "engine/api/dense.h"

namespace vl {

/// Numbers on a grid, row by row.
struct GridMap {
    int rows = 0, columns = 0;
    std::vector<float> values;
};

/// Query patches (row * queryCols + column) with a pixel of `region` in them. The picture covers `across` x `down`
/// patches from the top left. Throws Error(Usage) for an empty region, Error(Mismatch) for runs that do not fill it.
std::vector<std::int64_t> patchesUnder(const RunMask& region, const AttentionGeometry& geometry, double across,
                                       double down);

/// Rows of those patches averaged, on the grid of the keys: softmax [B, heads, n, m] of one picture as a Probe hears it.
/// `head` -1: mean over heads. The soft mask of rate `alpha` counts; a class token is left out.
GridMap meanRows(const at::Tensor& softmax, const AttentionGeometry& geometry, const std::vector<std::int64_t>& patches,
                 int head, double alpha);

/// The part of `map` that is picture (its first `down` x `across` cells) on a grid over exactly that. `shares`: values
/// are split by area and then sum to 1; else they are means by area.
GridMap pictureGrid(const GridMap& map, double down, double across, bool shares);

}  // namespace vl
