// SPDX-License-Identifier: Apache-2.0
#include "engine/api/mmpretrain_costs.h"

namespace vl {
namespace {

constexpr const char* kPaper = "VisionLLaMA: A Unified LLaMA Backbone for Vision Tasks, 2024, masked pre-training";

ModelSpec encoder(int dim, int depth, int heads) {
    ModelSpec spec;
    spec.dim = dim;
    spec.depth = depth;
    spec.heads = heads;
    spec.ffnHidden = wideSwigluHidden(4 * dim);  // widened twice (Q1)
    spec.classToken = ClassToken::None;
    spec.finalNorm = false;
    spec.alpha = 1;
    spec.citation = kPaper;
    return spec;
}

}  // namespace

ModelSpec mmpretrainBase() { return encoder(768, 12, 12); }
ModelSpec mmpretrainLarge() { return encoder(1024, 24, 16); }

void checkMmpretrainEncoder(const ModelSpec& spec) {
    requireSpec(spec.headDim() % 4 == 0, spec, "head width " + std::to_string(spec.headDim()) + " is no multiple of 4",
                "The rotary table turns channels in groups of four, so width / heads must be a multiple of 4.");
    requireSpec(spec.classToken == ClassToken::None, spec, "the encoder cannot take a class token",
                "Its rotary table has one row a patch; set the class token to none.");
}

std::vector<LayerCost> mmpretrainCosts(const std::string& prefix, const ModelSpec& spec, const MmpretrainParts& parts) {
    const std::int64_t d = spec.dim, patches = spec.patches(), n = parts.tokens ? parts.tokens : patches;
    std::vector<LayerCost> costs;
    if (parts.classToken) costs.push_back({prefix + "cls_token", d, 0});
    costs.push_back({prefix + "pos_embed", (patches + (parts.classToken ? 1 : 0)) * d, 0});
    costs.push_back(cost::conv(prefix + "patch_embed", spec.inChannels, d, spec.patchSize, patches));
    for (int i = 0; i < spec.depth; ++i) {
        const std::string layer = prefix + "layers." + std::to_string(i);
        costs.push_back(cost::norm(layer + ".ln1", d));
        costs.push_back(cost::attention(layer + ".attn", d, n, n));
        costs.push_back(cost::norm(layer + ".ln2", d));
        costs.push_back(cost::swiglu(layer + ".ffn", d, spec.ffnHidden, n, /*bias=*/true));
    }
    if (parts.finalNorm) costs.push_back(cost::norm(prefix + "ln1", d));
    if (parts.pooledNorm) costs.push_back(cost::norm(prefix + "ln2", d));
    return costs;
}

}  // namespace vl
