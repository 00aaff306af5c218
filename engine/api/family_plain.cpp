// SPDX-License-Identifier: Apache-2.0
#include "engine/api/families.h"

namespace vl {
namespace {

/// models.md 4.1: class token first, no learned positions, LayerNorm and LayerScale.
ModelSpec published(const char* name, int dim, int depth, const char* note) {
    ModelSpec spec;
    spec.name = name;
    spec.family = "visionllama_plain";
    spec.dim = dim;
    spec.depth = depth;
    spec.heads = dim / 64;
    spec.ffnHidden = swigluHidden(dim);
    spec.classToken = ClassToken::First;
    spec.absolutePositions = false;
    spec.layerScale = true;
    spec.alpha = 1;
    spec.citation = "VisionLLaMA: A Unified LLaMA Backbone for Vision Tasks, 2024, plain models";
    spec.note = note;
    return spec;
}

std::vector<ModelSpec> presets() {
    std::vector<ModelSpec> presets{
        published("vit_llama_rope_small_patch16", 384, 12, "22.0 M parameters; published recipe: 800 epochs at 224 px"),
        published("vit_llama_rope_base_patch16", 768, 12, "86.4 M parameters; published recipe: 800 epochs at 192 px"),
        published("vit_llama_rope_large_patch16", 1024, 24, "310 M parameters; published recipe: 800 epochs at 128 px"),
        published("vit_llama_rope_large_as_patch16", 1024, 24,
                  "the large model with positions scaled to the picture (AS2DRoPE)")};
    presets.back().rope.autoScale = true;
    return presets;
}

void check(const ModelSpec& spec) {
    requireSpec(spec.headDim() % 4 == 0, spec,
                "head width " + std::to_string(spec.headDim()) + " is not a multiple of 4",
                "Two-dimensional rotary embedding turns groups of four channels.");
    requireSpec(spec.classToken != ClassToken::Last, spec, "its class token is last",
                "Plain VisionLLaMA puts it first, or has none.");
    // The published blocks cannot run with another share (Q38).
    requireSpec(spec.rope.ratio == 1, spec, "it turns " + std::to_string(spec.rope.ratio) + " of a head's channels",
                "Plain VisionLLaMA turns all of them; leave the share at 1.");
}

std::vector<LayerCost> costs(const ModelSpec& spec) {
    const std::int64_t d = spec.dim, n = spec.tokens(), p = spec.patchSize;
    const bool token = spec.classToken != ClassToken::None;
    std::vector<LayerCost> costs;
    if (token) costs.push_back({"cls_token", d, 0});
    if (spec.absolutePositions) costs.push_back({"pos_embed", (std::int64_t{spec.patches()} + 1) * d, 0});
    costs.push_back(cost::conv("patch_embed.proj", spec.inChannels, d, p, spec.patches()));
    for (int i = 0; i < spec.depth; ++i) {
        const std::string block = "blocks." + std::to_string(i);
        if (spec.layerScale) costs.push_back({block + ".gamma", 2 * d, 0});
        costs.push_back(cost::norm(block + ".norm1", d));
        costs.push_back(cost::attention(block + ".attn", d, n, n));
        costs.push_back(cost::norm(block + ".norm2", d));
        costs.push_back(cost::swiglu(block + ".mlp", d, spec.ffnHidden, n));
    }
    costs.push_back(cost::norm("norm", d));
    costs.push_back(cost::linear("head", d, spec.numClasses, 1));
    return costs;
}

}  // namespace

const Family kPlainFamily{"visionllama_plain", "VisionLLaMA", ModelTask::Classify, presets, check, costs};

}  // namespace vl
