// SPDX-License-Identifier: Apache-2.0
#include <string_view>
#include <utility>

#include <ATen/ops/empty.h>
#include <ATen/ops/eye.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/softmax.h>
#include <c10/core/GradMode.h>

#include "engine/api/data_source.h"
#include "engine/checkpoint/checkpoint.h"
#include "engine/core/error.h"
#include "engine/core/text.h"
#include "engine/data/augment.h"
#include "engine/metrics/feature_extractor.h"
#include "engine/metrics/picture_batch.h"
#include "engine/nn/unfilled_parameters.h"

namespace vl {
namespace {

/// Where a classifier keeps the map from features to classes.
struct Head {
    std::string prefix;
    at::Tensor weight, bias;  ///< [K, D] and [K]
};

Head headOf(Model& model, const std::filesystem::path& file) {
    const TensorMap tensors = stateDict(model);
    for (const char* prefix : {"head", "head.fc"}) {
        const auto weight = tensors.find(std::string(prefix) + ".weight");
        const auto bias = tensors.find(std::string(prefix) + ".bias");
        if (weight != tensors.end() && bias != tensors.end()) return {prefix, weight->second, bias->second};
    }
    throw Error(ErrorCode::Unsupported, file.string() + " has no head whose input could be read.",
                "Choose a classifier that this program trained.");
}

/// The same network with the identity for a head: what it answers is what its head would read.
std::unique_ptr<Model> withoutHead(Model& model, const Head& head, double softMask) {
    const c10::NoGradGuard noGrad;
    ModelSpec spec = model.spec();
    spec.numClasses = static_cast<int>(head.weight.size(1));
    const UnfilledParameters unfilled;
    auto body = makeModel(spec);
    const TensorMap source = stateDict(model);
    for (Parameter& parameter : body->parameters()) {
        const at::Tensor target = parameter.tensor.detach();
        if (parameter.name == head.prefix + ".weight")
            target.copy_(at::eye(target.size(0), target.options()));
        else if (parameter.name == head.prefix + ".bias")
            target.zero_();
        else
            target.copy_(source.at(parameter.name));
    }
    if (body->hasSoftMask()) body->setSoftMask(softMask);
    return body;
}

std::string describe(const CheckpointInfo& info) {
    const std::string model = info.spec.name.empty() ? info.file.filename().string() : info.spec.name;
    return info.step > 0 ? model + " at step " + thousands(info.step) : model + " of " + info.file.filename().string();
}

class ClassifierFeatures final : public FeatureExtractor {
public:
    ClassifierFeatures(OpenedCheckpoint opened, const std::filesystem::path& file)
        : name_(describe(opened.info)),
          transform_({0, false, opened.info.mean, opened.info.std, opened.info.imagenetColours},
                     opened.info.spec.imageSize, opened.info.spec.inChannels) {
        const Head head = headOf(*opened.model, file);
        weight_ = head.weight.clone();
        bias_ = head.bias.clone();
        model_ = withoutHead(*opened.model, head, opened.info.alpha);
    }

    PictureFeatures extract(const at::Tensor& pictures) override {
        const c10::NoGradGuard noGrad;
        PictureFeatures features;
        features.pooled = model_->forward(normalised(pictures)).to(at::kFloat);
        features.probabilities = at::softmax(at::linear(features.pooled, weight_, bias_), 1);
        return features;
    }

    std::string name() const override { return name_; }

private:
    at::Tensor normalised(const at::Tensor& pictures) const {
        requirePictures(pictures);
        const auto side = std::int64_t{model_->spec().imageSize}, channels = std::int64_t{model_->spec().inChannels};
        at::Tensor batch = at::empty({pictures.size(0), channels, side, side}, at::kFloat);
        const at::Tensor here = pictures.to(at::kCPU);
        auto* out = batch.mutable_data_ptr<float>();
        for (std::int64_t i = 0; i < here.size(0); ++i, out += channels * side * side) {
            const Image fitted = fitImage(pictureOf(here, i), static_cast<int>(side), static_cast<int>(channels));
            transform_.plain(fitted.pixels.data(), out);
        }
        return batch;
    }

    std::string name_;
    Transform transform_;
    std::unique_ptr<Model> model_;
    at::Tensor weight_, bias_;
};

}  // namespace

std::unique_ptr<FeatureExtractor> classifierFeatures(const std::filesystem::path& checkpoint) {
    auto opened = openCheckpoint(checkpoint);
    if (opened.info.spec.task() != ModelTask::Classify)
        throw Error(
            ErrorCode::Usage,
            checkpoint.string() + " is a model for \"" + toString(opened.info.spec.task()) + "\", no classifier.",
            "Choose the checkpoint of a classifier.");
    return std::make_unique<ClassifierFeatures>(std::move(opened), checkpoint);
}

}  // namespace vl
