// SPDX-License-Identifier: Apache-2.0
#include "engine/checkpoint/family_rules.h"

#include <array>
#include <cmath>

namespace vl {

std::span<const FamilyRule> familyRules() {
    static constexpr std::array rules{FamilyRule{"upernet", "mmseg", readUperNet},
                                      FamilyRule{"mask_rcnn", "mmdet", readMaskRcnn},
                                      FamilyRule{"mae", "mmpretrain", readMasked},
                                      FamilyRule{"mae_cls", "mmpretrain", readMaskedClassifier},
                                      FamilyRule{"illama", "official", readIllama},
                                      FamilyRule{"visionllama_plain", "official", readPlain},
                                      FamilyRule{"visionllama_pyramid", "official", readPyramid},
                                      FamilyRule{"vit", "timm", readVit},
                                      FamilyRule{"twins", "timm", readTwins},
                                      FamilyRule{"ditllama", "official", readDitLlama},
                                      FamilyRule{"sitllama", "official", readSitLlama},
                                      FamilyRule{"dit", "official", readDit},
                                      FamilyRule{"sit", "official", readSit},
                                      FamilyRule{"autoencoder_kl", "diffusers", readAutoencoder}};
    return rules;
}

ModelSpec familyTemplate(std::string_view family, std::string_view backbone) {
    for (const ModelSpec& preset : modelPresets()) {
        if (preset.family != family) continue;
        const auto& own = family == "upernet" ? preset.segment.backbone : preset.detect.backbone;
        if (backbone.empty() || backbone == own) return preset;
    }
    ModelSpec spec;
    spec.family = family;
    return spec;
}

int usualHeads(int dim) {
    if (dim == 1152) return 16;
    if (dim % 64 == 0) return dim / 64;
    return dim % 32 == 0 ? dim / 32 : 1;
}

int squareSide(int patches) {
    const int side = static_cast<int>(std::lround(std::sqrt(static_cast<double>(patches))));
    return patches > 0 && side * side == patches ? side : 0;
}

bool readPatchConv(const WeightNames& weights, std::string_view name, ModelSpec& spec) {
    const int dim = weights.extent(name, 0), channels = weights.extent(name, 1), patch = weights.extent(name, 3);
    if (dim == 0 || channels == 0 || patch == 0 || weights.extent(name, 2) != patch) return false;
    spec.dim = dim;
    spec.inChannels = channels;
    spec.patchSize = patch;
    return true;
}

bool readStages(const WeightNames& weights, const std::string& prefix, const std::string& mlp, ModelSpec& spec) {
    const int stages = weights.count(prefix + "patch_embeds.");
    if (stages == 0 || stages > 16) return false;
    spec.pyramid.stages.clear();
    spec.depth = 0;
    for (int s = 0; s < stages; ++s) {
        const std::string blocks = prefix + "blocks." + std::to_string(s) + ".";
        PyramidStage stage;
        stage.dim = weights.extent(prefix + "patch_embeds." + std::to_string(s) + ".proj.weight", 0);
        stage.depth = weights.count(blocks);
        stage.ffnHidden = weights.extent(blocks + "0." + mlp, 0);
        stage.heads = std::max(stage.dim / 32, 1);
        const int reduction = weights.extent(blocks + "1.attn.sr.weight", 2);
        stage.reduction = reduction > 0 ? reduction : 1;
        if (stage.dim == 0 || stage.depth == 0 || stage.ffnHidden == 0) return false;
        spec.pyramid.stages.push_back(stage);
        spec.depth += stage.depth;
    }
    const PyramidStage& last = spec.pyramid.stages.back();
    spec.dim = last.dim;
    spec.heads = last.heads;
    spec.ffnHidden = last.ffnHidden;
    const std::string first = prefix + "patch_embeds.0.proj.weight";
    spec.inChannels = weights.extent(first, 1);
    spec.patchSize = weights.extent(first, 2);
    spec.pyramid.normAfterStage = weights.has(prefix + "norm_list.0.weight");
    spec.classToken = ClassToken::None;
    return spec.inChannels > 0 && spec.patchSize > 0;
}

bool readEncoder(const WeightNames& weights, bool classRow, SizesFromShapes& sizes) {
    ModelSpec& spec = sizes.spec;
    if (!readPatchConv(weights, "backbone.patch_embed.projection.weight", spec)) return false;
    spec.depth = weights.count("backbone.layers.");
    // Whatever the rule says: published weights are wider than it intends (Q1).
    spec.ffnHidden = weights.extent("backbone.layers.0.ffn.w12.weight", 0) / 2;
    spec.heads = usualHeads(spec.dim);
    const int rows = weights.extent("backbone.pos_embed", 1);
    // Weights of masked pre-training keep a row for the class token, whichever model they are loaded into.
    const int side =
        squareSide(rows - 1) > 0 && (classRow || squareSide(rows) == 0) ? squareSide(rows - 1) : squareSide(rows);
    if (side > 0) spec.imageSize = side * spec.patchSize;
    sizes.imageSizeSeen = side > 0;
    return spec.depth > 0 && spec.ffnHidden > 0;
}

void readClasses(const WeightNames& weights, std::string_view name, SizesFromShapes& sizes, int extra) {
    const int rows = weights.extent(name, 0) - extra;
    if (rows < 1) return;
    sizes.spec.numClasses = rows;
    sizes.classesSeen = true;
}

}  // namespace vl
