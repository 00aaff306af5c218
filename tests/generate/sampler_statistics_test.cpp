// SPDX-License-Identifier: Apache-2.0
// Every sampler on a problem whose answer is known: pixels that are independent normal numbers.
#include <gtest/gtest.h>

#include <cmath>

#include "engine/api/generate.h"
#include "engine/core/error.h"
#include "engine/diffusion/multistep_samplers.h"
#include "engine/diffusion/transport_samplers.h"
#include "engine/generate/chain.h"
#include "tests/generate/toy_denoiser.h"

namespace vl {
namespace {

using test::ToyDenoiser;

constexpr int kSamples = 64;

/// Enough for the error of discretisation to be small beside the allowance below.
int finely(const SamplerInfo& sampler) {
    if (sampler.name == "ddpm") return 1000;
    if (sampler.stochastic || sampler.name == "euler" || sampler.name == "ddim") return 500;
    return 100;
}

std::vector<CellSettings> cellsOf(const SamplerInfo& sampler, int steps) {
    std::vector<CellSettings> cells(kSamples);
    for (int i = 0; i < kSamples; ++i) {
        CellSettings& cell = cells[static_cast<std::size_t>(i)];
        cell.seed = static_cast<std::uint64_t>(1000 + i);
        cell.sampler = sampler.name;
        cell.steps = steps;
        cell.guidance = 1;
    }
    return cells;
}

// 64 samples of 256 pixels: the mean is off by deviation / sqrt(n) and the deviation by deviation / sqrt(2 n) on
// average; five times that happens once in two million. Another hundredth is left to the steps.
void expectStatistics(ToyDenoiser& model) {
    for (const SamplerInfo& sampler : samplersFor(model.spec())) {
        const at::Tensor drawn = drawSamples(model, cellsOf(sampler, finely(sampler)), kSamples).to(at::kDouble);
        const double n = static_cast<double>(drawn.numel()), error = model.toy.deviation / std::sqrt(n);
        EXPECT_NEAR(drawn.mean().item<double>(), model.toy.mean, 5 * error + 0.01) << sampler.name;
        EXPECT_NEAR(drawn.std().item<double>(), model.toy.deviation, 5 * error / std::sqrt(2.0) + 0.01) << sampler.name;
    }
}

TEST(SamplerStatistics, FlowSamplersMeetTheDistribution) {
    ToyDenoiser model("sitllama_micro");
    expectStatistics(model);
}

TEST(SamplerStatistics, GaussianSamplersMeetTheDistribution) {
    ToyDenoiser model("ditllama_micro");
    expectStatistics(model);
}

TEST(SamplerStatistics, TheFlowBackFindsTheStart) {
    ToyDenoiser model("sitllama_micro");
    CellSettings cell = cellsOf(findSampler("rk4"), 50).front();
    const auto chain = makeChain(model, {cell});
    const at::Tensor start = chain->x().clone(), picture = chain->finish();
    EXPECT_GT((picture - start).abs().max().item<double>(), 0.5);
    TransportOdeSettings back;
    back.solver.method = OdeMethod::Rk4;
    back.points = 51;
    back.reverse = true;
    TransportOdeSampler reversed(Transport(transportSettingsOf(model.spec())), denoiseEachWith(model, std::vector<SampleCondition>(1)), picture,
                                 back);
    EXPECT_LT((reversed.finish() - start).abs().max().item<double>(), 1e-3);
}

// What the spacing is for: at ten steps the last steps of an even spacing are too long for second order.
TEST(SamplerStatistics, EvenLogSnrStepsAreBetterWhenThereAreFew) {
    ToyDenoiser model("ditllama_micro");
    const GaussianDiffusion whole(diffusionSettingsOf(model.spec())), ten(diffusionSettingsOf(model.spec(), "10"));
    const at::Tensor start = SeededNoise({5}).start({1, 1, 16, 16});
    const auto errorOf = [&](SolverPlan plan) {
        const NoiseLevel from = plan.levels.front();
        DpmSolver2MSampler chain(std::move(plan), denoiseEachWith(model, std::vector<SampleCondition>(1)), start);
        return (chain.finish() - model.toy.flow(start, from.signal, from.noise, 1, 0)).abs().max().item<double>();
    };
    const double even = errorOf(solverPlan(ten)), spaced = errorOf(logSnrPlan(whole, 10));
    RecordProperty("even", std::to_string(even));
    RecordProperty("spaced", std::to_string(spaced));
    EXPECT_LT(spaced, 0.5 * even) << even;
    EXPECT_THROW(logSnrPlan(whole, 1), Error);
    EXPECT_THROW(logSnrPlan(whole, 1001), Error);
}

TEST(SamplerStatistics, LogSnrPlansTakeEveryStepOnce) {
    const GaussianDiffusion process(diffusionSettingsOf(test::smallDenoiserSpec("ditllama_micro")));
    for (const int steps : {2, 3, 10, 250, 999, 1000}) {
        const SolverPlan plan = logSnrPlan(process, steps);
        ASSERT_EQ(plan.levels.size(), static_cast<std::size_t>(steps) + 1);
        EXPECT_EQ(plan.levels.front().time, 999);
        EXPECT_EQ(plan.levels[static_cast<std::size_t>(steps) - 1].time, 0);
        for (std::size_t i = 1; i + 1 < plan.levels.size(); ++i)
            ASSERT_LT(plan.levels[i].time, plan.levels[i - 1].time);
    }
}

}  // namespace
}  // namespace vl
