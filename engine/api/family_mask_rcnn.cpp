// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <utility>

#include "engine/api/families.h"
#include "engine/api/pyramid_costs.h"
#include "engine/api/pyramid_sizes.h"

namespace vl {
namespace {

constexpr const char* kSource = "VisionLLaMA: A Unified LLaMA Backbone for Vision Tasks, 2024, COCO detection";
constexpr std::int64_t kAnchors = 3, kBoxCells = 7 * 7, kMaskCells = 14 * 14;
/// What testing computes at most (models.md 9.1): the second stage's work depends on the picture.
constexpr std::int64_t kRegions = 1000, kDetections = 100;

bool windowed(const ModelSpec& spec) { return spec.detect.backbone == "windowed"; }

ModelSpec published(const char* name, const char* note) {
    ModelSpec spec;
    spec.name = name;
    spec.family = "mask_rcnn";
    spec.imageSize = 1024;
    spec.numClasses = 80;
    spec.classToken = ClassToken::None;
    spec.absolutePositions = false;
    spec.finalNorm = false;
    spec.alpha = 1;
    spec.citation = kSource;
    spec.note = note;
    return spec;
}

ModelSpec pyramidPreset() {
    ModelSpec spec = published("mask_rcnn_pllama_base", "Mask R-CNN, FPN on the base pyramid; 75.5 M parameters");
    setStages(spec, {{96, 2, 3, 256, 8}, {192, 2, 6, 512, 4}, {384, 18, 12, 1024, 2}, {768, 2, 24, 2048, 1}});
    spec.pyramid.normAfterStage = true;  // Q24
    spec.rope.autoScale = true;          // Q25
    spec.layerScale = true;
    spec.normEps = 1e-5;
    spec.patchSize = 4;
    return spec;
}

/// For the scenes of garments: 128 px, ten classes.
ModelSpec micro() {
    ModelSpec spec = pyramidPreset();
    spec.name = "mask_rcnn_pllama_micro";
    setStages(spec, microStages());
    spec.patchSize = 8;  // strides 8 to 128
    spec.pyramid.window = 4;
    spec.layerScale = false;  // its tiny start costs more steps than a short run has
    spec.imageSize = 128;
    spec.numClasses = 10;
    spec.detect.fpnChannels = 64;
    spec.detect.fcChannels = 256;
    spec.detect.maskChannels = 48;
    spec.citation = "this project; the published detector at a size that trains on two CPU cores in minutes";
    spec.note = "FPN on a small pyramid, trains on two CPU cores";
    return spec;
}

ModelSpec windowedPreset(const char* name, const char* reduction, const char* note) {
    ModelSpec spec = published(name, note);
    spec.dim = 768;
    spec.depth = 12;
    spec.heads = 12;
    spec.ffnHidden = wideSwigluHidden(4 * spec.dim);  // 8192 (Q1)
    spec.absolutePositions = true;                    // stored, never read
    spec.detect.backbone = "windowed";
    spec.detect.window = 14;
    spec.detect.windowBlocks = {0, 1, 3, 4, 6, 7, 9, 10};
    spec.detect.globalReduction = reduction;
    return spec;
}

std::vector<ModelSpec> presets() {
    return {pyramidPreset(),
            windowedPreset("vitdet_vision_llama_base", "", "ViTDet, windows of 14 and four global blocks"),
            windowedPreset("vitdet_vision_llama_base_v1_conv", "conv",
                           "ViTDet; global blocks see keys pooled by a depthwise convolution"),
            windowedPreset("vitdet_vision_llama_base_v1_avg", "average",
                           "ViTDet; global blocks see keys averaged over 4 x 4 tokens"),
            micro()};
}

void checkWindowed(const ModelSpec& spec) {
    const DetectOptions& options = spec.detect;
    requireSpec(spec.headDim() % 4 == 0, spec,
                "head width " + std::to_string(spec.headDim()) + " is not a multiple of 4",
                "Two-dimensional rotary embedding turns groups of four channels.");
    requireSpec(spec.dim % 4 == 0, spec, "width " + std::to_string(spec.dim) + " is not a multiple of 4",
                "The neck halves it twice.");
    requireSpec(options.window >= 1 && options.window <= 1024, spec, "window " + std::to_string(options.window),
                "Give a side from 1 to 1024 tokens; 14 is published.");
    for (const int block : options.windowBlocks) {
        requireSpec(block >= 0 && block < spec.depth, spec, "there is no block " + std::to_string(block),
                    "Window blocks count from 0 to depth - 1.");
    }
    const bool reduces = !options.globalReduction.empty();
    requireSpec(!reduces || options.globalReduction == "conv" || options.globalReduction == "average", spec,
                "global reduction '" + options.globalReduction + "' is unknown", "Give conv, average or nothing.");
    requireSpec(!reduces || spec.grid() % 4 == 0, spec,
                "a grid of " + std::to_string(spec.grid()) + " patches cannot be pooled by 4",
                "Use pictures whose side is a multiple of four patches.");
    requireSpec(spec.grid() % 2 == 0, spec, "the grid of " + std::to_string(spec.grid()) + " patches is odd",
                "The neck halves it; use an even number of patches a side.");
}

void check(const ModelSpec& spec) {
    const DetectOptions& options = spec.detect;
    requireSpec(options.backbone == "pyramid" || windowed(spec), spec, "backbone '" + options.backbone + "' is unknown",
                "Detectors have the pyramid or the windowed backbone.");
    for (const int width : {options.fpnChannels, options.fcChannels, options.maskChannels}) {
        requireSpec(width >= 1 && width <= 1 << 16, spec, "a head is " + std::to_string(width) + " channels wide",
                    "Give a width from 1 to 65536.");
    }
    if (windowed(spec)) {
        checkWindowed(spec);
    } else {
        requireSpec(spec.pyramid.stages.size() == 4, spec,
                    "it has " + std::to_string(spec.pyramid.stages.size()) + " pyramid stages",
                    "Mask R-CNN reads four: strides 4, 8, 16 and 32.");
        checkPyramid(spec);
    }
}

struct Costs {
    std::vector<LayerCost> rows;
    /// A convolution of the layer-normed form: no bias, norm behind it.
    void block(const std::string& name, std::int64_t in, std::int64_t out, std::int64_t kernel, std::int64_t outputs,
               bool layerNormed) {
        rows.push_back(cost::conv(name + ".conv", in, out, kernel, outputs, !layerNormed));
        if (layerNormed) rows.push_back(cost::norm(name + ".norm_layer", out));
    }
};

/// Doubles both sides: every input pixel makes four outputs.
LayerCost upConv(const std::string& name, std::int64_t in, std::int64_t out, std::int64_t inputs) {
    return {name, 4 * in * out + out, 4 * in * out * inputs};
}

LayerCost windowAttention(const std::string& name, const ModelSpec& spec) {
    const std::int64_t d = spec.dim, n = spec.patches(), w = spec.detect.window;
    const std::int64_t windows = (spec.grid() + w - 1) / w, padded = windows * windows * w * w;
    return {name, 4 * d * d + 4 * d, 3 * padded * d * d + n * d * d + 2 * padded * w * w * d};
}

LayerCost reducedAttention(const std::string& name, const ModelSpec& spec) {
    const std::int64_t d = spec.dim, n = spec.patches(), keys = n / 16;
    LayerCost row{name, 4 * d * d + 4 * d, 2 * n * d * d + 2 * keys * d * d + 2 * n * keys * d};
    if (spec.detect.globalReduction == "conv") {
        row.parameters += 16 * d + d + 2 * d;  // depthwise 4 x 4 and its norm
        row.macs += 16 * d * keys;
    }
    return row;
}

void addWindowedBackbone(Costs& costs, const ModelSpec& spec) {
    const std::int64_t d = spec.dim, n = spec.patches();
    costs.rows.push_back({"backbone.pos_embed", n * d, 0});
    costs.rows.push_back(cost::conv("backbone.patch_embed", spec.inChannels, d, spec.patchSize, n));
    const std::vector<int>& local = spec.detect.windowBlocks;
    for (int i = 0; i < spec.depth; ++i) {
        const std::string layer = "backbone.layers." + std::to_string(i);
        const bool whole = std::find(local.begin(), local.end(), i) == local.end();
        costs.rows.push_back(cost::norm(layer + ".ln1", d));
        costs.rows.push_back(!whole                                ? windowAttention(layer + ".attn", spec)
                             : spec.detect.globalReduction.empty() ? cost::attention(layer + ".attn", d, n, n)
                                                                   : reducedAttention(layer + ".attn", spec));
        costs.rows.push_back(cost::norm(layer + ".ln2", d));
        costs.rows.push_back(cost::swiglu(layer + ".ffn", d, spec.ffnHidden, n, true));
    }
}

/// Cells of the first four levels: strides 4, 8, 16, 32.
std::array<std::int64_t, 4> levelCells(const ModelSpec& spec) {
    const std::int64_t side = spec.imageSize;
    return {side / 4 * (side / 4), side / 8 * (side / 8), side / 16 * (side / 16), side / 32 * (side / 32)};
}

void addNeck(Costs& costs, const ModelSpec& spec) {
    const std::int64_t d = spec.dim, n = spec.patches(), width = spec.detect.fpnChannels;
    const auto cells = levelCells(spec);
    std::vector<std::int64_t> channels{d / 4, d / 2, d, d};
    if (windowed(spec)) {
        costs.rows.push_back(upConv("neck.fpn1.0", d, d / 2, n));
        costs.rows.push_back(cost::norm("neck.fpn1.1", d / 2));
        costs.rows.push_back(upConv("neck.fpn1.3", d / 2, d / 4, 4 * n));
        costs.rows.push_back(upConv("neck.fpn2.0", d, d / 2, n));
    } else {
        channels.clear();
        for (const PyramidStage& stage : spec.pyramid.stages)
            channels.push_back(stage.dim);
    }
    for (std::size_t i = 0; i < channels.size(); ++i)
        costs.block("neck.lateral_convs." + std::to_string(i), channels[i], width, 1, cells[i], windowed(spec));
    for (std::size_t i = 0; i < channels.size(); ++i)
        costs.block("neck.fpn_convs." + std::to_string(i), width, width, 3, cells[i], windowed(spec));
}

void addProposals(Costs& costs, const ModelSpec& spec) {
    const std::int64_t width = spec.detect.fpnChannels, coarsest = spec.imageSize / 64;
    std::int64_t cells = coarsest * coarsest;
    for (const std::int64_t level : levelCells(spec))
        cells += level;
    if (windowed(spec)) {
        for (const char* name : {"rpn_head.rpn_conv.0.conv", "rpn_head.rpn_conv.1.conv"})
            costs.rows.push_back(cost::conv(name, width, width, 3, cells));
    } else {
        costs.rows.push_back(cost::conv("rpn_head.rpn_conv", width, width, 3, cells));
    }
    costs.rows.push_back(cost::conv("rpn_head.rpn_cls", width, kAnchors, 1, cells));
    costs.rows.push_back(cost::conv("rpn_head.rpn_reg", width, 4 * kAnchors, 1, cells));
}

void addBoxHead(Costs& costs, const ModelSpec& spec) {
    const std::int64_t width = spec.detect.fpnChannels, fc = spec.detect.fcChannels;
    const std::string head = "roi_head.bbox_head.";
    for (int i = 0; windowed(spec) && i < 4; ++i)
        costs.block(head + "shared_convs." + std::to_string(i), width, width, 3, kRegions * kBoxCells, true);
    costs.rows.push_back(cost::linear(head + "shared_fcs.0", width * kBoxCells, fc, kRegions));
    if (!windowed(spec)) costs.rows.push_back(cost::linear(head + "shared_fcs.1", fc, fc, kRegions));
    costs.rows.push_back(cost::linear(head + "fc_cls", fc, spec.numClasses + 1, kRegions));
    costs.rows.push_back(cost::linear(head + "fc_reg", fc, 4 * spec.numClasses, kRegions));
}

void addMaskHead(Costs& costs, const ModelSpec& spec) {
    const std::int64_t width = spec.detect.maskChannels, cells = kDetections * kMaskCells;
    const std::string head = "roi_head.mask_head.";
    for (int i = 0; i < 4; ++i) {
        costs.block(head + "convs." + std::to_string(i), i == 0 ? spec.detect.fpnChannels : width, width, 3, cells,
                    windowed(spec));
    }
    costs.rows.push_back(upConv(head + "upsample", width, width, cells));
    costs.rows.push_back(cost::conv(head + "conv_logits", width, spec.numClasses, 1, 4 * cells));
}

std::vector<LayerCost> costs(const ModelSpec& spec) {
    Costs table;
    if (windowed(spec)) {
        addWindowedBackbone(table, spec);
    } else {
        const PyramidParts parts{.rotary = true, .normList = spec.pyramid.normAfterStage};
        table.rows = pyramidCosts("backbone.", spec, spec.imageSize, spec.imageSize, parts);
    }
    addNeck(table, spec);
    addProposals(table, spec);
    addBoxHead(table, spec);
    addMaskHead(table, spec);
    return std::move(table.rows);
}

}  // namespace

const Family kMaskRcnnFamily{"mask_rcnn", "Mask R-CNN", ModelTask::Detect, presets, check, costs};

}  // namespace vl
