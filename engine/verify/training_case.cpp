// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <map>
#include <set>
#include <utility>

#include <ATen/TensorOperators.h>
#include <ATen/ops/tensor.h>

#include "engine/train/loss.h"
#include "engine/train/optimiser.h"
#include "engine/verify/recorded_model.h"

namespace vl {
namespace {

/// The cases write their loss as a sentence: "cross entropy, label smoothing 0.1, mean over batch".
double smoothingOf(const nlohmann::json& recorded) {
    const std::string words = "label smoothing ", loss = recorded.at("loss").get<std::string>();
    const std::size_t at = loss.find(words);
    return at == std::string::npos ? 0 : std::strtod(loss.c_str() + at + words.size(), nullptr);
}

double euclideanNorm(const at::Tensor& tensor) {
    return tensor.detach().to(at::kCPU, at::kDouble).norm().item<double>();
}

void compareGradients(const nlohmann::json& expected, Model& model, const std::string& how, CaseReport& report) {
    FurthestNumber norms("first gradient norm, " + how, 1e-3), sums("first gradient sum, " + how, 1e-3);
    for (const Parameter& parameter : model.parameters()) {
        const auto recorded = expected.find(parameter.name);
        if (recorded == expected.end() || !parameter.tensor.grad().defined()) {
            report.miss("first gradient of " + parameter.name,
                        recorded == expected.end() ? "not recorded" : "none came");
            continue;
        }
        const double size = recorded->at(0);
        norms.see(parameter.name, size, euclideanNorm(parameter.tensor.grad()));
        // A sum of terms of both signs is known only relative to the gradient's size.
        sums.see(parameter.name, recorded->at(1), parameter.tensor.grad().to(at::kDouble).sum().item<double>(), size);
    }
    norms.tell(report);
    sums.tell(report);
}

void compareDecayGroups(const nlohmann::json& recipe, Model& model, CaseReport& report) {
    const auto names = recipe.at("no_decay").get<std::set<std::string>>();
    double wrong = 0;
    std::string note;
    for (const Parameter& parameter : model.parameters()) {
        if (parameter.kind != ParameterKind::Trained || parameter.decays != names.contains(parameter.name)) continue;
        ++wrong;
        if (note.empty()) note = "first at " + parameter.name;
    }
    report.add({"weight-decay groups", wrong, 0, note});
}

/// Logits and loss of the recorded batch in training mode.
std::pair<at::Tensor, at::Tensor> forwardOnce(const nlohmann::json& recorded, Model& model, std::size_t step,
                                              const CaseReport& report) {
    const ModelSpec& spec = model.spec();
    const std::int64_t batch = recorded.at("batch");
    const at::Tensor input = inputFor(report, {batch, spec.inChannels, spec.imageSize, spec.imageSize});
    const auto classes = recorded.at("labels").get<std::vector<std::int64_t>>();
    const at::Tensor labels = at::tensor(classes, at::kLong).to(report.options().device);
    ForwardOptions options;
    options.training = true;
    options.step = static_cast<std::int64_t>(step);
    const at::Tensor logits = model.forward(input, options);
    return {logits, crossEntropy(logits, labels, smoothingOf(recorded))};
}

using NoiseBounds = std::map<std::string, double>;

/// Some gradients vanish in exact arithmetic: where all keys share a coordinate, a key bias of that coordinate's pairs
/// adds the same to every score. AdamW turns their rounding noise into full steps of either sign, so the norm of such a
/// tensor is known only up to this bound: |dw . w| / |w| with every such entry off by two steps of `lr` each time.
NoiseBounds noiseBounds(const nlohmann::json& recorded) {
    CaseReport exact({at::kCPU, at::kDouble});
    const auto model = recordedModel(recorded, exact);
    model->setAttention(AttentionKind::Explicit);
    forwardOnce(recorded, *model, 0, exact).second.backward();
    const double lr = recorded.at("optimizer").at("lr"), steps = static_cast<double>(recorded.at("losses").size());
    NoiseBounds bounds;
    for (const Parameter& parameter : model->parameters()) {
        const at::Tensor& gradient = parameter.tensor.grad();
        if (!gradient.defined()) continue;
        const at::Tensor vanishing = gradient.abs() <= 1e-10 * gradient.abs().max();
        if (!vanishing.any().item<bool>()) continue;
        const double size = (parameter.tensor.detach().abs() * vanishing).sum().item<double>();
        bounds[parameter.name] = 2 * steps * lr * size / euclideanNorm(parameter.tensor);
    }
    return bounds;
}

void compareWeights(const nlohmann::json& expectedNorms, Model& model, const NoiseBounds& noise, const std::string& how,
                    CaseReport& report) {
    constexpr double kTolerance = 1e-5;
    FurthestNumber weights("final weight norm, " + how, kTolerance);
    for (const Parameter& parameter : model.parameters()) {
        const double expected = expectedNorms.at(parameter.name), got = euclideanNorm(parameter.tensor);
        const auto bound = noise.find(parameter.name);
        if (bound == noise.end()) {
            weights.see(parameter.name, expected, got);
        } else {
            report.number("final norm of " + parameter.name + " within its rounding noise, " + how, expected, got,
                          kTolerance + bound->second / expected);
        }
    }
    weights.tell(report);
}

void train(const nlohmann::json& recorded, AttentionKind attention, const NoiseBounds& noise, CaseReport& report) {
    const std::string how = attention == AttentionKind::Explicit ? "explicit" : "fused";
    const auto model = recordedModel(recorded, report);
    model->setAttention(attention);
    model->setDropPath(recorded.value("drop_path", 0.0));
    const nlohmann::json& recipe = recorded.at("optimizer");
    AdamW optimiser(model->parameters(), {recipe.at("betas").at(0), recipe.at("betas").at(1), recipe.at("eps")});
    const nlohmann::json& losses = recorded.at("losses");
    for (std::size_t step = 0; step < losses.size(); ++step) {
        const auto [logits, loss] = forwardOnce(recorded, *model, step, report);
        if (step == 0 && recorded.contains("first_logits"))
            report.summary("first logits, " + how, recorded["first_logits"], logits, 1e-3);
        report.number("loss " + std::to_string(step + 1) + ", " + how, losses[step], loss.item<double>(), 1e-3);
        clearGradients(model->parameters());
        loss.backward();
        if (step == 0) compareGradients(recorded.at("first_grad_l2_sum"), *model, how, report);
        optimiser.step(recipe.at("lr"), recipe.at("weight_decay"));
    }
    compareWeights(recorded.at("final_weight_l2"), *model, noise, how, report);
}

}  // namespace

void replayTraining(const nlohmann::json& recorded, CaseReport& report) {
    const auto model = makeModel(recordedSpec(recorded));
    compareDecayGroups(recorded.at("optimizer"), *model, report);
    const NoiseBounds noise = noiseBounds(recorded);
    train(recorded, AttentionKind::Explicit, noise, report);
    train(recorded, AttentionKind::Fused, noise, report);
}

}  // namespace vl
