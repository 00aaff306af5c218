// SPDX-License-Identifier: Apache-2.0
#include "engine/nn/pyramid_attention.h"

#include "engine/ops/attention.h"

namespace vl {

LocalAttention::LocalAttention(ParameterList& parameters, const std::string& prefix, int dim, int heads, int window)
    : attention_(parameters, prefix, dim, heads), window_(window) {}

at::Tensor LocalAttention::forward(const at::Tensor& x, int layer, const StageContext& context) const {
    const WindowGrid windows{context.grid, window_};
    const BlockContext inside{context.options, context.tables.window, context.attention, /*alpha=*/1, 0};
    const at::Tensor mixed = attention_.mix(toWindows(x, windows), layer, inside);
    return attention_.project(fromWindows(mixed, windows));
}

PooledAttention::PooledAttention(ParameterList& parameters, const std::string& prefix, int dim, int heads,
                                 int reduction, double poolNormEps)
    : heads_(heads),
      q_(parameters, prefix + ".q", dim, dim),
      kv_(parameters, prefix + ".kv", dim, 2 * dim),
      proj_(parameters, prefix + ".proj", dim, dim) {
    if (reduction == 1) return;
    reduce_.emplace(parameters, prefix + ".sr", dim, dim, ConvOptions{.kernel = reduction, .stride = reduction});
    norm_.emplace(parameters, prefix + ".norm", dim, poolNormEps);
}

at::Tensor PooledAttention::pooled(const at::Tensor& x, const TokenGrid& grid) const {
    return reduce_ ? (*norm_)(mergeSquares(x, grid, reduce_->weight, reduce_->bias)) : x;
}

at::Tensor PooledAttention::forward(const at::Tensor& x, int layer, const StageContext& context) const {
    const at::Tensor keysValues = kv_(pooled(x, context.grid)).unflatten(-1, {2, heads_, -1});
    const auto turned = [](const at::Tensor& part, const RopeTable& table) {
        return table.cosine.defined() ? applyRopeReference(part, table) : part;
    };
    const at::Tensor q = turned(q_(x).unflatten(-1, {heads_, -1}), context.tables.query);
    const at::Tensor k = turned(keysValues.select(2, 0), context.tables.key), v = keysValues.select(2, 1);
    Probe* probe = context.options.probe;
    if (!probe && context.attention == AttentionKind::Fused) return proj_(attention(q, k, v));
    at::Tensor softmax;
    const at::Tensor mixed = attentionReference(q, k, v, probe ? &softmax : nullptr);
    if (probe) probe->attention(layer, softmax);
    return proj_(mixed);
}

StageAttention::StageAttention(ParameterList& parameters, const std::string& prefix, const PyramidStage& stage,
                               int window, bool local) {
    if (local) {
        local_.emplace(parameters, prefix, stage.dim, stage.heads, window);
    } else {
        pooled_.emplace(parameters, prefix, stage.dim, stage.heads, stage.reduction);
    }
}

at::Tensor StageAttention::forward(const at::Tensor& x, int layer, const StageContext& context) const {
    return local_ ? local_->forward(x, layer, context) : pooled_->forward(x, layer, context);
}

}  // namespace vl
