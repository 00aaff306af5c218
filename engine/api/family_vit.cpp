// SPDX-License-Identifier: Apache-2.0
#include "engine/api/families.h"

namespace vl {
namespace {

/// DeiT without distillation: class token first, learned positions, GELU MLP of ratio 4, heads 64 wide.
ModelSpec published(const char* name, int dim, const char* note) {
    ModelSpec spec;
    spec.name = name;
    spec.family = "vit";
    spec.dim = dim;
    spec.depth = 12;
    spec.heads = dim / 64;
    spec.ffnHidden = 4 * dim;
    spec.classToken = ClassToken::First;
    spec.alpha = 1;
    spec.citation = "Training data-efficient image transformers & distillation through attention (DeiT), 2021";
    spec.note = note;
    return spec;
}

std::vector<ModelSpec> presets() {
    return {published("deit_tiny_patch16_224", 192, "5.7 M parameters; baseline of iLLaMA-T"),
            published("deit_small_patch16_224", 384, "22.1 M parameters; baseline of iLLaMA-S"),
            published("deit_base_patch16_224", 768, "86.6 M parameters; baseline of iLLaMA-B")};
}

void check(const ModelSpec& spec) {
    requireSpec(spec.headDim() % 2 == 0, spec, "head width " + std::to_string(spec.headDim()) + " is odd",
                "Choose a width and a number of heads with an even quotient.");
    requireSpec(spec.classToken != ClassToken::Last, spec, "its class token is last",
                "ViT puts it first, or averages the patches when there is none.");
    requireSpec(!spec.layerScale, spec, "it has factors on its branches", "Only the VisionLLaMA models have them.");
    requireSpec(spec.absolutePositions, spec, "it has no learned positions",
                "They are all that tells ViT's patches apart.");
}

std::vector<LayerCost> costs(const ModelSpec& spec) {
    const std::int64_t d = spec.dim, n = spec.tokens(), p = spec.patchSize;
    std::vector<LayerCost> costs;
    if (spec.classToken != ClassToken::None) costs.push_back({"cls_token", d, 0});
    costs.push_back({"pos_embed", n * d, 0});
    costs.push_back(cost::conv("patch_embed.proj", spec.inChannels, d, p, spec.patches()));
    for (int i = 0; i < spec.depth; ++i) {
        const std::string block = "blocks." + std::to_string(i);
        costs.push_back(cost::norm(block + ".norm1", d));
        costs.push_back(cost::attention(block + ".attn", d, n, n));
        costs.push_back(cost::norm(block + ".norm2", d));
        costs.push_back(cost::linear(block + ".mlp.fc1", d, spec.ffnHidden, n));
        costs.push_back(cost::linear(block + ".mlp.fc2", spec.ffnHidden, d, n));
    }
    costs.push_back(cost::norm("norm", d));
    costs.push_back(cost::linear("head", d, spec.numClasses, 1));
    return costs;
}

}  // namespace

const Family kVitFamily{"vit", "ViT", ModelTask::Classify, presets, check, costs};

}  // namespace vl
