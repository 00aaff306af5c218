// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>

#include "engine/checkpoint/family_rules.h"

namespace vl {
namespace {

/// "pyramid", `plain` or "illama" by the names under "backbone."; empty: none of them.
std::string backboneKind(const WeightNames& weights, const char* plain) {
    if (weights.has("backbone.patch_embeds.0.proj.weight")) return "pyramid";
    if (weights.has("backbone.layers.0.ffn.w12.weight")) return plain;
    return weights.has("backbone.blocks.0.mlp.fc3.weight") ? "illama" : "";
}

bool readBackbone(const WeightNames& weights, const std::string& kind, SizesFromShapes& sizes) {
    if (kind == "pyramid") {
        sizes.spec.layerScale = weights.anyWith("gamma_1");
        return readStages(weights, "backbone.", "mlp.c_fc1.weight", sizes.spec);
    }
    if (kind != "illama") return readEncoder(weights, false, sizes);
    ModelSpec& spec = sizes.spec;
    if (!readPatchConv(weights, "backbone.patch_embed.proj.weight", spec)) return false;
    spec.depth = weights.count("backbone.blocks.");
    spec.ffnHidden = weights.extent("backbone.blocks.0.mlp.fc1.weight", 0);
    spec.heads = usualHeads(spec.dim);
    const int side = squareSide(weights.extent("backbone.pos_embed", 1) - 1);
    if (side > 0) spec.imageSize = side * spec.patchSize;
    sizes.imageSizeSeen = side > 0;
    return spec.depth > 0 && spec.ffnHidden > 0;
}

/// The published choice: the ends of the four quarters, the first two a layer earlier in small models.
std::vector<int> usualOutLayers(int depth) {
    std::vector<int> layers;
    for (int i = 1; i <= 4; ++i)
        layers.push_back(std::max(i * depth / 4 - 1, 0));
    if (depth == 12) layers = {3, 5, 7, 11};
    return layers;
}

}  // namespace

std::optional<SizesFromShapes> readUperNet(const WeightNames& weights) {
    const auto backbone = backboneKind(weights, "plain");
    SizesFromShapes sizes{familyTemplate("upernet", backbone)};
    if (backbone.empty() || !weights.has("decode_head.conv_seg.weight") || !readBackbone(weights, backbone, sizes))
        return std::nullopt;
    SegmentOptions& segment = sizes.spec.segment;
    segment.backbone = backbone;
    segment.headChannels = weights.extent("decode_head.conv_seg.weight", 1);
    const int auxiliary = weights.extent("auxiliary_head.conv_seg.weight", 1);
    if (auxiliary > 0) segment.auxChannels = auxiliary;
    segment.outLayers = backbone == "pyramid" ? std::vector<int>{} : usualOutLayers(sizes.spec.depth);
    readClasses(weights, "decode_head.conv_seg.weight", sizes);
    if (backbone == "pyramid") {
        sizes.notes = {"Whether global attention scales positions (auto_scale) cannot be seen in a checkpoint."};
    } else {
        sizes.notes = {"Which layers feed the heads cannot be seen; the published choice is assumed."};
    }
    return sizes;
}

std::optional<SizesFromShapes> readMaskRcnn(const WeightNames& weights) {
    const auto backbone = backboneKind(weights, "windowed");
    SizesFromShapes sizes{familyTemplate("mask_rcnn", backbone)};
    if (backbone.empty() || backbone == "illama" || !weights.has("roi_head.bbox_head.fc_cls.weight") ||
        !readBackbone(weights, backbone, sizes))
        return std::nullopt;
    DetectOptions& detect = sizes.spec.detect;
    detect.backbone = backbone;
    detect.fcChannels = weights.extent("roi_head.bbox_head.fc_cls.weight", 1);
    detect.fpnChannels = weights.extent("neck.fpn_convs.0.conv.weight", 0);
    detect.maskChannels = weights.extent("roi_head.mask_head.convs.0.conv.weight", 0);
    readClasses(weights, "roi_head.bbox_head.fc_cls.weight", sizes, 1);
    detect.windowBlocks.clear();
    detect.globalReduction.clear();
    if (backbone == "windowed") {
        for (int i = 0; i < sizes.spec.depth; ++i) {
            const bool pooled = weights.has("backbone.layers." + std::to_string(i) + ".attn.sr.weight");
            if (pooled) detect.globalReduction = "conv";
            // Every third block sees the whole picture in the published models.
            if (!pooled && i % 3 != 2) detect.windowBlocks.push_back(i);
        }
        sizes.notes = {"Which blocks use windows cannot be seen; the published choice is assumed."};
    } else {
        sizes.notes = {"Whether global attention scales positions (auto_scale) cannot be seen in a checkpoint."};
    }
    return sizes;
}

std::optional<SizesFromShapes> readAutoencoder(const WeightNames& weights) {
    SizesFromShapes sizes{familyTemplate("autoencoder_kl")};
    ModelSpec& spec = sizes.spec;
    AutoencoderOptions& options = spec.autoencoder;
    const int levels = weights.count("encoder.down_blocks.");
    if (levels == 0 || levels > 8 || !weights.has("decoder.conv_in.weight")) return std::nullopt;
    options.baseChannels = weights.extent("encoder.conv_in.weight", 0);
    spec.inChannels = weights.extent("encoder.conv_in.weight", 1);
    options.blocksPerLevel = weights.count("encoder.down_blocks.0.resnets.");
    options.latentChannels = weights.extent("decoder.conv_in.weight", 1);
    if (options.baseChannels == 0 || spec.inChannels == 0 || options.blocksPerLevel == 0) return std::nullopt;
    options.multipliers.clear();
    for (int i = 0; i < levels; ++i) {
        const int channels = weights.extent("encoder.down_blocks." + std::to_string(i) + ".resnets.0.conv1.weight", 0);
        if (channels == 0 || channels % options.baseChannels != 0) return std::nullopt;
        options.multipliers.push_back(channels / options.baseChannels);
    }
    spec.dim = spec.ffnHidden = options.baseChannels * options.multipliers.back();
    spec.patchSize = 1 << (levels - 1);
    spec.heads = 1;
    spec.depth = 2;
    sizes.notes = {"The factor between its latents and a denoiser's cannot be seen; " +
                   std::to_string(options.scale).substr(0, 7) + " is assumed."};
    return sizes;
}

}  // namespace vl
