// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <ATen/core/Tensor.h>

#include "engine/nn/model.h"
#include "engine/nn/parameter_list.h"
#include "engine/nn/swiglu_mlp.h"
#include "engine/ops/rope.h"

namespace vl {

/// What every layer of one forward pass shares.
struct BlockContext {
    const ForwardOptions& options;
    const RopeTable& rope;
    AttentionKind attention = AttentionKind::Fused;
    double alpha = 0;
    double normEps = 1e-6;
};

/// Soft-mask self-attention with one qkv projection (models.md 1.3, 3.3).
class Attention {
public:
    Attention(ParameterList& parameters, const std::string& prefix, int dim, int heads);
    /// x [B, N, D] normalised -> [B, N, D]. A probe forces the explicit form, which is where maps come from.
    at::Tensor forward(const at::Tensor& x, int layer, const BlockContext& context) const;
    /// The row of `token` alone, [B, 1, D]: all keys and values, one query. Always the fused kernel.
    at::Tensor forwardToken(const at::Tensor& x, std::int64_t token, const BlockContext& context) const;
    /// forward() in two steps, for callers that drop rows in between: the heads' outputs [B, N, D], then the projection.
    at::Tensor mix(const at::Tensor& x, int layer, const BlockContext& context) const;
    at::Tensor project(const at::Tensor& mixed) const;

private:
    at::Tensor attend(const at::Tensor& qkv, int layer, const BlockContext& context) const;

    at::Tensor qkvWeight_, qkvBias_, projWeight_, projBias_;
    int heads_;
};

/// Pre-norm block with two residual branches, attention first.
class Block {
public:
    Block(ParameterList& parameters, const std::string& prefix, int layer, const ModelSpec& spec);
    /// x [B, N, D] -> [B, N, D]. `dropPathRate` is this layer's rate; it acts only when options.training.
    at::Tensor forward(const at::Tensor& x, double dropPathRate, const BlockContext& context) const;
    /// The same for one token, [B, 1, D]. For the last block, of which only the class token is read: the other rows'
    /// queries, projections and feed-forward are work nobody sees, and their gradients are zero.
    at::Tensor forwardToken(const at::Tensor& x, std::int64_t token, double dropPathRate,
                            const BlockContext& context) const;

private:
    /// Residual additions and the feed-forward branch, common to both.
    at::Tensor finish(const at::Tensor& x, const at::Tensor& attended, double rate, const BlockContext& context) const;

    int layer_;
    at::Tensor norm1Weight_;
    Attention attention_;
    at::Tensor norm2Weight_;
    SwiGluFeedForward mlp_;
};

}  // namespace vl
