// SPDX-License-Identifier: Apache-2.0
#include "engine/checkpoint/family_rules.h"

namespace vl {
namespace {

/// DiT, SiT and their LLaMA forms (models.md 7.2); the feed-forward tells which of the two kinds it is.
std::optional<SizesFromShapes> readDenoiser(const WeightNames& weights, std::string_view family, const char* mlp,
                                            const char* note) {
    SizesFromShapes sizes{familyTemplate(family)};
    ModelSpec& spec = sizes.spec;
    if (!readPatchConv(weights, "x_embedder.proj.weight", spec)) return std::nullopt;
    spec.depth = weights.count("blocks.");
    spec.ffnHidden = weights.extent(std::string("blocks.0.") + mlp, 0);
    if (spec.depth == 0 || spec.ffnHidden == 0) return std::nullopt;
    spec.heads = usualHeads(spec.dim);
    const int side = squareSide(weights.extent("pos_embed", 1));
    if (side > 0) spec.imageSize = side * spec.patchSize;
    sizes.imageSizeSeen = side > 0;
    readClasses(weights, "y_embedder.embedding_table.weight", sizes, spec.diffusion.classDropout > 0 ? 1 : 0);
    const std::int64_t plain = std::int64_t{spec.patchSize} * spec.patchSize * spec.inChannels;
    spec.diffusion.learnSigma = weights.extent("final_layer.linear.weight", 0) != plain;
    sizes.notes.push_back(note);
    return sizes;
}

constexpr const char* kSecretFlow =
    "DiT and SiT share names and shapes; which of the two it is, the file's arguments or a preset must say.";

}  // namespace

std::optional<SizesFromShapes> readDitLlama(const WeightNames& weights) {
    auto sizes = readDenoiser(weights, "ditllama", "mlp.c_fc1.weight", kSecretFlow);
    if (sizes) sizes->notes.push_back("pos_embed is stored and never used: rotary embedding carries the positions.");
    return sizes;
}

std::optional<SizesFromShapes> readSitLlama(const WeightNames& weights) {
    auto sizes = readDenoiser(weights, "sitllama", "mlp.c_fc1.weight", kSecretFlow);
    if (sizes) sizes->notes.push_back("pos_embed is stored and never used: rotary embedding carries the positions.");
    return sizes;
}

std::optional<SizesFromShapes> readDit(const WeightNames& weights) {
    return readDenoiser(weights, "dit", "mlp.fc1.weight", kSecretFlow);
}

std::optional<SizesFromShapes> readSit(const WeightNames& weights) {
    return readDenoiser(weights, "sit", "mlp.fc1.weight", kSecretFlow);
}

}  // namespace vl
