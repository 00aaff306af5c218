// SPDX-License-Identifier: Apache-2.0
#include "engine/api/families.h"
#include "engine/api/mmpretrain_costs.h"

namespace vl {
namespace {

ModelSpec preset(ModelSpec spec, const char* name, const char* note) {
    spec.name = name;
    spec.family = "mae";
    spec.note = note;
    return spec;
}

std::vector<ModelSpec> presets() {
    return {preset(mmpretrainBase(), "mae_vision_llama_base_patch16",
                   "256 M parameters in the encoder, 26 M in the decoder; 84.3 % published top-1 after fine-tuning"),
            preset(mmpretrainLarge(), "mae_vision_llama_large_patch16",
                   "914 M parameters in the encoder, 26 M in the decoder; 85.5 % published top-1 after fine-tuning")};
}

std::int64_t visiblePatches(const ModelSpec& spec) {
    return static_cast<std::int64_t>(static_cast<double>(spec.patches()) * (1 - spec.masked.maskRatio));
}

void check(const ModelSpec& spec) {
    checkMmpretrainEncoder(spec);
    const MaskedOptions& masked = spec.masked;
    requireSpec(masked.decoderDim >= 1 && masked.decoderDepth >= 1 && masked.decoderHeads >= 1, spec,
                "the decoder's sizes must be positive", "The published decoder is 512 wide, 8 deep, with 16 heads.");
    requireSpec(masked.decoderDim % masked.decoderHeads == 0 && (masked.decoderDim / masked.decoderHeads) % 2 == 0,
                spec,
                "decoder width " + std::to_string(masked.decoderDim) + " does not split into " +
                    std::to_string(masked.decoderHeads) + " heads of an even width",
                "Choose a width that is an even multiple of the number of heads.");
    requireSpec(spec.dim % 4 == 0 && masked.decoderDim % 4 == 0, spec, "a width is no multiple of 4",
                "The fixed position tables give a quarter of the channels to each of four functions.");
    requireSpec(masked.maskRatio >= 0 && masked.maskRatio < 1 && visiblePatches(spec) >= 1, spec,
                "the mask ratio leaves no patch", "The published ratio is 0.75.");
    requireSpec(visiblePatches(spec) < spec.patches(), spec, "the mask ratio removes no patch",
                "The loss is a mean over removed patches; the published ratio is 0.75.");
}

std::vector<LayerCost> costs(const ModelSpec& spec) {
    const std::int64_t d = spec.masked.decoderDim, n = spec.patches() + 1, visible = visiblePatches(spec);
    std::vector<LayerCost> costs =
        mmpretrainCosts("backbone.", spec, {.tokens = visible, .classToken = true, .finalNorm = true});
    costs.push_back({"neck.mask_token", d, 0});
    costs.push_back({"neck.decoder_pos_embed", n * d, 0});
    costs.push_back(cost::linear("neck.decoder_embed", spec.dim, d, visible + 1));
    for (int i = 0; i < spec.masked.decoderDepth; ++i) {
        const std::string block = "neck.decoder_blocks." + std::to_string(i);
        costs.push_back(cost::norm(block + ".ln1", d));
        costs.push_back(cost::attention(block + ".attn", d, n, n));
        costs.push_back(cost::norm(block + ".ln2", d));
        costs.push_back(cost::linear(block + ".ffn.layers.0.0", d, 4 * d, n));
        costs.push_back(cost::linear(block + ".ffn.layers.1", 4 * d, d, n));
    }
    costs.push_back(cost::norm("neck.ln1", d));
    const std::int64_t pixels = std::int64_t{spec.patchSize} * spec.patchSize * spec.inChannels;
    costs.push_back(cost::linear("neck.decoder_pred", d, pixels, n - 1));
    return costs;
}

}  // namespace

const Family kMaskedFamily{"mae", "Masked autoencoder", ModelTask::Pretrain, presets, check, costs};

}  // namespace vl
