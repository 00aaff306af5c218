// SPDX-License-Identifier: Apache-2.0
#include "engine/train/inspect_model.h"

#include <algorithm>
#include <cstring>

#include <ATen/ops/empty.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/tensor.h>
#include <c10/core/GradMode.h>

#include "engine/api/data_source.h"
#include "engine/core/clock.h"
#include "engine/core/error.h"

namespace vl {
namespace {

class AttentionRecorder final : public Probe {
public:
    explicit AttentionRecorder(int layers) : layers_(static_cast<std::size_t>(layers)) {}

    void attention(int layer, const at::Tensor& softmax) override {
        const at::Tensor maps = softmax[0].detach().to(at::kFloat).contiguous();
        LayerAttention& out = layers_.at(static_cast<std::size_t>(layer));
        out.heads = static_cast<int>(maps.size(0));
        out.tokens = static_cast<int>(maps.size(1));
        out.softmax.assign(maps.const_data_ptr<float>(), maps.const_data_ptr<float>() + maps.numel());
    }
    std::vector<LayerAttention> take() { return std::move(layers_); }

private:
    std::vector<LayerAttention> layers_;
};

/// The maps of Inspect are square, one row a token.
void requireWholeGridAttention(const Model& model) {
    for (int layer = 0; layer < model.layers(); ++layer) {
        const AttentionGeometry geometry = model.attentionGeometry(layer);
        if (geometry.window == 0 && geometry.keyStep == 1) continue;
        throw Error(ErrorCode::Unsupported,
                    "'" + model.spec().name + "' attends within windows or to pooled keys, which this view cannot draw.",
                    "Choose a model whose layers see the whole grid.");
    }
}

/// Puts another soft-mask rate on a model for one pass.
class AlphaOverride {
public:
    AlphaOverride(Model& model, std::optional<double> alpha) : model_(model), before_(model.softMask()) {
        if (alpha) model_.setSoftMask(*alpha);
    }
    ~AlphaOverride() { model_.setSoftMask(before_); }
    AlphaOverride(const AlphaOverride&) = delete;
    AlphaOverride& operator=(const AlphaOverride&) = delete;

private:
    Model& model_;
    double before_;
};

}  // namespace

InputRecipe recipeOf(const CheckpointInfo& info) {
    return {info.mean, info.std, info.classNames, info.imagenetColours};
}

at::Tensor imagesToTensor(std::span<const Image> images, const InputRecipe& recipe) {
    if (images.empty() || images.front().empty())
        throw Error(ErrorCode::Usage, "There is no picture to look at.", "Choose a picture file.");
    const Image& first = images.front();
    at::Tensor bytes =
        at::empty({static_cast<std::int64_t>(images.size()), first.height, first.width, first.channels}, at::kByte);
    auto* out = bytes.mutable_data_ptr<std::uint8_t>();
    for (const Image& image : images) {
        if (image.width != first.width || image.height != first.height || image.channels != first.channels)
            throw Error(ErrorCode::Mismatch, "The pictures of one batch differ in size.",
                        "Bring them to the model's input size first.");
        std::memcpy(out, image.pixels.data(), image.pixels.size());
        out += image.pixels.size();
    }
    const at::Tensor values = bytes.permute({0, 3, 1, 2}).to(at::kFloat).mul(1.0 / 255);
    if (!recipe.imagenetColours || first.channels != 3)
        return values.sub(recipe.mean).div(recipe.std).contiguous();
    const auto perChannel = [](const double (&numbers)[3]) {
        return at::tensor(at::ArrayRef<double>(numbers), at::kFloat).view({1, 3, 1, 1});
    };
    return values.sub(perChannel(kImagenetMean)).div(perChannel(kImagenetStd)).contiguous();
}

std::vector<Prediction> toPredictions(const at::Tensor& logits, const std::vector<std::string>& classNames) {
    const at::Tensor probabilities = at::softmax(logits.detach().to(at::kDouble).flatten(), 0).contiguous();
    std::vector<Prediction> result(static_cast<std::size_t>(probabilities.numel()));
    for (std::size_t i = 0; i < result.size(); ++i) {
        result[i].classIndex = static_cast<int>(i);
        result[i].className = i < classNames.size() ? classNames[i] : "class " + std::to_string(i);
        result[i].probability = probabilities.const_data_ptr<double>()[i];
    }
    std::stable_sort(result.begin(), result.end(),
                     [](const Prediction& a, const Prediction& b) { return a.probability > b.probability; });
    return result;
}

std::shared_ptr<Inspection> inspectImage(Model& model, const Image& picture, const InputRecipe& recipe,
                                         std::optional<double> alpha) {
    const c10::NoGradGuard noGrad;
    const SystemClock clock;
    const double begin = clock.seconds();
    const ModelSpec& spec = model.spec();
    requireWholeGridAttention(model);
    auto result = std::make_shared<Inspection>();
    const AlphaOverride override(model, alpha);
    result->input = fitImage(picture, spec.imageSize, spec.inChannels);
    AttentionRecorder recorder(model.layers());
    ForwardOptions options;
    options.probe = &recorder;
    const at::Tensor logits = model.forward(imagesToTensor(std::span(&result->input, 1), recipe), options);
    result->layers = recorder.take();
    result->predictions = toPredictions(logits[0], recipe.classNames);
    result->modelName = spec.name;
    result->alpha = model.softMask();
    result->patchSize = spec.patchSize;
    result->geometry = model.attentionGeometry(0);
    result->milliseconds = 1000 * (clock.seconds() - begin);
    return result;
}

}  // namespace vl
