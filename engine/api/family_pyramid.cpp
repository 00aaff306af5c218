// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "engine/api/pyramid_costs.h"
#include "engine/api/pyramid_sizes.h"

namespace vl {
namespace {

struct Sizes {
    const char* name;
    int width;  ///< of the first stage; each further one doubles it
    std::array<int, 4> depths;
    bool autoScale;
    const char* note;
};

/// models.md 5.1. Widths of feed-forwards follow the SwiGLU rule, heads are 32 wide.
ModelSpec published(const Sizes& sizes) {
    constexpr std::array reductions{8, 4, 2, 1};
    ModelSpec spec;
    spec.name = sizes.name;
    spec.family = "visionllama_pyramid";
    std::vector<PyramidStage> stages;
    for (std::size_t s = 0; s < reductions.size(); ++s) {
        const int dim = sizes.width << s;
        stages.push_back({dim, sizes.depths[s], dim / 32, swigluHidden(dim), reductions[s]});
    }
    setStages(spec, std::move(stages));
    spec.patchSize = 4;
    spec.normEps = 1e-5;  // unlike the plain models' (Q13)
    spec.classToken = ClassToken::None;
    spec.absolutePositions = false;
    spec.layerScale = true;  // though the presets are called "wols" (Q15)
    spec.alpha = 1;
    spec.rope.autoScale = sizes.autoScale;
    spec.citation =
        "VisionLLaMA: A Unified LLaMA Backbone for Vision Tasks, 2024, pyramid models; 300 epochs of ImageNet-1k";
    spec.note = sizes.note;
    return spec;
}

/// For single garments of 64 px; the small segmenter and detector start from it.
ModelSpec micro() {
    ModelSpec spec = published({"pllama_micro", 32, {1, 1, 1, 1}, true, "trains on two CPU cores"});
    setStages(spec, microStages());
    spec.patchSize = 8;
    spec.pyramid.window = 4;
    spec.layerScale = false;  // its tiny start costs more steps than a short run has
    spec.imageSize = 64;
    spec.numClasses = 10;
    spec.citation = "this project; the published pyramid at a size that trains on two CPU cores in minutes";
    return spec;
}

std::vector<ModelSpec> presets() {
    return {published({"pllama_wols_small_patch16",
                       64,
                       {2, 2, 10, 4},
                       false,
                       "25.9 M parameters, 81.6 % published top-1 on ImageNet-1k"}),
            published({"pllama_wols_base_patch16",
                       96,
                       {2, 2, 18, 2},
                       false,
                       "56.0 M parameters, 83.2 % published top-1 on ImageNet-1k"}),
            published({"pllama_wols_large_patch16",
                       128,
                       {2, 2, 18, 2},
                       false,
                       "104.7 M parameters, 83.6 % published top-1 on ImageNet-1k"}),
            published({"pllama_wols_large_as_patch16",
                       128,
                       {2, 2, 18, 2},
                       true,
                       "the large pyramid with positions scaled to the picture; no published accuracy"}),
            micro()};
}

void check(const ModelSpec& spec) {
    checkPyramid(spec);
    const PyramidStage& last = spec.pyramid.stages.back();
    requireSpec(spec.dim == last.dim, spec,
                "its width is " + std::to_string(spec.dim) + " but its last stage's " + std::to_string(last.dim),
                "Give both the same value.");
    requireSpec(spec.classToken == ClassToken::None && !spec.absolutePositions, spec,
                "a pyramid has neither class token nor learned positions", "Switch both off.");
    requireSpec(spec.rope.ratio > 0 && spec.rope.ratio <= 1, spec,
                "the share of turned channels is " + std::to_string(spec.rope.ratio), "Give a value above 0, up to 1.");
    requireSpec(spec.rope.ntk >= 0 && spec.rope.ntk <= 1e6, spec, "the NTK factor is " + std::to_string(spec.rope.ntk),
                "0 switches it off; published values are below 10.");
    requireSpec(spec.rope.sharedOverHeads || spec.rope.ratio == 1, spec,
                "heads with frequencies of their own cannot turn only a share of their channels",
                "Share the table over heads, or turn all channels.");
    for (const PyramidStage& stage : spec.pyramid.stages) {
        const int turned = static_cast<int>(spec.rope.ratio * (stage.dim / stage.heads));
        requireSpec(turned > 0 && turned % 4 == 0, spec,
                    "a head turns " + std::to_string(turned) + " channels, which is not a multiple of 4",
                    "Two-dimensional rotary embedding turns groups of four channels.");
    }
}

std::vector<LayerCost> costs(const ModelSpec& spec) {
    std::vector<LayerCost> costs = pyramidCosts("", spec, spec.imageSize, spec.imageSize,
                                                {.rotary = true, .normList = spec.pyramid.normAfterStage});
    costs.push_back(cost::norm("norm", spec.dim));
    costs.push_back(cost::linear("head", spec.dim, spec.numClasses, 1));
    return costs;
}

}  // namespace

const Family kPyramidFamily{"visionllama_pyramid", "Pyramid VisionLLaMA", ModelTask::Classify, presets, check, costs};

}  // namespace vl
