// SPDX-License-Identifier: Apache-2.0
#include "engine/train/optimiser.h"

#include <algorithm>
#include <optional>

#include <ATen/ops/_foreach_norm.h>
#include <ATen/ops/_fused_adamw.h>
#include <ATen/ops/full.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>
#include <c10/core/GradMode.h>

#include "engine/core/error.h"

namespace vl {

AdamW::AdamW(std::span<Parameter> parameters) : AdamW(parameters, Options{}) {}

AdamW::AdamW(std::span<Parameter> parameters, const Options& options, const RateShare& share) : options_(options) {
    const c10::NoGradGuard noGrad;
    stepTensor_ = at::zeros({}, at::kFloat);
    for (const Parameter& parameter : parameters) {
        if (parameter.kind != ParameterKind::Trained) continue;
        Group& group = groupOf(parameter.decays, share ? share(parameter) : 1);
        group.names.push_back(parameter.name);
        group.parameters.push_back(parameter.tensor);
        group.first.push_back(at::zeros_like(parameter.tensor).detach());
        group.second.push_back(at::zeros_like(parameter.tensor).detach());
        group.steps.push_back(stepTensor_);
    }
}

AdamW::Group& AdamW::groupOf(bool decays, double share) {
    const auto found = std::ranges::find_if(
        groups_, [&](const Group& group) { return group.decays == decays && group.share == share; });
    if (found != groups_.end()) return *found;
    groups_.push_back({});
    groups_.back().decays = decays;
    groups_.back().share = share;
    return groups_.back();
}

void AdamW::step(double learningRate, double weightDecay, double gradientFactor) {
    const c10::NoGradGuard noGrad;
    ++steps_;
    stepTensor_.fill_(static_cast<double>(steps_));
    for (Group& group : groups_)
        stepGroup(group, group.share * learningRate, group.decays ? weightDecay : 0, gradientFactor);
}

void AdamW::stepGroup(Group& group, double learningRate, double weightDecay, double gradientFactor) {
    std::vector<at::Tensor> values, gradients, first, second, counts;
    for (std::size_t i = 0; i < group.parameters.size(); ++i) {
        const at::Tensor& gradient = group.parameters[i].grad();
        if (!gradient.defined()) continue;
        values.push_back(group.parameters[i]);
        gradients.push_back(gradient.is_contiguous() ? gradient : gradient.contiguous());
        first.push_back(group.first[i]);
        second.push_back(group.second[i]);
        counts.push_back(group.steps[i]);
    }
    if (values.empty()) return;
    std::optional<at::Tensor> scale;  // the kernel divides by it
    if (gradientFactor != 1) scale = at::full({}, 1 / gradientFactor, at::kFloat);
    at::_fused_adamw_(values, gradients, first, second, {}, counts, learningRate, options_.beta1, options_.beta2,
                      weightDecay, options_.epsilon, /*amsgrad=*/false, /*maximize=*/false, scale);
}

TensorMap AdamW::state() const {
    TensorMap moments;
    for (const Group& group : groups_)
        for (std::size_t i = 0; i < group.names.size(); ++i) {
            moments["exp_avg." + group.names[i]] = group.first[i];
            moments["exp_avg_sq." + group.names[i]] = group.second[i];
        }
    return moments;
}

void AdamW::load(const TensorMap& state, std::int64_t steps) {
    const c10::NoGradGuard noGrad;
    const TensorMap own = this->state();
    for (const auto& [name, tensor] : own) {
        const auto found = state.find(name);
        if (found == state.end() || found->second.sizes() != tensor.sizes())
            throw Error(
                ErrorCode::Mismatch,
                "The saved optimiser state does not fit this model: '" + name + "' is missing or has another shape.",
                "Resume with the settings the run was started with.");
    }
    for (const auto& [name, tensor] : own)
        tensor.copy_(state.at(name));
    steps_ = steps;
}

double globalGradientNorm(std::span<Parameter> parameters) {
    const c10::NoGradGuard noGrad;
    std::vector<at::Tensor> gradients;
    for (const Parameter& parameter : parameters)
        if (parameter.tensor.grad().defined()) gradients.push_back(parameter.tensor.grad());
    if (gradients.empty()) return 0;
    return at::stack(at::_foreach_norm(gradients, 2)).norm().item<double>();
}

double clipFactor(double norm, double clipNorm) {
    // The small constant is the one of torch's clip_grad_norm_, so that clipped runs are comparable.
    if (clipNorm <= 0 || norm <= clipNorm) return 1;
    return clipNorm / (norm + 1e-6);
}

void clearGradients(std::span<Parameter> parameters) {
    for (Parameter& parameter : parameters)
        parameter.tensor.mutable_grad().reset();
}

}  // namespace vl
