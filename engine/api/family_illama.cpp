// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "engine/api/families.h"

namespace vl {
namespace {

constexpr const char* kIllamaPaper =
    "iLLaMA: Adapting LLaMA Architecture to Vision Transformer, 2024, table of configurations";

ModelSpec published(const char* name, int dim, int depth, int heads, int hidden, const char* note) {
    ModelSpec spec;
    spec.name = name;
    spec.dim = dim;
    spec.depth = depth;
    spec.heads = heads;
    spec.ffnHidden = hidden;
    spec.citation = kIllamaPaper;
    spec.note = note;
    return spec;
}

/// Shared by the two 28 x 28 presets: grey pictures padded to 32 x 32, 8 x 8 patches and the class token.
ModelSpec fashionSized(ModelSpec spec) {
    spec.patchSize = 4;
    spec.imageSize = 32;
    spec.inChannels = 1;
    spec.numClasses = 10;
    return spec;
}

std::vector<ModelSpec> illamaPresets() {
    std::vector<ModelSpec> presets;
    ModelSpec micro =
        fashionSized(published("illama_micro", 128, 4, 4, 256,
                               "0.7 M parameters for 32 px grey pictures; FFN width 256 instead of the rule's 512"));
    micro.citation = "this project; same function as iLLaMA at a size that trains on two CPU cores in minutes";
    presets.push_back(std::move(micro));
    presets.push_back(fashionSized(
        published("illama_tiny_fmnist", 192, 12, 3, 512, "the body of illama_tiny on 32 px grey pictures, 65 tokens")));
    presets.push_back(
        published("illama_tiny", 192, 12, 3, 512, "5.7 M parameters, 75.0 % published top-1 on ImageNet-1k"));
    presets.push_back(
        published("illama_small", 384, 12, 6, 1024, "22.0 M parameters, 79.9 % published top-1 on ImageNet-1k"));
    presets.push_back(
        published("illama_base", 768, 12, 12, 2048, "86.5 M parameters, 81.6 % published top-1 on ImageNet-1k"));
    presets.push_back(
        published("illama_large", 1024, 24, 16, 2816, "310 M parameters, 84.8 % published top-1 after ImageNet-21k"));
    return presets;
}

void checkIllama(const ModelSpec& spec) {
    requireSpec(spec.headDim() % 2 == 0, spec, "head width " + std::to_string(spec.headDim()) + " is odd",
                "Rotary embedding turns channel pairs, so width / heads must be even.");
    requireSpec(spec.classToken != ClassToken::None, spec, "there is no class token",
                "iLLaMA reads its answer from one; put it first or last.");
}

std::vector<LayerCost> illamaCosts(const ModelSpec& spec) {
    const std::int64_t d = spec.dim, n = spec.tokens(), p = spec.patchSize;
    std::vector<LayerCost> costs{{"cls_token", d, 0}, {"pos_embed", n * d, 0}};
    costs.push_back(cost::conv("patch_embed", spec.inChannels, d, p, n - 1));
    for (int i = 0; i < spec.depth; ++i) {
        const std::string block = "blocks." + std::to_string(i);
        costs.push_back(cost::norm(block + ".norm1", d, 1));
        costs.push_back(cost::attention(block + ".attn", d, n, n));
        costs.push_back(cost::norm(block + ".norm2", d, 1));
        costs.push_back(cost::swiglu(block + ".mlp", d, spec.ffnHidden, n));
    }
    costs.push_back(cost::norm("norm", d, 1));
    costs.push_back(cost::linear("head", d, spec.numClasses, 1));
    return costs;
}

}  // namespace

const Family kIllamaFamily{"illama", "iLLaMA", ModelTask::Classify, illamaPresets, checkIllama, illamaCosts};

}  // namespace vl
