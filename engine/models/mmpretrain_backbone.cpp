// SPDX-License-Identifier: Apache-2.0
#include "engine/models/mmpretrain_backbone.h"

#include <algorithm>

#include <ATen/TensorOperators.h>

#include "engine/core/error.h"
#include "engine/nn/branches.h"
#include "engine/nn/square_input.h"
#include "engine/ops/drop_path.h"

namespace vl {

MmpretrainBackbone::MmpretrainBackbone(ParameterList& parameters, const std::string& prefix, const ModelSpec& spec,
                                       const EncoderParts& parts)
    : spec_(spec) {
    const std::int64_t dim = spec.dim;
    if (parts.classToken) classToken_ = parameters.add(prefix + "cls_token", {1, 1, dim});
    positions_ = parameters.addFrozen(prefix + "pos_embed", {1, spec.patches() + (parts.classToken ? 1 : 0), dim});
    patches_ = std::make_unique<PatchEmbed>(parameters, prefix + "patch_embed.projection", spec.inChannels, dim,
                                            spec.patchSize);
    for (int i = 0; i < spec.depth; ++i) {
        const std::string layer = prefix + "layers." + std::to_string(i);
        LayerNorm norm1(parameters, layer + ".ln1", dim, spec.normEps);
        std::unique_ptr<EncoderAttention> attention =
            parts.attention ? parts.attention(parameters, layer + ".attn", i)
                            : std::make_unique<SelfAttention>(parameters, layer + ".attn", dim, spec.heads, i);
        LayerNorm norm2(parameters, layer + ".ln2", dim, spec.normEps);
        SwiGluFeedForward feedForward(parameters, layer + ".ffn", dim, spec.ffnHidden, SwiGluNaming::Packed);
        layers_.push_back({std::move(norm1), std::move(attention), std::move(norm2), std::move(feedForward)});
    }
    if (parts.finalNorm) finalNorm_ = std::make_unique<LayerNorm>(parameters, prefix + "ln1", dim, spec.normEps);
    if (parts.pooledNorm) pooledNorm_ = std::make_unique<LayerNorm>(parameters, prefix + "ln2", dim, spec.normEps);
    rope_ = ropeTable2d(gridPositions({.count = spec.patches(), .width = spec.grid()}), spec.headDim(), spec.ropeTheta);
}

void MmpretrainBackbone::setDropPath(double rate) {
    dropPath_ = checkedDropPath(rate);
}

AttentionGeometry MmpretrainBackbone::attentionGeometry(int layer) const {
    return layers_.at(static_cast<std::size_t>(layer)).attention->geometry(spec_.grid(), spec_.grid());
}

at::Tensor MmpretrainBackbone::embed(const at::Tensor& images) const {
    checkSquareInput(spec_, images);
    return (*patches_)(images);
}

at::Tensor MmpretrainBackbone::runLayer(int index, const at::Tensor& x, const EncoderPass& pass) const {
    const Layer& layer = layers_[static_cast<std::size_t>(index)];
    const ForwardOptions& options = pass.options;
    const double rate = options.training ? dropPathRate(dropPath_, index, spec_.depth) : 0;
    const at::Tensor attended = layer.attention->forward(layer.norm1(x), pass);
    const at::Tensor middle = x + dropPath(attended, rate, dropPathKey(options, index, 0));
    return middle + layer.feedForward(layer.norm2(middle));  // no stochastic depth on this branch (Q17)
}

at::Tensor MmpretrainBackbone::run(const at::Tensor& tokens, const ForwardOptions& options, const at::Tensor& selected,
                                   const LayerSeen& seen) const {
    const RopeTable gathered = selected.defined() ? gatherRope(rope_, selected) : RopeTable{};
    const EncoderPass pass{options, selected.defined() ? gathered : rope_, attention_, spec_.grid(), spec_.grid()};
    at::Tensor x = tokens;
    for (int i = 0; i < spec_.depth; ++i) {
        x = runLayer(i, x, pass);
        if (options.probe) options.probe->blockOutput(i, x);
        if (i + 1 == spec_.depth && !classToken_.defined()) x = finalNorm(x);
        if (seen) seen(i, x);
    }
    return x;
}

std::vector<at::Tensor> MmpretrainBackbone::featureMaps(const at::Tensor& images, std::span<const int> layers,
                                                        const ForwardOptions& options) const {
    std::vector<at::Tensor> maps(layers.size());
    run(embed(images), options, {}, [&](int layer, const at::Tensor& tokens) {
        for (std::size_t k = 0; k < layers.size(); ++k) {
            if (layers[k] != layer) continue;
            maps[k] = tokens.transpose(1, 2).unflatten(2, {spec_.grid(), spec_.grid()}).contiguous();
        }
    });
    return maps;
}

at::Tensor MmpretrainBackbone::pooledFeatures(const at::Tensor& images, const ForwardOptions& options) const {
    const at::Tensor mean = run(embed(images), options).mean(1);
    return pooledNorm_ ? (*pooledNorm_)(mean) : mean;
}

}  // namespace vl
