// SPDX-License-Identifier: Apache-2.0
#include <set>

#include <ATen/core/grad_mode.h>
#include <ATen/ops/norm.h>
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

double norm(const at::Tensor& tensor) { return tensor.detach().to(at::kCPU, at::kDouble).norm().item<double>(); }

void compareGradients(const nlohmann::json& expected, Model& model, const std::string& how, CaseReport& report) {
    FurthestNumber norms("first gradient norm, " + how, 1e-3), sums("first gradient sum, " + how, 1e-3);
    for (const Parameter& parameter : model.parameters()) {
        const auto recorded = expected.find(parameter.name);
        if (recorded == expected.end() || !parameter.tensor.grad().defined()) {
            report.miss("first gradient of " + parameter.name, recorded == expected.end() ? "not recorded" : "none came");
            continue;
        }
        const double size = recorded->at(0);
        norms.see(parameter.name, size, norm(parameter.tensor.grad()));
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

void train(const nlohmann::json& recorded, AttentionKind attention, CaseReport& report) {
    const std::string how = attention == AttentionKind::Explicit ? "explicit" : "fused";
    const auto model = recordedModel(recorded, report);
    const ModelSpec& spec = model->spec();
    model->setAttention(attention);
    model->setDropPath(recorded.value("drop_path", 0.0));
    const nlohmann::json& recipe = recorded.at("optimizer");
    AdamW optimiser(model->parameters(), {recipe.at("betas").at(0), recipe.at("betas").at(1), recipe.at("eps")});
    const at::Tensor input =
        inputFor(report, {recorded.at("batch").get<std::int64_t>(), spec.inChannels, spec.imageSize, spec.imageSize});
    const auto classes = recorded.at("labels").get<std::vector<std::int64_t>>();
    const at::Tensor labels = at::tensor(classes, at::kLong).to(report.options().device);
    const double smoothing = smoothingOf(recorded);
    const nlohmann::json& losses = recorded.at("losses");
    for (std::size_t step = 0; step < losses.size(); ++step) {
        ForwardOptions options;
        options.training = true;
        options.step = static_cast<std::int64_t>(step);
        const at::Tensor logits = model->forward(input, options), loss = crossEntropy(logits, labels, smoothing);
        if (step == 0 && recorded.contains("first_logits"))
            report.summary("first logits, " + how, recorded["first_logits"], logits, 1e-3);
        report.number("loss " + std::to_string(step + 1) + ", " + how, losses[step], loss.item<double>(), 1e-3);
        clearGradients(model->parameters());
        loss.backward();
        if (step == 0) compareGradients(recorded.at("first_grad_l2_sum"), *model, how, report);
        optimiser.step(recipe.at("lr"), recipe.at("weight_decay"));
    }
    FurthestNumber weights("final weight norm, " + how, 1e-5);
    for (const Parameter& parameter : model->parameters())
        weights.see(parameter.name, recorded.at("final_weight_l2").at(parameter.name), norm(parameter.tensor));
    weights.tell(report);
}

}  // namespace

void replayTraining(const nlohmann::json& recorded, CaseReport& report) {
    const auto model = makeModel(recordedSpec(recorded));
    compareDecayGroups(recorded.at("optimizer"), *model, report);
    train(recorded, AttentionKind::Explicit, report);
    train(recorded, AttentionKind::Fused, report);
}

}  // namespace vl
