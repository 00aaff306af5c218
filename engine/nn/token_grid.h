// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <ATen/core/Tensor.h>

namespace vl {

/// Tokens lie row by row on a grid of this size.
struct TokenGrid {
    std::int64_t rows = 0, cols = 0;
    std::int64_t tokens() const { return rows * cols; }
    bool operator==(const TokenGrid&) const = default;
};

/// Windows of side `side` that cover a grid; the last ones may reach past its right and lower edge.
struct WindowGrid {
    TokenGrid grid;
    std::int64_t side = 1;
    std::int64_t down() const { return (grid.rows + side - 1) / side; }
    std::int64_t across() const { return (grid.cols + side - 1) / side; }
};

/// x [B, rows * cols, C] -> [B * down * across, side * side, C], windows row by row, zeros past the edges.
at::Tensor toWindows(const at::Tensor& x, const WindowGrid& windows);
/// The way back, without what lay past the edges: [B, rows * cols, C].
at::Tensor fromWindows(const at::Tensor& x, const WindowGrid& windows);

/// The convolution with kernel = stride = P over tokens on a grid, as one matrix product: x [B, rows * cols, C], weight
/// [D, C, P, P], bias [D] -> [B, rows / P * cols / P, D].
at::Tensor mergeSquares(const at::Tensor& x, const TokenGrid& grid, const at::Tensor& weight, const at::Tensor& bias);

/// [B, rows * cols, C] -> [B, C, rows, cols], contiguous, and back.
at::Tensor tokensToMap(const at::Tensor& x, const TokenGrid& grid);
at::Tensor mapToTokens(const at::Tensor& map);

}  // namespace vl
