// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "engine/api/pyramid_costs.h"

namespace vl {
namespace {

/// Twins-SVT: Spatially separable attention, widths doubling from stage to stage, GELU MLPs of ratio 4, heads 32 wide.
ModelSpec published(const char* name, int width, const std::array<int, 4>& depths, const char* note) {
    constexpr std::array reductions{8, 4, 2, 1};
    ModelSpec spec;
    spec.name = name;
    spec.family = "twins";
    spec.depth = 0;
    for (std::size_t s = 0; s < reductions.size(); ++s) {
        const int dim = width << s;
        spec.pyramid.stages.push_back({dim, depths[s], dim / 32, 4 * dim, reductions[s]});
        spec.depth += depths[s];
    }
    const PyramidStage& last = spec.pyramid.stages.back();
    spec.dim = last.dim;
    spec.heads = last.heads;
    spec.ffnHidden = last.ffnHidden;
    spec.patchSize = 4;
    spec.normEps = 1e-6;  // of blocks and of the last norm; those of embeddings and pooling have 1e-5
    spec.classToken = ClassToken::None;
    spec.absolutePositions = false;
    spec.alpha = 1;
    spec.citation = "Twins: Revisiting the Design of Spatial Attention in Vision Transformers, 2021, Twins-SVT";
    spec.note = note;
    return spec;
}

std::vector<ModelSpec> presets() {
    return {published("twins_svt_small", 64, {2, 2, 10, 4}, "24.1 M parameters; the small pyramid's baseline"),
            published("twins_svt_base", 96, {2, 2, 18, 2}, "56.1 M parameters; the base pyramid's baseline"),
            published("twins_svt_large", 128, {2, 2, 18, 2}, "99.3 M parameters; the large pyramid's baseline")};
}

void check(const ModelSpec& spec) {
    checkPyramid(spec);
    requireSpec(spec.dim == spec.pyramid.stages.back().dim, spec,
                "its width is " + std::to_string(spec.dim) + " but its last stage's " +
                    std::to_string(spec.pyramid.stages.back().dim),
                "Give both the same value.");
    for (const PyramidStage& stage : spec.pyramid.stages)
        requireSpec(stage.dim / stage.heads % 2 == 0, spec,
                    "a head is " + std::to_string(stage.dim / stage.heads) + " channels wide",
                    "Choose an even width of heads.");
    requireSpec(spec.classToken == ClassToken::None && !spec.absolutePositions && !spec.layerScale, spec,
                "Twins has neither class token nor learned positions nor factors on its branches",
                "Switch all three off.");
}

std::vector<LayerCost> costs(const ModelSpec& spec) {
    std::vector<LayerCost> costs = pyramidCosts("", spec, spec.imageSize, spec.imageSize, {.rotary = false});
    costs.push_back(cost::norm("norm", spec.dim));
    costs.push_back(cost::linear("head", spec.dim, spec.numClasses, 1));
    return costs;
}

}  // namespace

const Family kTwinsFamily{"twins", "Twins-SVT", ModelTask::Classify, presets, check, costs};

}  // namespace vl
