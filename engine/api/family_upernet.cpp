// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "engine/api/families.h"
#include "engine/api/mmpretrain_costs.h"
#include "engine/api/pyramid_costs.h"
#include "engine/api/pyramid_sizes.h"

namespace vl {
namespace {

constexpr int kSide = 512, kAdeClasses = 150;

ModelSpec finished(ModelSpec spec, const char* name, const char* note) {
    spec.name = name;
    spec.family = "upernet";
    spec.imageSize = kSide;
    spec.numClasses = kAdeClasses;
    spec.note = note;
    return spec;
}

/// The classifiers' pyramids with positions scaled to the picture (Q25) and a norm after each stage (Q24).
ModelSpec pyramid(const char* classifier, const char* name, const char* note) {
    const std::vector<ModelSpec> all = kPyramidFamily.presets();
    ModelSpec spec =
        *std::find_if(all.begin(), all.end(), [&](const ModelSpec& one) { return one.name == classifier; });
    spec.rope.autoScale = true;
    spec.finalNorm = false;
    spec.pyramid.normAfterStage = true;
    spec.segment.backbone = "pyramid";
    return finished(std::move(spec), name, note);
}

ModelSpec plain(ModelSpec spec, std::vector<int> outLayers, const char* name, const char* note) {
    spec.segment.backbone = "plain";
    spec.segment.outLayers = std::move(outLayers);
    spec.segment.headChannels = spec.dim;
    return finished(std::move(spec), name, note);
}

ModelSpec illama(const char* classifier, const char* name, const char* note) {
    const std::vector<ModelSpec> all = kIllamaFamily.presets();
    ModelSpec spec =
        *std::find_if(all.begin(), all.end(), [&](const ModelSpec& one) { return one.name == classifier; });
    spec.finalNorm = false;
    spec.segment.backbone = "illama";
    spec.segment.outLayers = {3, 5, 7, 11};
    spec.segment.headChannels = spec.dim;
    spec.citation = "iLLaMA: Adapting LLaMA Architecture to Vision Transformer, 2024, semantic segmentation";
    return finished(std::move(spec), name, note);
}

/// For the scenes of garments: 128 px, background and ten classes.
ModelSpec micro() {
    ModelSpec spec = pyramid("pllama_wols_small_patch16", "upernet_pllama_micro", "");
    setStages(spec, microStages());
    spec.patchSize = 8;
    spec.pyramid.window = 4;
    spec.layerScale = false;  // its tiny start costs more steps than a short run has
    spec.imageSize = 128;
    spec.numClasses = 11;
    spec.segment.headChannels = 64;
    spec.segment.auxChannels = 64;
    spec.citation = "this project; the published segmenter at a size that trains on two CPU cores in minutes";
    spec.note = "pyramid backbone, trains on two CPU cores";
    return spec;
}

std::vector<ModelSpec> presets() {
    return {
        pyramid("pllama_wols_small_patch16", "upernet_pllama_as_small", "pyramid backbone, 55.7 M parameters in all"),
        pyramid("pllama_wols_base_patch16", "upernet_pllama_as_base", "pyramid backbone, 87.7 M parameters in all"),
        pyramid("pllama_wols_large_patch16", "upernet_pllama_as_large", "pyramid backbone, 138 M parameters in all"),
        plain(mmpretrainBase(), {3, 5, 7, 11}, "upernet_vision_llama_base",
              "encoder of masked pre-training, 333 M parameters in all"),
        plain(mmpretrainLarge(), {7, 11, 15, 23}, "upernet_vision_llama_large",
              "encoder of masked pre-training, 1.05 G parameters in all"),
        illama("illama_tiny", "upernet_illama_tiny", "10.9 M parameters in all, 37.7 % published mIoU, several scales"),
        illama("illama_base", "upernet_illama_base", "163 M parameters in all, 45.1 % published mIoU, several scales"),
        micro()};
}

bool isPyramid(const ModelSpec& spec) { return spec.segment.backbone == "pyramid"; }
bool isIllama(const ModelSpec& spec) { return spec.segment.backbone == "illama"; }

void checkOutLayers(const ModelSpec& spec) {
    requireSpec(spec.segment.outLayers.size() == 4, spec, "the heads need four layers of a plain backbone",
                "The published base model reads layers 3, 5, 7 and 11.");
    for (const int layer : spec.segment.outLayers) {
        requireSpec(layer >= 0 && layer < spec.depth, spec, "there is no layer " + std::to_string(layer),
                    "Layers count from 0; the last is " + std::to_string(spec.depth - 1) + ".");
    }
    requireSpec(spec.grid() >= 2, spec, "the patch grid is too small for the neck",
                "Its coarsest map halves the grid, so the picture must be two patches wide at least.");
}

void check(const ModelSpec& spec) {
    const SegmentOptions& heads = spec.segment;
    requireSpec(heads.headChannels >= 1 && heads.auxChannels >= 1, spec, "the heads' widths must be positive",
                "The published heads are 512 and 256 wide on pyramids.");
    if (isPyramid(spec)) {
        checkPyramid(spec);
        requireSpec(spec.pyramid.stages.size() == 4, spec, "the heads need four stages", "Give four stages.");
        return;
    }
    requireSpec(isIllama(spec) || heads.backbone == "plain", spec, "backbone '" + heads.backbone + "' is not known",
                "Choose pyramid, plain or illama.");
    if (isIllama(spec)) {
        kIllamaFamily.check(spec);
    } else {
        checkMmpretrainEncoder(spec);
    }
    checkOutLayers(spec);
}

void append(std::vector<LayerCost>& costs, std::vector<LayerCost> more) {
    costs.insert(costs.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

/// iLLaMA's classifier without norm and head.
std::vector<LayerCost> illamaBody(const ModelSpec& spec) {
    std::vector<LayerCost> costs = kIllamaFamily.costs(spec);
    costs.resize(costs.size() - 2);
    for (LayerCost& layer : costs)
        layer.name = "backbone." + layer.name;
    return costs;
}

std::vector<LayerCost> convBn(const std::string& name, std::int64_t in, std::int64_t out, std::int64_t kernel,
                              std::int64_t pixels) {
    return {cost::conv(name + ".conv", in, out, kernel, pixels, /*bias=*/false), cost::norm(name + ".bn", out)};
}

/// Channels and pixels of the four maps the heads see.
struct Maps {
    std::array<std::int64_t, 4> channels{}, pixels{};
};

Maps mapsOf(const ModelSpec& spec) {
    Maps maps;
    for (std::size_t i = 0; i < 4; ++i) {
        const std::int64_t grid = spec.grid();
        if (isPyramid(spec)) {
            const std::int64_t side = grid >> i;
            maps.channels[i] = spec.pyramid.stages[i].dim;
            maps.pixels[i] = side * side;
        } else {
            const std::int64_t side = i == 0 ? 4 * grid : i == 1 ? 2 * grid : i == 2 ? grid : grid / 2;
            maps.channels[i] = spec.dim;
            maps.pixels[i] = side * side;
        }
    }
    return maps;
}

/// Deconvolutions cost their weights once an input pixel.
std::vector<LayerCost> neckCosts(const ModelSpec& spec) {
    const std::int64_t d = spec.dim, pixels = spec.patches();
    return {cost::conv("neck.upsample_4x.0", d, d, 2, pixels), cost::norm("neck.upsample_4x.1", d),
            cost::conv("neck.upsample_4x.3", d, d, 2, 4 * pixels), cost::conv("neck.upsample_2x.0", d, d, 2, pixels)};
}

std::vector<LayerCost> headCosts(const ModelSpec& spec, const Maps& maps) {
    const std::int64_t c = spec.segment.headChannels;
    const std::string head = "decode_head.";
    std::vector<LayerCost> costs;
    std::int64_t k = 0;
    for (const std::int64_t side : {1, 2, 3, 6})
        append(costs, convBn(head + "psp_modules." + std::to_string(k++) + ".1", maps.channels[3], c, 1, side * side));
    append(costs, convBn(head + "bottleneck", maps.channels[3] + 4 * c, c, 3, maps.pixels[3]));
    for (std::size_t i = 0; i < 3; ++i)
        append(costs, convBn(head + "lateral_convs." + std::to_string(i), maps.channels[i], c, 1, maps.pixels[i]));
    for (std::size_t i = 0; i < 3; ++i)
        append(costs, convBn(head + "fpn_convs." + std::to_string(i), c, c, 3, maps.pixels[i]));
    append(costs, convBn(head + "fpn_bottleneck", 4 * c, c, 3, maps.pixels[0]));
    costs.push_back(cost::conv(head + "conv_seg", c, spec.numClasses, 1, maps.pixels[0]));
    const std::string auxiliary = "auxiliary_head.";
    append(costs, convBn(auxiliary + "convs.0", maps.channels[2], spec.segment.auxChannels, 3, maps.pixels[2]));
    costs.push_back(cost::conv(auxiliary + "conv_seg", spec.segment.auxChannels, spec.numClasses, 1, maps.pixels[2]));
    return costs;
}

std::vector<LayerCost> costs(const ModelSpec& spec) {
    std::vector<LayerCost> costs;
    if (isPyramid(spec)) {
        const PyramidParts parts{.rotary = true, .normList = spec.pyramid.normAfterStage};
        costs = pyramidCosts("backbone.", spec, spec.imageSize, spec.imageSize, parts);
    } else {
        costs = isIllama(spec) ? illamaBody(spec) : mmpretrainCosts("backbone.", spec, {.finalNorm = spec.finalNorm});
        append(costs, neckCosts(spec));
    }
    append(costs, headCosts(spec, mapsOf(spec)));
    return costs;
}

}  // namespace

const Family kUperNetFamily{"upernet", "UPerNet", ModelTask::Segment, presets, check, costs};

}  // namespace vl
