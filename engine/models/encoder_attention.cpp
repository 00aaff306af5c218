// SPDX-License-Identifier: Apache-2.0
#include "engine/models/encoder_attention.h"

#include "engine/ops/attention.h"
#include "engine/ops/soft_mask_attention.h"

namespace vl {

at::Tensor attendPacked(const at::Tensor& qkv, const RopeTable& table, std::int64_t heads, AttentionKind kind,
                        at::Tensor* softmax) {
    const std::int64_t headDim = qkv.size(2) / 3 / heads;
    const bool fused = kind == AttentionKind::Fused && !softmax;
    // A soft mask of 1 everywhere is no mask; that kernel rotates inside and stores no map.
    if (fused && isPlain(table, headDim)) return softMaskAttention(qkv, table, {heads, 1.0});
    const at::Tensor parts = qkv.unflatten(-1, {3, heads, headDim});
    const at::Tensor q = applyRopeReference(parts.select(2, 0), table);
    const at::Tensor k = applyRopeReference(parts.select(2, 1), table);
    const at::Tensor v = parts.select(2, 2);
    return fused ? attention(q, k, v) : attentionReference(q, k, v, softmax);
}

SelfAttention::SelfAttention(ParameterList& parameters, const std::string& prefix, std::int64_t dim, std::int64_t heads,
                             int layer)
    : qkv_(parameters, prefix + ".qkv", dim, 3 * dim),
      proj_(parameters, prefix + ".proj", dim, dim),
      heads_(heads),
      layer_(layer) {}

at::Tensor SelfAttention::forward(const at::Tensor& x, const EncoderPass& pass) const {
    Probe* probe = pass.options.probe;
    at::Tensor softmax;
    const at::Tensor out = attendPacked(qkv_(x), pass.rope, heads_, pass.attention, probe ? &softmax : nullptr);
    if (probe) probe->attention(layer_, softmax);
    return proj_(out);
}

AttentionGeometry SelfAttention::geometry(int rows, int columns) const {
    AttentionGeometry geometry;
    geometry.queryRows = geometry.keyRows = rows;
    geometry.queryCols = geometry.keyCols = columns;
    geometry.tokens = rows * columns;
    return geometry;
}

}  // namespace vl
