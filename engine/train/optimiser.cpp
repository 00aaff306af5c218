// SPDX-License-Identifier: Apache-2.0
#include "engine/train/optimiser.h"

#include <cmath>
#include <map>

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

AdamW::AdamW(std::span<Parameter> parameters, const Options& options) : options_(options) {
    const c10::NoGradGuard noGrad;
    stepTensor_ = at::zeros({}, at::kFloat);
    for (const Parameter& parameter : parameters) {
        Group& group = parameter.decays ? decay_ : plain_;
        group.names.push_back(parameter.name);
        group.parameters.push_back(parameter.tensor);
        group.first.push_back(at::zeros_like(parameter.tensor).detach());
        group.second.push_back(at::zeros_like(parameter.tensor).detach());
        group.steps.push_back(stepTensor_);
        order_.push_back(parameter.name);
    }
}

void AdamW::step(double learningRate, double weightDecay, double gradientFactor) {
    const c10::NoGradGuard noGrad;
    ++steps_;
    stepTensor_.fill_(static_cast<double>(steps_));
    stepGroup(decay_, learningRate, weightDecay, gradientFactor);
    stepGroup(plain_, learningRate, 0.0, gradientFactor);
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

std::vector<std::pair<std::string, at::Tensor>> AdamW::state() const {
    std::map<std::string, std::pair<at::Tensor, at::Tensor>> moments;
    for (const Group* group : {&decay_, &plain_})
        for (std::size_t i = 0; i < group->names.size(); ++i)
            moments[group->names[i]] = {group->first[i], group->second[i]};
    std::vector<std::pair<std::string, at::Tensor>> result;
    for (const std::string& name : order_) {
        result.emplace_back("exp_avg." + name, moments[name].first);
        result.emplace_back("exp_avg_sq." + name, moments[name].second);
    }
    return result;
}

void AdamW::load(const std::vector<std::pair<std::string, at::Tensor>>& state, std::int64_t steps) {
    const c10::NoGradGuard noGrad;
    const std::map<std::string, at::Tensor> given(state.begin(), state.end());
    const auto own = this->state();
    for (const auto& [name, tensor] : own) {
        const auto found = given.find(name);
        if (found == given.end() || found->second.sizes() != tensor.sizes())
            throw Error(ErrorCode::Mismatch, "The saved optimiser state does not fit this model: '" + name + "' is missing or has another shape.",
                        "Resume with the settings the run was started with.");
    }
    for (const auto& [name, tensor] : own) tensor.copy_(given.at(name));
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
    for (Parameter& parameter : parameters) parameter.tensor.mutable_grad().reset();
}

}  // namespace vl
