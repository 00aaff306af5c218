// SPDX-License-Identifier: Apache-2.0
#include "engine/verify/mask_rcnn_spec.h"

#include <iterator>
#include <vector>

#include "engine/core/error.h"

namespace vl {
namespace {

using Json = nlohmann::json;

void pyramidOptions(const Json& backbone, ModelSpec& spec) {
    constexpr int kReductions[] = {8, 4, 2, 1};
    spec.patchSize = 4;
    spec.normEps = 1e-5;
    spec.layerScale = true;
    spec.absolutePositions = false;
    spec.rope.autoScale = backbone.at("auto_scale");
    spec.pyramid.normAfterStage = backbone.at("norm_after_stage");
    spec.depth = 0;
    for (std::size_t i = 0; i < std::size(kReductions); ++i) {
        const int dim = backbone.at("dims").at(i), depth = backbone.at("depths").at(i);
        spec.pyramid.stages.push_back({dim, depth, backbone.at("heads").at(i), swigluHidden(dim), kReductions[i]});
        spec.depth += depth;
    }
    const PyramidStage& last = spec.pyramid.stages.back();
    spec.dim = last.dim, spec.heads = last.heads, spec.ffnHidden = last.ffnHidden;
}

void windowedOptions(const Json& backbone, ModelSpec& spec) {
    const Json& arch = backbone.at("arch");
    spec.dim = arch.at("embed_dims");
    spec.depth = arch.at("num_layers");
    spec.heads = arch.at("num_heads");
    spec.ffnHidden = wideSwigluHidden(arch.at("feedforward_channels"));
    spec.patchSize = backbone.at("patch");
    spec.detect.backbone = "windowed";
    spec.detect.window = backbone.at("window");
    spec.detect.windowBlocks = backbone.at("window_blocks").get<std::vector<int>>();
}

}  // namespace

ModelSpec recordedDetectorSpec(const Json& recorded) {
    ModelSpec spec;
    spec.name = recorded.at("case");
    spec.family = "mask_rcnn";
    spec.imageSize = recorded.at("image").at(0);
    spec.numClasses = recorded.at("num_classes");
    spec.classToken = ClassToken::None;
    spec.finalNorm = false;
    spec.alpha = 1;
    spec.detect.fpnChannels = recorded.at("fpn_channels");
    spec.detect.fcChannels = recorded.at("fc_channels");
    spec.detect.maskChannels = recorded.at("mask_channels");
    const Json& backbone = recorded.at("backbone");
    if (backbone.contains("arch")) {
        windowedOptions(backbone, spec);
    } else {
        pyramidOptions(backbone, spec);
    }
    validate(spec);
    constexpr std::int64_t kMost = 2'000'000'000;
    if (spec.parameterCount() > kMost)
        throw Error(ErrorCode::BadFile, "The case's detector would have more than two thousand million parameters.",
                    "Correct its sizes.");
    return spec;
}

}  // namespace vl
