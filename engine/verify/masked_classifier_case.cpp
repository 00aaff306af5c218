// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cmath>
#include <set>
#include <vector>

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/one_hot.h>
#include <ATen/ops/tensor.h>

#include "engine/models/linear_probe.h"
#include "engine/models/masked_classifier.h"
#include "engine/nn/layer_depth.h"
#include "engine/nn/recorded_fill.h"
#include "engine/train/loss.h"
#include "engine/train/optimiser.h"
#include "engine/verify/compare_model.h"

namespace vl {
namespace {

using nlohmann::json;

constexpr double kLossTolerance = 1e-4, kSmoothing = 0.1;

ModelSpec specOf(const json& recorded) {
    ModelSpec spec = mmpretrainSpec(recorded.at("arch"));
    spec.name = recorded.at("case");
    spec.family = "mae_cls";
    spec.imageSize = recorded.at("image_size");
    spec.numClasses = recorded.at("num_classes");
    spec.finalNorm = recorded.at("final_norm");
    return spec;
}

double normOf(const at::Tensor& tensor) { return std::sqrt(tensor.to(at::kDouble).square().sum().item<double>()); }

/// The linear probe's BatchNorm: no affine, eps 1e-6 (models.md 1.1).
void compareProbe(const json& recorded, const at::Tensor& features, CaseReport& report) {
    const at::NoGradGuard noGrad;
    ParameterList parameters;
    const LinearProbe probe(parameters, features.size(1), /*classes=*/1);
    probe.initialise(0);
    const at::Tensor input = features.detach().to(at::kCPU, at::kFloat);
    report.summary("probe in training", recorded.at("train"), probe.normalised(input, true));
    report.number("probe running mean norm", recorded.at("running_mean_l2"), normOf(probe.norm.runningMean), 1e-5);
    report.number("probe running variance norm", recorded.at("running_var_l2"), normOf(probe.norm.runningVar), 1e-5);
    report.summary("probe in evaluation", recorded.at("eval_after_one_step"), probe.normalised(input, false));
}

void compareDepths(const json& recorded, std::span<const Parameter> parameters, int layers, CaseReport& report) {
    std::set<int> depths;
    for (const Parameter& parameter : parameters)
        depths.insert(layerDepth(parameter.name, layers));
    report.number("layer depths", recorded.at("count"), static_cast<double>(depths.size()), 0);
    for (const auto& [depth, names] : recorded.at("examples").items()) {
        for (const json& name : names) {
            report.number("layer depth of " + name.get<std::string>(), std::stod(depth),
                          layerDepth(name.get<std::string>(), layers), 0);
        }
    }
}

/// Targets of the batch mixed with its own reverse: `share` of each label stays.
at::Tensor mixedTargets(const at::Tensor& labels, double share, std::int64_t classes) {
    const at::Tensor own = at::one_hot(labels, classes).to(at::kFloat);
    return share * own + (1 - share) * own.flip(0);
}

}  // namespace

void replayMaskedClassifier(const json& recorded, CaseReport& report) {
    if (recorded.value("out_type", "avg_featmap") != "avg_featmap")
        return report.miss("out_type", "the classifier reads the mean over the tokens alone");
    MaskedClassifier model(specOf(recorded));
    compareTensors(recorded, model.parameters(), report);
    fillRecorded(model.parameters());
    const VerifyOptions& options = report.options();
    moveParameters(model, options.device, options.precision);
    model.setDropPath(recorded.value("drop_path", 0.0));

    const ModelSpec& spec = model.spec();
    const std::int64_t batch = recorded.at("batch"), side = spec.imageSize;
    const at::Tensor images = recordedInput({batch, spec.inChannels, side, side}).to(options.device, options.precision);
    const auto labelList = recorded.at("labels").get<std::vector<std::int64_t>>();
    const at::Tensor labels = at::tensor(labelList).to(options.device);

    const at::Tensor features = model.features(images), logits = model.forward(images);
    report.summary("feature", recorded.at("feature"), features);
    report.summary("logits", recorded.at("logits"), logits);
    const at::Tensor loss = crossEntropy(logits, labels, kSmoothing);
    report.number("label smoothing loss", recorded.at("label_smooth_loss"), loss.item<double>(), kLossTolerance);
    const json& mixed = recorded.at("mixed_target_loss");
    const at::Tensor targets = mixedTargets(labels, mixed.at("lambda"), spec.numClasses);
    report.number("mixed target loss", mixed.at("loss"),
                  crossEntropySoft(logits, smoothTargets(targets, kSmoothing)).item<double>(), kLossTolerance);
    loss.backward();
    compareGradients("label smoothing", recorded, model.parameters(), report);
    clearGradients(model.parameters());

    compareProbe(recorded.at("linear_probe_bn"), features, report);
    compareDepths(recorded.at("layer_depth"), model.parameters(), spec.depth, report);
    const at::NoGradGuard noGrad;
    const auto layers = recorded.at("featmaps").at("layers").get<std::vector<int>>();
    const std::vector<at::Tensor> maps = model.featureMaps(images, layers);
    for (std::size_t i = 0; i < maps.size(); ++i) {
        report.summary("feature map of layer " + std::to_string(layers[i]), recorded["featmaps"]["maps"].at(i),
                       maps[i]);
    }
}

}  // namespace vl
