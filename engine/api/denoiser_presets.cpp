// SPDX-License-Identifier: Apache-2.0
#include "engine/api/denoiser_presets.h"

#include <array>
#include <cstdio>
#include <utility>

#include "engine/api/families.h"

namespace vl {
namespace {

struct Size {
    const char* name;
    int dim, depth, heads;
};
constexpr std::array kSizes{Size{"S", 384, 12, 6}, Size{"B", 768, 12, 12}, Size{"L", 1024, 24, 16},
                            Size{"XL", 1152, 28, 16}};
constexpr std::array kPatches{2, 4, 8};

/// FID over 50,000 samples at 256 px (models.md 7.7).
constexpr std::array<std::pair<const char*, const char*>, 7> kPublished{
    {{"DiTLLaMA_B_4", "FID 39.51 after 400k steps"},
     {"DiTLLaMA_L_4", "FID 18.64 after 400k steps"},
     {"DiTLLaMA_XL_4", "FID 18.69 after 400k steps"},
     {"DiTLLaMA_XL_2", "FID 2.42 after 2400k steps"},
     {"DiT-B/4", "FID 68.4 after 400k steps"},
     {"DiT-XL/2", "FID 2.27, with guidance"},
     {"SiT-XL/2", "FID 2.06, with guidance"}}};

std::string noteOf(const ModelSpec& spec) {
    char text[64];
    std::snprintf(text, sizeof text, "%.1f M parameters, %d tokens", static_cast<double>(spec.parameterCount()) * 1e-6,
                  spec.tokens());
    for (const auto& [name, result] : kPublished) {
        if (spec.name == name) return std::string(text) + ", " + result;
    }
    return text;
}

ModelSpec sized(const DenoiserKind& kind, const Size& size, int patch) {
    ModelSpec spec;
    spec.name = kind.prefix + size.name + kind.separator + std::to_string(patch);
    spec.family = kind.family;
    spec.dim = size.dim;
    spec.depth = size.depth;
    spec.heads = size.heads;
    spec.ffnHidden = kind.llama ? swigluHidden(size.dim) : 4 * size.dim;
    spec.patchSize = patch;
    spec.imageSize = 32;
    spec.inChannels = 4;
    spec.classToken = ClassToken::None;
    spec.absolutePositions = !kind.llama;  // the LLaMA forms store the table and never read it (Q26)
    spec.alpha = 1;
    spec.citation = kind.citation;
    spec.note = noteOf(spec);
    return spec;
}

}  // namespace

std::vector<ModelSpec> denoiserPresets(const DenoiserKind& kind) {
    std::vector<ModelSpec> presets;
    for (const Size& size : kSizes) {
        for (const int patch : kPatches)
            presets.push_back(sized(kind, size, patch));
    }
    return presets;
}

ModelSpec microDenoiser(const DenoiserKind& kind, const std::string& name) {
    ModelSpec spec = sized(kind, {"micro", 128, 6, 4}, 4);
    spec.name = name;
    spec.inChannels = 1;
    spec.numClasses = 10;
    spec.diffusion.guidedChannels = 1;
    spec.diffusion.latent = false;
    spec.citation = "this project";
    spec.note = noteOf(spec) + ", grey pixels";
    return spec;
}

bool isLlamaDenoiser(const ModelSpec& spec) { return spec.family == "ditllama" || spec.family == "sitllama"; }

bool isFlowDenoiser(const ModelSpec& spec) { return spec.family == "sitllama" || spec.family == "sit"; }

std::int64_t denoiserHeadChannels(const ModelSpec& spec) {
    return spec.diffusion.learnSigma ? 2 * std::int64_t{spec.inChannels} : spec.inChannels;
}

void checkDenoiser(const ModelSpec& spec) {
    requireSpec(spec.headDim() % 4 == 0, spec,
                "head width " + std::to_string(spec.headDim()) + " is not a multiple of four",
                "The 2-D rotation and the position table split channels by axis and by sine and cosine.");
    requireSpec(spec.classToken == ClassToken::None, spec, "it has a class token",
                "Denoisers get their class through the modulation; choose no class token.");
    requireSpec(spec.alpha == 1, spec, "its soft-mask rate is not 1", "Denoisers have no soft mask.");
    const DiffusionOptions& diffusion = spec.diffusion;
    requireSpec(diffusion.classDropout >= 0 && diffusion.classDropout < 1, spec,
                "class dropout " + std::to_string(diffusion.classDropout) + " is not in [0, 1)",
                "The published value is 0.1.");
    requireSpec(diffusion.guidedChannels >= 1 && diffusion.guidedChannels <= spec.inChannels, spec,
                "guidance acts on " + std::to_string(diffusion.guidedChannels) + " of " +
                    std::to_string(spec.inChannels) + " channels",
                "Give 1 to " + std::to_string(spec.inChannels) + "; the published value is 3.");
}

std::vector<LayerCost> denoiserCosts(const ModelSpec& spec) {
    const std::int64_t d = spec.dim, n = spec.tokens(), p = spec.patchSize, hidden = spec.ffnHidden;
    std::vector<LayerCost> costs;
    costs.push_back(cost::conv("x_embedder", spec.inChannels, d, p, n));
    costs.push_back({"pos_embed", n * d, 0});
    costs.push_back(cost::linear("t_embedder.mlp.0", kTimestepWidth, d, 1));
    costs.push_back(cost::linear("t_embedder.mlp.2", d, d, 1));
    costs.push_back({"y_embedder", (spec.numClasses + std::int64_t{1}) * d, 0});
    for (int i = 0; i < spec.depth; ++i) {
        const std::string block = "blocks." + std::to_string(i);
        costs.push_back(cost::linear(block + ".adaLN_modulation", d, 6 * d, 1));
        costs.push_back(cost::attention(block + ".attn", d, n, n));
        if (isLlamaDenoiser(spec)) {
            costs.push_back(cost::swiglu(block + ".mlp", d, hidden, n));
        } else {
            costs.push_back(cost::linear(block + ".mlp.fc1", d, hidden, n));
            costs.push_back(cost::linear(block + ".mlp.fc2", hidden, d, n));
        }
    }
    costs.push_back(cost::linear("final_layer.adaLN_modulation", d, 2 * d, 1));
    costs.push_back(cost::linear("final_layer.linear", d, p * p * denoiserHeadChannels(spec), n));
    return costs;
}

}  // namespace vl
