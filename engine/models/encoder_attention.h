// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include <ATen/core/Tensor.h>

#include "engine/nn/layers.h"
#include "engine/nn/model.h"
#include "engine/ops/rope.h"

namespace vl {

/// What the layers of one pass share.
struct EncoderPass {
    const ForwardOptions& options;
    const RopeTable& rope;  ///< of the tokens in this pass: plain, or gathered per sample
    AttentionKind attention = AttentionKind::Fused;
    std::int64_t rows = 0, columns = 0;  ///< the patch grid; the tokens are all of it unless they were selected
};

/// The attention branch of an encoder layer, its norm and residual excluded. Variants that see windows or fewer keys
/// derive from it.
class EncoderAttention {
public:
    virtual ~EncoderAttention() = default;
    /// x [B, N, D] normalised -> [B, N, D]. Tells pass.options.probe its maps.
    virtual at::Tensor forward(const at::Tensor& x, const EncoderPass& pass) const = 0;
    /// On a grid of rows x columns patches without a class token.
    virtual AttentionGeometry geometry(int rows, int columns) const = 0;
};

/// One qkv projection with bias, rotary embedding, proj with bias; every token sees every token.
class SelfAttention : public EncoderAttention {
public:
    SelfAttention(ParameterList& parameters, const std::string& prefix, std::int64_t dim, std::int64_t heads,
                  int layer);
    at::Tensor forward(const at::Tensor& x, const EncoderPass& pass) const override;
    AttentionGeometry geometry(int rows, int columns) const override;

protected:
    Linear qkv_, proj_;
    std::int64_t heads_;
    int layer_;
};

/// Attention over a packed projection qkv [B, N, 3 * D] (q, k, v; head-major) -> [B, N, D]. A plain table takes the
/// fused kernel when `kind` asks for it and no maps are wanted; `softmax`, when given, receives them [B, heads, N, N].
at::Tensor attendPacked(const at::Tensor& qkv, const RopeTable& table, std::int64_t heads, AttentionKind kind,
                        at::Tensor* softmax = nullptr);

}  // namespace vl
