// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <variant>

#include <ATen/core/Tensor.h>

#include "engine/nn/blocks.h"
#include "engine/nn/layers.h"
#include "engine/nn/swiglu_mlp.h"

namespace vl {

/// Two residual branches behind norms without weights; shift, scale and gate of each come from the conditions
/// (models.md 7.3).
class DenoiserBlock {
public:
    /// Modulation, attention, then a SwiGLU (c_fc1, c_fc2, c_proj): the order of the published state dicts.
    static DenoiserBlock llama(ParameterList& parameters, int layer, const ModelSpec& spec);
    /// Attention, GELU MLP (tanh form), then modulation.
    static DenoiserBlock baseline(ParameterList& parameters, int layer, const ModelSpec& spec);

    /// x [B, N, D]; conditions [B, D] are silu(t + y), which all blocks share -> [B, N, D].
    at::Tensor forward(const at::Tensor& x, const at::Tensor& conditions, const BlockContext& context) const;

private:
    using FeedForward = std::variant<SwiGluFeedForward, GeluMlp>;
    DenoiserBlock(int layer, Linear modulation, Attention attention, FeedForward feedForward);

    int layer_;
    Linear modulation_;
    Attention attention_;
    FeedForward feedForward_;
};

/// Norm, modulation and the map to patches. Tensors final_layer.{linear, adaLN_modulation.1}, in this order.
class DenoiserHead {
public:
    DenoiserHead(ParameterList& parameters, const ModelSpec& spec);
    /// x [B, N, D], conditions [B, D] -> [B, N, P * P * head channels]
    at::Tensor forward(const at::Tensor& x, const at::Tensor& conditions, double normEps) const;

private:
    Linear linear_, modulation_;
};

}  // namespace vl
