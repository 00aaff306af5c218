// SPDX-License-Identifier: Apache-2.0
#include "engine/nn/token_grid.h"

#include <ATen/ops/constant_pad_nd.h>

#include "engine/ops/linear.h"

namespace vl {

at::Tensor toWindows(const at::Tensor& x, const WindowGrid& windows) {
    const std::int64_t batch = x.size(0), dim = x.size(2), side = windows.side;
    const std::int64_t down = windows.down(), across = windows.across();
    at::Tensor padded = x.reshape({batch, windows.grid.rows, windows.grid.cols, dim});
    const std::int64_t below = down * side - windows.grid.rows, right = across * side - windows.grid.cols;
    if (below > 0 || right > 0) padded = at::constant_pad_nd(padded, {0, 0, 0, right, 0, below});
    return padded.view({batch, down, side, across, side, dim})
        .permute({0, 1, 3, 2, 4, 5})
        .reshape({batch * down * across, side * side, dim});
}

at::Tensor fromWindows(const at::Tensor& x, const WindowGrid& windows) {
    const std::int64_t dim = x.size(2), side = windows.side, down = windows.down(), across = windows.across();
    const std::int64_t batch = x.size(0) / (down * across);
    return x.view({batch, down, across, side, side, dim})
        .permute({0, 1, 3, 2, 4, 5})
        .reshape({batch, down * side, across * side, dim})
        .narrow(1, 0, windows.grid.rows)
        .narrow(2, 0, windows.grid.cols)
        .reshape({batch, windows.grid.tokens(), dim});
}

at::Tensor mergeSquares(const at::Tensor& x, const TokenGrid& grid, const at::Tensor& weight, const at::Tensor& bias) {
    const std::int64_t batch = x.size(0), dim = x.size(2), side = weight.size(2);
    const std::int64_t rows = grid.rows / side, cols = grid.cols / side;
    // Channels stay innermost, so that every line of a square is one run of memory; the weight follows that order.
    const at::Tensor squares = x.reshape({batch, rows, side, cols, side, dim})
                                   .permute({0, 1, 3, 2, 4, 5})
                                   .reshape({batch, rows * cols, side * side * dim});
    return vl::linear(squares, weight.permute({0, 2, 3, 1}).flatten(1).contiguous(), bias);
}

at::Tensor tokensToMap(const at::Tensor& x, const TokenGrid& grid) {
    return x.transpose(1, 2).reshape({x.size(0), x.size(2), grid.rows, grid.cols}).contiguous();
}

at::Tensor mapToTokens(const at::Tensor& map) { return map.flatten(2).transpose(1, 2).contiguous(); }

}  // namespace vl
