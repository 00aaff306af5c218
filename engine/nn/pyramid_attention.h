// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include <ATen/core/Tensor.h>

#include "engine/nn/blocks.h"
#include "engine/nn/layers.h"
#include "engine/nn/token_grid.h"

namespace vl {

/// What one stage's attentions turn queries and keys by. `query` and `key` are undefined in pyramids without rotary
/// embedding; `window` is then the identity.
struct StageTables {
    RopeTable window, query, key;
};

/// What the layers of a stage share in one forward pass.
struct StageContext {
    TokenGrid grid;
    const StageTables& tables;
    const ForwardOptions& options;
    AttentionKind attention = AttentionKind::Fused;
};

/// LSA (models.md 5.3): attention inside windows. Normalised tokens are padded with zeros, so that a padded position
/// has the qkv bias as query, key and value; nothing is masked (Q10).
class LocalAttention {
public:
    LocalAttention(ParameterList& parameters, const std::string& prefix, int dim, int heads, int window);
    at::Tensor forward(const at::Tensor& x, int layer, const StageContext& context) const;

private:
    Attention attention_;
    int window_;
};

/// GSA (models.md 5.3): every token asks, keys and values come from squares of `reduction` x `reduction` tokens through
/// a convolution and a LayerNorm. Reduction 1 has neither.
class PooledAttention {
public:
    /// `poolNormEps` is 1e-5 in every published pyramid.
    PooledAttention(ParameterList& parameters, const std::string& prefix, int dim, int heads, int reduction,
                    double poolNormEps = 1e-5);
    at::Tensor forward(const at::Tensor& x, int layer, const StageContext& context) const;

private:
    at::Tensor pooled(const at::Tensor& x, const TokenGrid& grid) const;

    int heads_;
    Linear q_, kv_, proj_;
    std::optional<Conv2d> reduce_;
    std::optional<LayerNorm> norm_;
};

/// Layers of a stage alternate: even ones look into windows, odd ones at the pooled whole.
class StageAttention {
public:
    StageAttention(ParameterList& parameters, const std::string& prefix, const PyramidStage& stage, int window,
                   bool local);
    /// x [B, N, D] normalised -> [B, N, D].
    at::Tensor forward(const at::Tensor& x, int layer, const StageContext& context) const;

private:
    std::optional<LocalAttention> local_;
    std::optional<PooledAttention> pooled_;
};

}  // namespace vl
