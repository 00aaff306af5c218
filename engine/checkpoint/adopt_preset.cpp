// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cctype>
#include <string>

#include "engine/checkpoint/recognise.h"

namespace vl {
namespace {

bool sameStages(const std::vector<PyramidStage>& a, const std::vector<PyramidStage>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const PyramidStage& x, const PyramidStage& y) {
        return x.dim == y.dim && x.depth == y.depth && x.ffnHidden == y.ffnHidden && x.reduction == y.reduction;
    });
}

/// Everything that shows in shapes, but classes and picture size.
bool sameBody(const ModelSpec& a, const ModelSpec& b) {
    if (a.family != b.family || a.inChannels != b.inChannels) return false;
    if (a.family == "autoencoder_kl")
        return a.autoencoder.baseChannels == b.autoencoder.baseChannels &&
               a.autoencoder.multipliers == b.autoencoder.multipliers &&
               a.autoencoder.blocksPerLevel == b.autoencoder.blocksPerLevel &&
               a.autoencoder.latentChannels == b.autoencoder.latentChannels;
    if (a.family == "upernet" &&
        (a.segment.backbone != b.segment.backbone || a.segment.headChannels != b.segment.headChannels))
        return false;
    if (a.family == "mask_rcnn" &&
        (a.detect.backbone != b.detect.backbone || a.detect.fpnChannels != b.detect.fpnChannels ||
         (a.detect.globalReduction == "conv") != (b.detect.globalReduction == "conv")))
        return false;
    if (a.family == "mae" &&
        (a.masked.decoderDim != b.masked.decoderDim || a.masked.decoderDepth != b.masked.decoderDepth))
        return false;
    if (!a.pyramid.stages.empty() || !b.pyramid.stages.empty()) return sameStages(a.pyramid.stages, b.pyramid.stages);
    return a.dim == b.dim && a.depth == b.depth && a.ffnHidden == b.ffnHidden && a.patchSize == b.patchSize &&
           a.diffusion.learnSigma == b.diffusion.learnSigma;
}

std::string plain(const std::string& text) {
    std::string kept;
    for (const char c : text)
        if (std::isalnum(static_cast<unsigned char>(c)))
            kept += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return kept;
}

double fit(const ModelSpec& preset, const ModelSpec& spec, bool imageSizeSeen, bool classesSeen,
           const std::string& hints) {
    const auto name = plain(preset.name);
    double score = hints.find(name) != std::string::npos ? 10 + 0.01 * static_cast<double>(name.size()) : 0;
    if (imageSizeSeen && preset.imageSize == spec.imageSize) score += 2;
    if (classesSeen && preset.numClasses == spec.numClasses) score += 1;
    return score;
}

std::string madeUpName(const ModelSpec& spec) {
    return spec.family + "_" + std::to_string(spec.dim) + "x" + std::to_string(spec.depth);
}

}  // namespace

bool adoptPreset(ModelSpec& spec, bool imageSizeSeen, bool classesSeen, const std::string& hints) {
    const ModelSpec* best = nullptr;
    double bestFit = -1;
    for (const ModelSpec& preset : modelPresets()) {
        if (!sameBody(preset, spec)) continue;
        const double score = fit(preset, spec, imageSizeSeen, classesSeen, hints);
        if (score > bestFit) best = &preset, bestFit = score;
    }
    if (!best) {
        spec.name = madeUpName(spec);
        spec.citation.clear();
        spec.note = "sizes read from a checkpoint";
        return false;
    }
    ModelSpec adopted = *best;
    if (imageSizeSeen) adopted.imageSize = spec.imageSize;
    if (classesSeen) adopted.numClasses = spec.numClasses;
    // What readers see and a preset may have otherwise.
    adopted.absolutePositions = spec.absolutePositions;
    adopted.classToken = spec.classToken;
    // A pyramid's gammas may have been left out of its file: they count as 1 where the preset has any.
    adopted.layerScale = spec.layerScale || (!spec.pyramid.stages.empty() && best->layerScale);
    adopted.finalNorm = spec.finalNorm;
    adopted.pyramid.normAfterStage = spec.pyramid.normAfterStage;
    adopted.segment.auxChannels = spec.segment.auxChannels;
    adopted.detect.fcChannels = spec.detect.fcChannels;
    adopted.detect.maskChannels = spec.detect.maskChannels;
    spec = adopted;
    return true;
}

}  // namespace vl
