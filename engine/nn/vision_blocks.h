// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <ATen/core/Tensor.h>

#include "engine/nn/blocks.h"
#include "engine/nn/branches.h"
#include "engine/nn/layers.h"
#include "engine/nn/swiglu_mlp.h"

namespace vl {

/// Block of plain VisionLLaMA (models.md 4.2): LayerNorm, SwiGLU, factors on both branches when the spec has them.
/// Members are in state-dict order.
class VisionLlamaBlock {
public:
    VisionLlamaBlock(ParameterList& parameters, const std::string& prefix, int layer, const ModelSpec& spec);
    /// x [B, N, D] -> [B, N, D]. `dropPathRate` is this layer's rate; it acts only when options.training.
    at::Tensor forward(const at::Tensor& x, double dropPathRate, const BlockContext& context) const;
    /// The row of `token` alone, [B, 1, D], for a last block of which nothing else is read.
    at::Tensor forwardToken(const at::Tensor& x, std::int64_t token, double dropPathRate,
                            const BlockContext& context) const;

private:
    at::Tensor finish(const at::Tensor& x, const at::Tensor& attended, double rate, const BlockContext& context) const;

    int layer_;
    LayerScales scales_;
    LayerNorm norm1_, norm2_;
    Attention attention_;
    SwiGluFeedForward mlp_;
};

/// Block of the ViT baseline: LayerNorm, GELU MLP with biases.
class VitBlock {
public:
    VitBlock(ParameterList& parameters, const std::string& prefix, int layer, const ModelSpec& spec);
    at::Tensor forward(const at::Tensor& x, double dropPathRate, const BlockContext& context) const;
    at::Tensor forwardToken(const at::Tensor& x, std::int64_t token, double dropPathRate,
                            const BlockContext& context) const;

private:
    at::Tensor finish(const at::Tensor& x, const at::Tensor& attended, double rate, const BlockContext& context) const;

    int layer_;
    LayerNorm norm1_;
    Attention attention_;
    LayerNorm norm2_;
    GeluMlp mlp_;
};

}  // namespace vl
