// SPDX-License-Identifier: Apache-2.0
#include "engine/nn/blocks.h"

#include <ATen/TensorOperators.h>

#include "engine/nn/branches.h"
#include "engine/ops/drop_path.h"
#include "engine/ops/linear.h"
#include "engine/ops/rms_norm.h"
#include "engine/ops/soft_mask_attention.h"

namespace vl {

Attention::Attention(ParameterList& parameters, const std::string& prefix, int dim, int heads)
    : qkvWeight_(parameters.add(prefix + ".qkv.weight", {3 * dim, dim})),
      qkvBias_(parameters.add(prefix + ".qkv.bias", {3 * dim})),
      projWeight_(parameters.add(prefix + ".proj.weight", {dim, dim})),
      projBias_(parameters.add(prefix + ".proj.bias", {dim})),
      heads_(heads) {}

at::Tensor Attention::forward(const at::Tensor& x, int layer, const BlockContext& context) const {
    return project(mix(x, layer, context));
}

at::Tensor Attention::mix(const at::Tensor& x, int layer, const BlockContext& context) const {
    return attend(vl::linear(x, qkvWeight_, qkvBias_), layer, context);
}

at::Tensor Attention::project(const at::Tensor& mixed) const { return vl::linear(mixed, projWeight_, projBias_); }

at::Tensor Attention::forwardToken(const at::Tensor& x, std::int64_t token, const BlockContext& context) const {
    const std::int64_t dim = x.size(2);
    const at::Tensor row = x.narrow(1, token, 1).contiguous();
    const at::Tensor q = vl::linear(row, qkvWeight_.narrow(0, 0, dim), qkvBias_.narrow(0, 0, dim));
    const at::Tensor keysValues = vl::linear(x, qkvWeight_.narrow(0, dim, 2 * dim), qkvBias_.narrow(0, dim, 2 * dim));
    const at::Tensor out = softMaskAttentionOneQuery(q, keysValues, context.rope, {heads_, context.alpha}, token);
    return vl::linear(out, projWeight_, projBias_);
}

at::Tensor Attention::attend(const at::Tensor& qkv, int layer, const BlockContext& context) const {
    const SoftMaskOptions options{heads_, context.alpha};
    Probe* probe = context.options.probe;
    if (!probe && context.attention == AttentionKind::Fused) return softMaskAttention(qkv, context.rope, options);
    at::Tensor softmax;
    at::Tensor out = softMaskAttentionReference(qkv, context.rope, options, probe ? &softmax : nullptr);
    if (probe) probe->attention(layer, softmax);
    return out;
}

Block::Block(ParameterList& parameters, const std::string& prefix, int layer, const ModelSpec& spec)
    : layer_(layer),
      norm1Weight_(parameters.add(prefix + ".norm1.weight", {spec.dim})),
      attention_(parameters, prefix + ".attn", spec.dim, spec.heads),
      norm2Weight_(parameters.add(prefix + ".norm2.weight", {spec.dim})),
      mlp_(parameters, prefix + ".mlp", spec.dim, spec.ffnHidden, SwiGluNaming::Fc) {}

at::Tensor Block::forward(const at::Tensor& x, double dropPathRate, const BlockContext& context) const {
    const at::Tensor attended = attention_.forward(rmsNorm(x, norm1Weight_, context.normEps), layer_, context);
    at::Tensor out = finish(x, attended, dropPathRate, context);
    if (context.options.probe) context.options.probe->blockOutput(layer_, out);
    return out;
}

at::Tensor Block::forwardToken(const at::Tensor& x, std::int64_t token, double dropPathRate,
                               const BlockContext& context) const {
    const at::Tensor attended = attention_.forwardToken(rmsNorm(x, norm1Weight_, context.normEps), token, context);
    return finish(x.narrow(1, token, 1).contiguous(), attended, dropPathRate, context);
}

at::Tensor Block::finish(const at::Tensor& x, const at::Tensor& attended, double dropPathRate,
                         const BlockContext& context) const {
    const ForwardOptions& options = context.options;
    const double rate = options.training ? dropPathRate : 0;
    const auto [middle, normed] =
        addRmsNorm(x, dropPath(attended, rate, dropPathKey(options, layer_, 0)), norm2Weight_, context.normEps);
    return middle + dropPath(mlp_(normed), rate, dropPathKey(options, layer_, 1));
}

}  // namespace vl
