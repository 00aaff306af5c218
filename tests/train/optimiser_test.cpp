// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <fstream>

#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "engine/core/error.h"
#include "engine/nn/recorded_fill.h"
#include "engine/train/loss.h"
#include "engine/train/optimiser.h"

namespace vl {
namespace {

nlohmann::json recordedOptimisers() {
    std::ifstream file(std::string(VL_SOURCE_DIR) + "/tests/golden/recipe_optimizers.json");
    return nlohmann::json::parse(file);
}

std::vector<Parameter> recordedParameters(const nlohmann::json& recorded) {
    std::vector<Parameter> parameters;
    for (const auto& row : recorded.at("shapes")) {
        Parameter parameter;
        parameter.name = row[0];
        const auto shape = row[1].get<std::vector<std::int64_t>>();
        parameter.tensor = at::zeros(shape);
        if (parameter.name != "zero.weight") fillRecorded(parameter.tensor, parameter.name);
        parameter.tensor.requires_grad_(true);
        parameter.decays = shape.size() > 1;
        parameters.push_back(parameter);
    }
    return parameters;
}

at::Tensor recordedGradient(std::size_t step, const Parameter& parameter, double scale) {
    at::Tensor gradient = at::empty(parameter.tensor.sizes());
    const std::string stream = "grad." + std::to_string(step) + "." + parameter.name;
    for (std::int64_t i = 0; i < gradient.numel(); ++i)
        gradient.mutable_data_ptr<float>()[i] =
            static_cast<float>(scale * recordedUniform(stream, static_cast<std::uint64_t>(i)));
    return gradient;
}

void expectRecorded(const Parameter& parameter, const nlohmann::json& expected) {
    const at::Tensor values = parameter.tensor.detach().flatten().to(at::kDouble).contiguous();
    const auto& first = expected.at("first");
    for (std::size_t i = 0; i < first.size(); ++i)
        EXPECT_NEAR(values[static_cast<std::int64_t>(i)].item<double>(), first[i].get<double>(), 2e-7)
            << parameter.name;
    EXPECT_NEAR(values.norm().item<double>(), expected.at("l2").get<double>(), 1e-6) << parameter.name;
}

TEST(AdamW, FollowsTheRecordedSteps) {
    const auto recorded = recordedOptimisers();
    int runs = 0;
    for (const auto& run : recorded.at("runs")) {
        if (run.at("optimizer") != "AdamW") continue;
        ++runs;
        auto parameters = recordedParameters(recorded);
        AdamW optimiser(parameters, {run.at("betas")[0], run.at("betas")[1], run.at("eps")});
        for (std::size_t step = 0; step < run.at("after_step").size(); ++step) {
            for (Parameter& parameter : parameters)
                parameter.tensor.mutable_grad() = recordedGradient(step, parameter, recorded.at("gradient_scale"));
            const double clip = run.value("clip_grad_norm", 0.0);
            optimiser.step(run.at("lr"), run.at("weight_decay"), clipFactor(globalGradientNorm(parameters), clip));
            for (const Parameter& parameter : parameters)
                expectRecorded(parameter, run.at("after_step")[step].at(parameter.name));
        }
    }
    EXPECT_EQ(runs, 2);
}

std::vector<Parameter> twoParameters() {
    std::vector<Parameter> parameters(2);
    parameters[0] = {"w", at::full({2, 2}, 1.0).requires_grad_(true), true};
    parameters[1] = {"b", at::full({2}, 1.0).requires_grad_(true), false};
    return parameters;
}

TEST(AdamW, DecaysOnlyTheParametersThatAskForIt) {
    auto parameters = twoParameters();
    AdamW optimiser(parameters);
    for (Parameter& p : parameters)
        p.tensor.mutable_grad() = at::zeros(p.tensor.sizes());
    optimiser.step(0.1, 0.5);
    EXPECT_FLOAT_EQ(parameters[0].tensor[0][0].item<float>(), 0.95f);  // 1 - lr * decay, gradient zero
    EXPECT_FLOAT_EQ(parameters[1].tensor[0].item<float>(), 1.f);
}

TEST(AdamW, StateComesBackUnderItsNames) {
    auto parameters = twoParameters();
    AdamW first(parameters);
    for (Parameter& p : parameters)
        p.tensor.mutable_grad() = at::full(p.tensor.sizes(), 0.5);
    first.step(0.1, 0);
    AdamW second(parameters);
    second.load(first.state(), first.steps());
    EXPECT_EQ(second.steps(), 1);
    EXPECT_EQ(second.state().size(), 4u);
    EXPECT_TRUE(second.state().at("exp_avg.w").equal(first.state().at("exp_avg.w")));
    EXPECT_TRUE(second.state().at("exp_avg_sq.b").equal(first.state().at("exp_avg_sq.b")));
}

TEST(AdamW, RefusesTheStateOfAnotherModel) {
    auto parameters = twoParameters();
    AdamW optimiser(parameters);
    TensorMap state = optimiser.state();
    state["exp_avg.w"] = at::zeros({3, 2});
    try {
        optimiser.load(state, 1);
        FAIL() << "accepted";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::Mismatch);
        EXPECT_NE(error.message().find("exp_avg.w"), std::string::npos);
    }
}

TEST(Gradients, NormIsOverAllParametersTogether) {
    auto parameters = twoParameters();
    parameters[0].tensor.mutable_grad() = at::full({2, 2}, 1.0);
    parameters[1].tensor.mutable_grad() = at::full({2}, 4.0);
    EXPECT_DOUBLE_EQ(globalGradientNorm(parameters), 6.0);  // sqrt(4 * 1 + 2 * 16)
    clearGradients(parameters);
    EXPECT_EQ(globalGradientNorm(parameters), 0);
}

TEST(Gradients, ClippingOnlyShortens) {
    EXPECT_EQ(clipFactor(0.5, 1), 1);
    EXPECT_NEAR(clipFactor(4, 1), 0.25, 1e-6);
    EXPECT_EQ(clipFactor(1e9, 0), 1);
}

TEST(CrossEntropy, SmoothsTheTargetOverAllClasses) {
    // Logits ln 1, ln 2, ln 5: probabilities 1/8, 2/8, 5/8; label 2, s = 0.3: targets 0.1, 0.1, 0.8.
    const at::Tensor logits = at::tensor({std::log(1.0), std::log(2.0), std::log(5.0)}).reshape({1, 3});
    const at::Tensor label = at::tensor(std::vector<std::int64_t>{2});
    const double expected = -(0.1 * std::log(1.0 / 8) + 0.1 * std::log(2.0 / 8) + 0.8 * std::log(5.0 / 8));
    EXPECT_NEAR(crossEntropy(logits, label, 0.3).item<double>(), expected, 1e-12);
    EXPECT_NEAR(crossEntropyPerSample(logits, label)[0].item<double>(), -std::log(5.0 / 8), 1e-12);
    EXPECT_EQ(countCorrect(logits, label), 1);
}

}  // namespace
}  // namespace vl
