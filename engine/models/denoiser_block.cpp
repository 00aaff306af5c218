// SPDX-License-Identifier: Apache-2.0
#include "engine/models/denoiser_block.h"

#include <utility>

#include <ATen/TensorOperators.h>
#include <ATen/ops/addcmul.h>

#include "engine/api/denoiser_presets.h"

namespace vl {
namespace {

std::string prefixOf(int layer) { return "blocks." + std::to_string(layer); }

Linear modulationOf(ParameterList& parameters, const std::string& prefix, const ModelSpec& spec) {
    return {parameters, prefix + ".adaLN_modulation.1", spec.dim, 6 * std::int64_t{spec.dim}};
}

/// Part `index` of the modulation [B, parts * D], as [B, 1, D].
at::Tensor part(const at::Tensor& modulation, std::int64_t index, std::int64_t dim) {
    return modulation.narrow(1, index * dim, dim).unsqueeze(1);
}

/// norm(x) * (1 + scale) + shift, with shift and scale as parts `first` and `first` + 1.
at::Tensor modulated(const at::Tensor& x, const at::Tensor& modulation, std::int64_t first, double eps) {
    const std::int64_t dim = x.size(2);
    return at::addcmul(part(modulation, first, dim), layerNormWithoutAffine(x, eps),
                       part(modulation, first + 1, dim) + 1);
}

}  // namespace

DenoiserBlock::DenoiserBlock(int layer, Linear modulation, Attention attention, FeedForward feedForward)
    : layer_(layer),
      modulation_(std::move(modulation)),
      attention_(std::move(attention)),
      feedForward_(std::move(feedForward)) {}

DenoiserBlock DenoiserBlock::llama(ParameterList& parameters, int layer, const ModelSpec& spec) {
    const std::string prefix = prefixOf(layer);
    Linear modulation = modulationOf(parameters, prefix, spec);
    Attention attention(parameters, prefix + ".attn", spec.dim, spec.heads);
    SwiGluFeedForward feedForward(parameters, prefix + ".mlp", spec.dim, spec.ffnHidden, SwiGluNaming::CFc);
    return {layer, std::move(modulation), std::move(attention), std::move(feedForward)};
}

DenoiserBlock DenoiserBlock::baseline(ParameterList& parameters, int layer, const ModelSpec& spec) {
    const std::string prefix = prefixOf(layer);
    Attention attention(parameters, prefix + ".attn", spec.dim, spec.heads);
    GeluMlp feedForward(parameters, prefix + ".mlp", spec.dim, spec.ffnHidden, /*tanhForm=*/true, {});
    Linear modulation = modulationOf(parameters, prefix, spec);
    return {layer, std::move(modulation), std::move(attention), std::move(feedForward)};
}

at::Tensor DenoiserBlock::forward(const at::Tensor& x, const at::Tensor& conditions,
                                  const BlockContext& context) const {
    const std::int64_t dim = x.size(2);
    const at::Tensor m = modulation_(conditions);  // shift, scale, gate of attention, then of the feed-forward
    const at::Tensor attended = attention_.forward(modulated(x, m, 0, context.normEps), layer_, context);
    const at::Tensor middle = at::addcmul(x, part(m, 2, dim), attended);
    const at::Tensor fed =
        std::visit([&](const auto& mlp) { return mlp(modulated(middle, m, 3, context.normEps)); }, feedForward_);
    at::Tensor out = at::addcmul(middle, part(m, 5, dim), fed);
    if (context.options.probe) context.options.probe->blockOutput(layer_, out);
    return out;
}

DenoiserHead::DenoiserHead(ParameterList& parameters, const ModelSpec& spec)
    : linear_(parameters, "final_layer.linear", spec.dim,
              std::int64_t{spec.patchSize} * spec.patchSize * denoiserHeadChannels(spec)),
      modulation_(parameters, "final_layer.adaLN_modulation.1", spec.dim, 2 * std::int64_t{spec.dim}) {}

at::Tensor DenoiserHead::forward(const at::Tensor& x, const at::Tensor& conditions, double normEps) const {
    return linear_(modulated(x, modulation_(conditions), 0, normEps));
}

}  // namespace vl
