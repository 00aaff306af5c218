// SPDX-License-Identifier: Apache-2.0
#include "engine/train/model_setup.h"

#include <filesystem>
#include <string>
#include <system_error>

#include "engine/checkpoint/checkpoint.h"
#include "engine/core/resource_paths.h"
#include "engine/nn/segmenter.h"

namespace vl {

ModelSpec resolveSpec(const RunSettings& settings, int numClasses) {
    ModelSpec spec = findPreset(settings.model.preset);
    spec.numClasses = settings.model.numClasses > 0 ? settings.model.numClasses : numClasses;
    if (settings.model.imageSize > 0) spec.imageSize = settings.model.imageSize;
    // Where the token stands is iLLaMA's question; the other families' checkpoints fix it.
    if (spec.family == "illama")
        spec.classToken = settings.model.classToken == "first" ? ClassToken::First : ClassToken::Last;
    if (spec.task() == ModelTask::Generate) {
        const GenerateSettings& generate = settings.generate;
        spec.diffusion.classDropout = generate.classDropout;
        spec.diffusion.prediction = generate.prediction == "default" ? "" : generate.prediction;
        spec.diffusion.path = generate.path;
        spec.diffusion.betas = generate.betas;
    }
    validate(spec);
    return spec;
}

namespace {

/// A file, or the demo weights of the preset with that name.
std::filesystem::path startingWeights(const std::string& given) {
    std::error_code unreadable;
    if (std::filesystem::exists(given, unreadable)) return given;
    const std::filesystem::path demo = demoCheckpoint(given);
    return std::filesystem::exists(demo, unreadable) ? demo : std::filesystem::path(given);
}

/// How the model computes, apart from its weights.
void setUpPasses(Model& model, const RunSettings& settings) {
    model.setAttention(settings.model.attention == "fused" ? AttentionKind::Fused : AttentionKind::Explicit);
    model.setDropPath(settings.train.dropPath);
    if (auto* segmenter = dynamic_cast<Segmenter*>(&model)) segmenter->setHeadDropout(settings.dense.headDropout);
}

}  // namespace

std::unique_ptr<Model> setUpModel(const RunSettings& settings, const ModelSpec& spec) {
    auto model = makeModel(spec);
    model->initialise(settings.train.seed);
    setUpPasses(*model, settings);
    if (!settings.model.initFrom.empty()) loadIntoModel(*model, startingWeights(settings.model.initFrom));
    return model;
}

std::unique_ptr<Model> setUpTwin(const RunSettings& settings, Model& source) {
    auto twin = makeModel(source.spec());
    setUpPasses(*twin, settings);
    const std::span<Parameter> own = twin->parameters(), theirs = source.parameters();
    for (std::size_t i = 0; i < own.size(); ++i) {
        if (own[i].kind == ParameterKind::Buffer)
            own[i].tensor.copy_(theirs[i].tensor);
        else
            own[i].tensor.set_data(theirs[i].tensor.detach());
    }
    return twin;
}

}  // namespace vl
