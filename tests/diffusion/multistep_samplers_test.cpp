// SPDX-License-Identifier: Apache-2.0
#include "engine/diffusion/multistep_samplers.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>

#include <ATen/ops/equal.h>

#include "engine/core/error.h"
#include "engine/diffusion/noise.h"
#include "tests/diffusion/toy.h"

namespace vl {
namespace {

using test::GaussianToy;

/// From almost noise to almost picture along a circle, evenly in the logarithm of the ratio; the model's time is it.
SolverPlan circle(int steps) {
    SolverPlan plan;
    for (int i = 0; i <= steps; ++i) {
        const double ratio = -2.5 + 5.0 * i / steps, noise = 1 / std::sqrt(1 + std::exp(2 * ratio));
        plan.levels.push_back({std::exp(ratio) * noise, noise, ratio});
    }
    plan.clean = [](const at::Tensor& output, const at::Tensor&, int) { return output; };
    return plan;
}

DenoiseFunction bestModel(const GaussianToy& toy, const SolverPlan& plan) {
    return [toy, levels = plan.levels](const at::Tensor& x, const at::Tensor& t) {
        // Times arrive in float32; the level is looked up to keep float64.
        std::size_t nearest = 0;
        for (std::size_t i = 0; i < levels.size(); ++i)
            if (std::abs(levels[i].time - t[0].item<double>()) < std::abs(levels[nearest].time - t[0].item<double>()))
                nearest = i;
        return toy.clean(x, levels[nearest].signal, levels[nearest].noise);
    };
}

using Make = std::function<std::unique_ptr<Sampler>(SolverPlan, DenoiseFunction, at::Tensor)>;

double errorOf(const Make& make, int steps) {
    const GaussianToy toy;
    const at::Tensor start = SeededNoise({3}).start({1, 1, 4, 4}).to(at::kDouble);
    const SolverPlan plan = circle(steps);
    const NoiseLevel from = plan.levels.front(), to = plan.levels.back();
    const auto chain = make(plan, bestModel(toy, plan), start);
    return (chain->finish() - toy.flow(start, from.signal, from.noise, to.signal, to.noise)).abs().max().item<double>();
}

Make dpmSolver() {
    return [](SolverPlan plan, DenoiseFunction model, at::Tensor start) {
        return std::make_unique<DpmSolver2MSampler>(std::move(plan), std::move(model), std::move(start));
    };
}

Make uniPc(int order) {
    return [order](SolverPlan plan, DenoiseFunction model, at::Tensor start) {
        return std::make_unique<UniPcSampler>(std::move(plan), std::move(model), std::move(start), order);
    };
}

double orderOf(const Make& make) { return std::log2(errorOf(make, 40) / errorOf(make, 80)); }

TEST(MultistepSamplers, ConvergeAtLeastWithTheirOrder) {
    EXPECT_GT(orderOf(dpmSolver()), 1.7);
    EXPECT_GT(orderOf(uniPc(1)), 1.7);  // the corrector adds one
    EXPECT_GT(orderOf(uniPc(2)), 1.8);
    EXPECT_GT(orderOf(uniPc(3)), 2.7);
    EXPECT_LT(errorOf(uniPc(2), 20), errorOf(dpmSolver(), 20));
    EXPECT_LT(errorOf(uniPc(3), 20), errorOf(uniPc(2), 20));
    EXPECT_LT(errorOf(dpmSolver(), 80), 1e-3);
}

TEST(MultistepSamplers, GoOnFromTheirSavedState) {
    const GaussianToy toy;
    const at::Tensor start = SeededNoise({3}).start({1, 1, 4, 4});
    for (const Make& make : {dpmSolver(), uniPc(2), uniPc(3)}) {
        const SolverPlan plan = circle(10);
        const auto whole = make(plan, bestModel(toy, plan), start), begun = make(plan, bestModel(toy, plan), start);
        const auto resumed = make(plan, bestModel(toy, plan), start);
        for (int i = 0; i < 4; ++i)
            begun->step();
        resumed->restore(begun->state());
        EXPECT_TRUE(at::equal(whole->finish(), resumed->finish()));
    }
    EXPECT_THROW(UniPcSampler(circle(10), nullptr, start, 4), Error);
}

// Down to the picture itself. The last steps of a process spaced evenly in time are long in the logarithm of the ratio,
// so few of them do not show the order; a plain script of the 2M formula is 0.0080 off here and DDIM 0.024.
TEST(MultistepSamplers, SampleTheToyOnAPublishedProcess) {
    const GaussianToy toy;
    const GaussianDiffusion process(
        {.respacing = "200", .prediction = DiffusionPrediction::Clean, .variance = DiffusionVariance::FixedSmall});
    const at::Tensor start = SeededNoise({5}).start({1, 1, 64, 64}).to(at::kDouble);
    for (const Make& make : {dpmSolver(), uniPc(2)}) {
        const SolverPlan plan = solverPlan(process);
        const auto chain = make(plan, bestModel(toy, plan), start);
        const at::Tensor exact = toy.flow(start, plan.levels[0].signal, plan.levels[0].noise, 1, 0);
        EXPECT_LT((chain->finish() - exact).abs().max().item<double>(), 0.012);
    }
}

// A flow starts without any signal, where the logarithm of the ratio has no value.
TEST(MultistepSamplers, StartAndEndAtThePolesOfAFlow) {
    const GaussianToy toy;
    const Transport transport{TransportSettings{}};
    const at::Tensor start = SeededNoise({6}).start({1, 1, 16, 16}).to(at::kDouble);
    for (const Make& make : {dpmSolver(), uniPc(3)}) {
        SolverPlan plan = solverPlan(transport, 60);
        plan.clean = [](const at::Tensor& output, const at::Tensor&, int) { return output; };
        const auto chain = make(plan, bestModel(toy, plan), start);
        EXPECT_LT((chain->finish() - toy.flow(start, 0, 1, 1, 0)).abs().max().item<double>(), 0.05);
    }
    EXPECT_THROW(solverPlan(transport, 1), Error);
}

}  // namespace
}  // namespace vl
