// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <ostream>
#include <vector>

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros_like.h>

#include "engine/nn/recorded_fill.h"
#include "tests/models/golden_case.h"

namespace vl {

/// What the list of tests shows; found by its argument, so it lives beside AttentionKind.
static void PrintTo(AttentionKind kind, std::ostream* out) {
    *out << (kind == AttentionKind::Explicit ? "explicit" : "fused");
}

namespace {

/// AdamW with decoupled decay, written from its formula so that the recorded numbers judge the model alone.
class PlainAdamW {
public:
    PlainAdamW(std::span<Parameter> parameters, const nlohmann::json& recipe)
        : parameters_(parameters), recipe_(recipe) {
        for (const Parameter& parameter : parameters_) {
            mean_.push_back(at::zeros_like(parameter.tensor));
            square_.push_back(at::zeros_like(parameter.tensor));
        }
    }

    void step() {
        const at::NoGradGuard noGrad;
        const double lr = recipe_.at("lr"), beta1 = recipe_.at("betas")[0], beta2 = recipe_.at("betas")[1];
        ++steps_;
        for (std::size_t i = 0; i < parameters_.size(); ++i) {
            at::Tensor& weight = parameters_[i].tensor;
            const at::Tensor gradient = weight.grad();
            if (parameters_[i].decays) weight.mul_(1 - lr * recipe_.at("weight_decay").get<double>());
            mean_[i].mul_(beta1).add_(gradient, 1 - beta1);
            square_[i].mul_(beta2).addcmul_(gradient, gradient, 1 - beta2);
            const at::Tensor denominator =
                (square_[i] / (1 - std::pow(beta2, steps_))).sqrt() + recipe_.at("eps").get<double>();
            weight.addcdiv_(mean_[i], denominator, -lr / (1 - std::pow(beta1, steps_)));
            weight.mutable_grad().reset();
        }
    }

private:
    std::span<Parameter> parameters_;
    nlohmann::json recipe_;
    std::vector<at::Tensor> mean_, square_;
    int steps_ = 0;
};

void expectFirstGradients(std::span<Parameter> parameters, const nlohmann::json& expected) {
    for (const Parameter& parameter : parameters) {
        const at::Tensor gradient = parameter.tensor.grad().to(at::kDouble);
        const double norm = expected.at(parameter.name)[0], sum = expected.at(parameter.name)[1];
        EXPECT_NEAR(gradient.norm().item<double>(), norm, 1e-3 * norm) << parameter.name;
        // A sum of terms of both signs is known only relative to the gradient's size.
        EXPECT_NEAR(gradient.sum().item<double>(), sum, 1e-3 * std::max(std::abs(sum), norm)) << parameter.name;
    }
}

class GoldenTraining : public ::testing::TestWithParam<AttentionKind> {};

TEST_P(GoldenTraining, SixStepsFollowTheRecordedRun) {
    for (const std::string& name : test::goldenNames("train_illama_")) {
        const auto recorded = test::loadGolden(name);
        const auto model = makeModel(test::specOf(recorded));
        fillRecorded(model->parameters());
        model->setAttention(GetParam());
        const std::int64_t batch = recorded.at("batch"), side = model->spec().imageSize;
        const at::Tensor input = recordedInput({batch, 3, side, side});
        const at::Tensor labels = at::tensor(recorded.at("labels").get<std::vector<std::int64_t>>());
        for (const Parameter& parameter : model->parameters()) {
            const auto& exempt = recorded.at("optimizer").at("no_decay");
            EXPECT_NE(parameter.decays, std::find(exempt.begin(), exempt.end(), parameter.name) != exempt.end())
                << parameter.name;
        }

        PlainAdamW optimiser(model->parameters(), recorded.at("optimizer"));
        ForwardOptions options;
        options.training = true;
        const auto& losses = recorded.at("losses");
        for (std::size_t step = 0; step < losses.size(); ++step) {
            const at::Tensor logits = model->forward(input, options);
            if (step == 0) test::expectMatches(logits, recorded.at("first_logits"), "first logits");
            const at::Tensor loss = at::cross_entropy_loss(logits, labels, {}, 1, -100, 0.1);
            loss.backward();
            EXPECT_NEAR(loss.item<double>(), losses[step].get<double>(), 1e-3 * losses[step].get<double>())
                << "step " << step;
            if (step == 0) expectFirstGradients(model->parameters(), recorded.at("first_grad_l2_sum"));
            optimiser.step();
        }
        for (const Parameter& parameter : model->parameters()) {
            const double norm = recorded.at("final_weight_l2").at(parameter.name);
            EXPECT_NEAR(parameter.tensor.detach().to(at::kDouble).norm().item<double>(), norm, 1e-5 * norm)
                << parameter.name;
        }
    }
}

std::string kindName(const ::testing::TestParamInfo<AttentionKind>& info) {
    return info.param == AttentionKind::Explicit ? "Explicit" : "Fused";
}

INSTANTIATE_TEST_SUITE_P(BothAttentions, GoldenTraining,
                         ::testing::Values(AttentionKind::Explicit, AttentionKind::Fused), kindName);

}  // namespace
}  // namespace vl
