// SPDX-License-Identifier: Apache-2.0
#include "tests/models/shrunk.h"

#include <algorithm>
#include <set>

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/linspace.h>

#include "engine/nn/autoencoder.h"
#include "engine/nn/denoiser.h"
#include "engine/nn/detector.h"
#include "engine/nn/masked_autoencoder.h"
#include "engine/nn/recorded_fill.h"
#include "engine/nn/segmenter.h"

namespace vl::test {
namespace {

void shrinkPyramid(ModelSpec& spec) {
    int dim = 8;
    spec.depth = 0;
    for (PyramidStage& stage : spec.pyramid.stages) {
        stage = {dim, 2, std::max(1, dim / 16), 2 * dim, stage.reduction};
        spec.depth += stage.depth;
        dim = std::min(2 * dim, 32);
    }
    const PyramidStage& last = spec.pyramid.stages.back();
    spec.dim = last.dim;
    spec.heads = last.heads;
    spec.ffnHidden = last.ffnHidden;
    spec.imageSize = 64;
}

void shrinkEncoder(ModelSpec& spec) {
    spec.dim = 32;
    spec.heads = 2;
    spec.ffnHidden = 24;
    spec.depth = spec.segment.outLayers.empty() ? 2 : static_cast<int>(spec.segment.outLayers.size());
    for (std::size_t i = 0; i < spec.segment.outLayers.size(); ++i)
        spec.segment.outLayers[i] = static_cast<int>(i);
    spec.imageSize = 4 * spec.patchSize;
    if (!spec.detect.windowBlocks.empty()) {
        spec.detect.windowBlocks = {0};
        spec.detect.window = 3;  // 4 x 4 tokens are padded to 6 x 6
    }
}

void append(std::string& key, std::initializer_list<double> numbers) {
    for (const double number : numbers)
        key += std::to_string(number) + " ";
}

at::Tensor select(const at::Tensor& tensor, std::int64_t index) {
    return tensor.defined() ? tensor.narrow(0, index, 1) : tensor;
}

void runDetector(Detector& model, const ModelInput& input, const ForwardOptions& options,
                 std::vector<NamedOutput>& outputs) {
    const std::vector<at::Tensor> features = model.features(input.images, options);
    const ProposalMaps proposals = model.propose(features);
    for (std::size_t i = 0; i < features.size(); ++i) {
        const std::string level = std::to_string(i);
        outputs.push_back({"features." + level, features[i]});
        outputs.push_back({"scores." + level, proposals.scores.at(i)});
        outputs.push_back({"deltas." + level, proposals.deltas.at(i)});
    }
    const BoxHeadOutput boxes = model.boxHead(input.regions);
    outputs.push_back({"box scores", boxes.scores});
    outputs.push_back({"box deltas", boxes.deltas});
    outputs.push_back({"masks", model.maskHead(input.regions.repeat({1, 1, 2, 2}))});
}

}  // namespace

ModelSpec shrunk(ModelSpec spec) {
    spec.numClasses = std::min(spec.numClasses, 5);
    spec.masked.decoderDim = 32, spec.masked.decoderDepth = 2, spec.masked.decoderHeads = 2;
    spec.segment.headChannels = spec.segment.auxChannels = 8;
    spec.detect.fpnChannels = spec.detect.maskChannels = 8;
    spec.detect.fcChannels = 16;
    spec.autoencoder.baseChannels = 32;  // group norms have 32 groups
    spec.autoencoder.blocksPerLevel = 1;
    if (!spec.autoencoder.multipliers.empty()) {
        std::fill(spec.autoencoder.multipliers.begin(), spec.autoencoder.multipliers.end(), 1);
        spec.imageSize = 32;
        spec.dim = spec.ffnHidden = spec.autoencoder.baseChannels;
    } else if (spec.pyramid.stages.empty()) {
        shrinkEncoder(spec);
    } else {
        shrinkPyramid(spec);
    }
    return spec;
}

ModelSpec oddSized(ModelSpec spec) {
    if (!spec.autoencoder.multipliers.empty())
        spec.imageSize = 40;
    else if (!spec.pyramid.stages.empty())
        spec.imageSize = 24 * spec.patchSize;  // grids of 24, 12, 6 and 3 in windows of 7
    else
        spec.imageSize = (spec.detect.windowBlocks.empty() ? 5 : 8) * spec.patchSize;  // 8 tokens in windows of 3
    return spec;
}

std::string functionKey(const ModelSpec& spec) {
    std::string key = spec.family + " " + spec.segment.backbone + " " + spec.detect.backbone + " " +
                      spec.detect.globalReduction + " ";
    append(key, {double(spec.dim), double(spec.depth), double(spec.heads), double(spec.ffnHidden),
                 double(spec.patchSize), double(spec.imageSize), double(spec.inChannels), double(spec.numClasses),
                 spec.ropeTheta, spec.normEps, double(spec.classToken), double(spec.absolutePositions),
                 double(spec.layerScale), double(spec.finalNorm), spec.alpha});
    append(key, {double(spec.rope.autoScale), double(spec.rope.sharedOverHeads), spec.rope.ratio,
                 spec.rope.classTokenPosition, spec.rope.ntk, double(spec.pyramid.window),
                 double(spec.pyramid.normAfterStage), spec.masked.maskRatio, double(spec.masked.normalisePixels),
                 double(spec.diffusion.learnSigma), spec.diffusion.classDropout, double(spec.diffusion.guidedChannels),
                 double(spec.detect.window), double(spec.autoencoder.latentChannels)});
    for (const PyramidStage& stage : spec.pyramid.stages)
        append(key, {double(stage.dim), double(stage.depth), double(stage.heads), double(stage.ffnHidden),
                     double(stage.reduction)});
    for (const int layer : spec.segment.outLayers)
        append(key, {double(layer)});
    for (const int block : spec.detect.windowBlocks)
        append(key, {double(block)});
    for (const int factor : spec.autoencoder.multipliers)
        append(key, {double(factor)});
    return key;
}

std::vector<ModelSpec> shrunkPresets() {
    std::vector<ModelSpec> specs;
    std::set<std::string> keys;
    for (const ModelSpec& preset : modelPresets()) {
        const ModelSpec spec = shrunk(preset);
        if (keys.insert(functionKey(spec)).second) specs.push_back(spec);
    }
    return specs;
}

ModelInput recordedInputFor(const ModelSpec& spec, std::int64_t batch) {
    ModelInput input;
    input.images = recordedInput({batch, spec.inChannels, spec.imageSize, spec.imageSize});
    input.t = at::linspace(0.1, 0.9, batch);
    input.y = at::arange(batch).remainder(spec.numClasses);
    input.noise = (recordedStream("noise", {batch, spec.patches()}) + 1) / 2;
    input.regions = recordedStream("regions", {batch, spec.detect.fpnChannels, 7, 7});
    return input;
}

ModelInput entry(const ModelInput& input, std::int64_t index) {
    return {select(input.images, index), select(input.t, index), select(input.y, index), select(input.noise, index),
            select(input.regions, index)};
}

std::vector<NamedOutput> run(Model& model, const ModelInput& input, const ForwardOptions& options) {
    std::vector<NamedOutput> outputs;
    if (auto* denoiser = dynamic_cast<Denoiser*>(&model)) {
        outputs.push_back({"output", denoiser->denoise(input.images, input.t, input.y, options)});
    } else if (auto* masked = dynamic_cast<MaskedAutoencoder*>(&model)) {
        const MaskedOutput output = masked->forwardMasked(input.images, input.noise, options);
        outputs.push_back({"latent", output.latent});
        outputs.push_back({"prediction", output.prediction});
    } else if (auto* segmenter = dynamic_cast<Segmenter*>(&model)) {
        const SegmentOutput output = segmenter->segment(input.images, options);
        outputs.push_back({"logits", output.logits});
        outputs.push_back({"auxiliary", output.auxiliary});
    } else if (auto* detector = dynamic_cast<Detector*>(&model)) {
        runDetector(*detector, input, options, outputs);
    } else if (auto* autoencoder = dynamic_cast<Autoencoder*>(&model)) {
        const LatentMoments moments = autoencoder->encode(input.images);
        outputs.push_back({"mean", moments.mean});
        outputs.push_back({"log variance", moments.logVariance});
        outputs.push_back({"picture", autoencoder->forward(input.images, options)});  // tells a probe of both halves
    } else {
        outputs.push_back({"logits", model.forward(input.images, options)});
    }
    return outputs;
}

}  // namespace vl::test
