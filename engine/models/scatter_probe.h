// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include <ATen/core/Tensor.h>

#include "engine/nn/model.h"

namespace vl {

/// Tells another probe about a pass over selected tokens as if it had run on the whole grid: tokens that took no part
/// are zeros, in maps [B, heads, L, L] and in block outputs [B, L, C].
class ScatterProbe final : public Probe {
public:
    /// `selected` [B, V]: grid index of each token.
    ScatterProbe(Probe* target, at::Tensor selected, std::int64_t gridTokens);
    void attention(int layer, const at::Tensor& softmax) override;
    void blockOutput(int layer, const at::Tensor& tokens) override;
    void output(std::string_view name, const at::Tensor& value) override { target_->output(name, value); }

private:
    Probe* target_;
    at::Tensor selected_;
    std::int64_t gridTokens_;
};

}  // namespace vl
