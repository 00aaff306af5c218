// SPDX-License-Identifier: Apache-2.0
#include "engine/models/scatter_probe.h"

#include <utility>

#include <ATen/ops/zeros.h>

namespace vl {

ScatterProbe::ScatterProbe(Probe* target, at::Tensor selected, std::int64_t gridTokens)
    : target_(target), selected_(std::move(selected)), gridTokens_(gridTokens) {}

void ScatterProbe::attention(int layer, const at::Tensor& softmax) {
    const std::int64_t batch = softmax.size(0), heads = softmax.size(1), visible = softmax.size(2);
    const at::Tensor columns = selected_.view({batch, 1, 1, visible}).expand({batch, heads, visible, visible});
    const at::Tensor rows = selected_.view({batch, 1, visible, 1}).expand({batch, heads, visible, gridTokens_});
    const auto options = softmax.options().requires_grad(false);
    const at::Tensor wide = at::zeros({batch, heads, visible, gridTokens_}, options).scatter(3, columns, softmax);
    target_->attention(layer, at::zeros({batch, heads, gridTokens_, gridTokens_}, options).scatter(2, rows, wide));
}

void ScatterProbe::blockOutput(int layer, const at::Tensor& tokens) {
    const at::Tensor rows = selected_.unsqueeze(-1).expand(tokens.sizes());
    const at::Tensor grid =
        at::zeros({tokens.size(0), gridTokens_, tokens.size(2)}, tokens.options().requires_grad(false));
    target_->blockOutput(layer, grid.scatter(1, rows, tokens));
}

}  // namespace vl
