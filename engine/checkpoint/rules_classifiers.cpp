// SPDX-License-Identifier: Apache-2.0
#include "engine/checkpoint/family_rules.h"

namespace vl {
namespace {

/// What iLLaMA, plain VisionLLaMA and ViT have in common: a patch convolution, blocks, perhaps a table of positions.
bool readColumn(const WeightNames& weights, const char* mlp, SizesFromShapes& sizes) {
    ModelSpec& spec = sizes.spec;
    if (!readPatchConv(weights, "patch_embed.proj.weight", spec)) return false;
    spec.depth = weights.count("blocks.");
    spec.ffnHidden = weights.extent(std::string("blocks.0.") + mlp, 0);
    spec.heads = usualHeads(spec.dim);
    spec.absolutePositions = weights.has("pos_embed");
    const int token = weights.has("cls_token") ? 1 : 0;
    const int side = squareSide(weights.extent("pos_embed", 1) - token);
    if (side > 0) spec.imageSize = side * spec.patchSize;
    sizes.imageSizeSeen = side > 0;
    readClasses(weights, "head.weight", sizes);
    return spec.depth > 0 && spec.ffnHidden > 0;
}

bool isDenoiser(const WeightNames& weights) { return weights.has("x_embedder.proj.weight"); }

}  // namespace

std::optional<SizesFromShapes> readIllama(const WeightNames& weights) {
    SizesFromShapes sizes{familyTemplate("illama")};
    const bool fits = weights.has("blocks.0.mlp.fc3.weight") && weights.has("cls_token") && !isDenoiser(weights) &&
                      readColumn(weights, "mlp.fc1.weight", sizes);
    if (!fits) return std::nullopt;
    sizes.spec.classToken = ClassToken::Last;
    sizes.notes = {"Whether the class token is last or first cannot be seen; last, as published, is assumed.",
                   "The soft-mask rate is not stored; 0 (causal) is taken, as the original does after loading."};
    return sizes;
}

std::optional<SizesFromShapes> readPlain(const WeightNames& weights) {
    SizesFromShapes sizes{familyTemplate("visionllama_plain")};
    const bool fits = weights.has("blocks.0.mlp.c_fc1.weight") && !isDenoiser(weights) &&
                      readColumn(weights, "mlp.c_fc1.weight", sizes);
    if (!fits) return std::nullopt;
    sizes.spec.classToken = weights.has("cls_token") ? ClassToken::First : ClassToken::None;
    sizes.spec.layerScale = weights.anyWith("gamma_1");
    sizes.notes = {"Whether positions scale with the picture (auto_scale) cannot be seen in a checkpoint."};
    if (!sizes.imageSizeSeen) sizes.notes.push_back("The picture size cannot be seen: no tensor depends on it.");
    return sizes;
}

std::optional<SizesFromShapes> readVit(const WeightNames& weights) {
    SizesFromShapes sizes{familyTemplate("vit")};
    const bool fits = weights.has("blocks.0.mlp.fc1.bias") && weights.has("pos_embed") && !isDenoiser(weights) &&
                      !weights.has("blocks.0.mlp.fc3.weight") && readColumn(weights, "mlp.fc1.weight", sizes);
    if (!fits) return std::nullopt;
    sizes.spec.classToken = weights.has("cls_token") ? ClassToken::First : ClassToken::None;
    if (weights.has("dist_token"))
        sizes.notes.push_back("A distilled DeiT: its second token and head are not part of this program's ViT.");
    return sizes;
}

std::optional<SizesFromShapes> readPyramid(const WeightNames& weights) {
    SizesFromShapes sizes{familyTemplate("visionllama_pyramid")};
    if (!weights.has("blocks.0.0.mlp.c_fc1.weight") || !readStages(weights, "", "mlp.c_fc1.weight", sizes.spec))
        return std::nullopt;
    sizes.spec.layerScale = weights.anyWith("gamma_1");
    readClasses(weights, "head.weight", sizes);
    sizes.notes = {"Whether global attention scales positions (auto_scale) cannot be seen in a checkpoint.",
                   "The picture size cannot be seen: no tensor depends on it."};
    return sizes;
}

std::optional<SizesFromShapes> readTwins(const WeightNames& weights) {
    SizesFromShapes sizes{familyTemplate("twins")};
    const bool fits = weights.has("blocks.0.0.mlp.fc1.weight") && weights.has("blocks.0.0.attn.qkv.weight") &&
                      weights.anyWith("pos_block.") && readStages(weights, "", "mlp.fc1.weight", sizes.spec);
    if (!fits) return std::nullopt;
    readClasses(weights, "head.weight", sizes);
    sizes.notes = {"The picture size cannot be seen: no tensor depends on it."};
    return sizes;
}

std::optional<SizesFromShapes> readMasked(const WeightNames& weights) {
    SizesFromShapes sizes{familyTemplate("mae")};
    if (!weights.has("neck.decoder_embed.weight") || !readEncoder(weights, true, sizes)) return std::nullopt;
    MaskedOptions& masked = sizes.spec.masked;
    masked.decoderDim = weights.extent("neck.decoder_embed.weight", 0);
    masked.decoderDepth = weights.count("neck.decoder_blocks.");
    masked.decoderHeads = std::max(masked.decoderDim / 32, 1);
    if (masked.decoderDim == 0 || masked.decoderDepth == 0) return std::nullopt;
    sizes.notes = {"backbone.pos_embed is stored and never used: rotary embedding carries the positions."};
    return sizes;
}

std::optional<SizesFromShapes> readMaskedClassifier(const WeightNames& weights) {
    SizesFromShapes sizes{familyTemplate("mae_cls")};
    const bool other = weights.anyWith("neck.") || weights.anyWith("decode_head.") || weights.anyWith("rpn_head.");
    if (other || !readEncoder(weights, false, sizes)) return std::nullopt;
    sizes.spec.finalNorm = weights.has("backbone.ln1.weight") && weights.has("backbone.ln2.weight");
    readClasses(weights, "head.fc.weight", sizes);
    sizes.notes = {"backbone.pos_embed is stored and never used: rotary embedding carries the positions.",
                   "Read as pooled features: the encoder has no class token."};
    return sizes;
}

}  // namespace vl
