// SPDX-License-Identifier: Apache-2.0
#include "engine/diffusion/gaussian_diffusion.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/full.h>
#include <ATen/ops/zeros_like.h>

#include "engine/core/error.h"
#include "engine/diffusion/noise.h"

namespace vl {
namespace {

at::Tensor steps(std::vector<std::int64_t> list) {
    at::Tensor k = at::full({static_cast<std::int64_t>(list.size())}, 0, at::kLong);
    std::copy(list.begin(), list.end(), k.data_ptr<std::int64_t>());
    return k;
}

at::Tensor picture(std::int64_t batch, std::uint64_t seed) {
    std::vector<std::uint64_t> seeds;
    for (std::int64_t i = 0; i < batch; ++i)
        seeds.push_back(sampleSeed(seed, static_cast<std::uint64_t>(i)));
    return SeededNoise(seeds).start({batch, 2, 3, 3}).to(at::kDouble);
}

double furthest(const at::Tensor& a, const at::Tensor& b) { return (a - b).abs().max().item<double>(); }

TEST(GaussianDiffusion, TheTrueNoiseGivesBackThePicture) {
    const GaussianDiffusion process(DiffusionSettings{.variance = DiffusionVariance::FixedSmall});
    const at::Tensor x0 = picture(3, 1), noise = picture(3, 2), k = steps({0, 400, 999});
    const at::Tensor xk = process.noisy(x0, k, noise);
    const auto got = process.predict(noise, xk, k, false);
    EXPECT_LT(furthest(got.clean, x0), 1e-10);
    EXPECT_LT(furthest(got.mean, process.posterior(x0, xk, k).mean), 1e-10);
    EXPECT_EQ(furthest(process.predict(noise, xk, k, true).clean, x0.clamp(-1, 1)) < 1e-10, true);
}

TEST(GaussianDiffusion, VelocityTellsTheCleanPictureAtEveryStep) {
    const GaussianDiffusion process(DiffusionSettings{.schedule = BetaSchedule::Cosine,
                                                      .prediction = DiffusionPrediction::Velocity,
                                                      .variance = DiffusionVariance::FixedSmall});
    const at::Tensor x0 = picture(3, 1), noise = picture(3, 2), k = steps({0, 500, 999});
    const at::Tensor signal = tableAt(process.tables().sqrtAlphasCumprod, k, x0);
    const at::Tensor velocity = signal * noise - (1 - signal.square()).sqrt() * x0;
    const at::Tensor xk = process.noisy(x0, k, noise);
    EXPECT_LT(furthest(process.predict(velocity, xk, k, false).clean, x0), 1e-10);
    EXPECT_LT(process.losses(velocity, x0, xk, k, noise).mse.abs().max().item<double>(), 1e-20);
}

TEST(GaussianDiffusion, TheBoundVanishesForThePosteriorItself) {
    const GaussianDiffusion process(DiffusionSettings{.prediction = DiffusionPrediction::Clean,
                                                      .variance = DiffusionVariance::FixedSmall,
                                                      .loss = DiffusionLoss::Kl});
    const at::Tensor x0 = picture(2, 1), noise = picture(2, 2), k = steps({1, 999});
    const auto losses = process.losses(x0, x0, process.noisy(x0, k, noise), k, noise);
    EXPECT_LT(losses.total.abs().max().item<double>(), 1e-12);
    EXPECT_FALSE(losses.mse.defined());
}

// KL of two normal numbers by hand: equal means, variance ratio r gives (r - 1 - ln r) / 2 nats.
TEST(GaussianDiffusion, TheBoundOfAWrongVarianceIsTheTextbookOne) {
    const DiffusionSettings settings{.prediction = DiffusionPrediction::Clean,
                                     .variance = DiffusionVariance::FixedLarge,
                                     .loss = DiffusionLoss::RescaledKl};
    const GaussianDiffusion process(settings);
    const at::Tensor x0 = picture(1, 1), noise = picture(1, 2), k = steps({5});
    const double ratio = process.tables().posteriorVariance[5] / process.tables().betas[5];
    const double expected = 0.5 * (ratio - 1 - std::log(ratio)) / std::numbers::ln2;
    const auto losses = process.losses(x0, x0, process.noisy(x0, k, noise), k, noise);
    EXPECT_NEAR(losses.vb.item<double>(), expected, 1e-12);
    EXPECT_NEAR(losses.total.item<double>(), 1000 * expected, 1e-9);
}

TEST(GaussianDiffusion, LearnedVarianceRunsBetweenTheFixedOnesAndBeyond) {
    const GaussianDiffusion process(DiffusionSettings{});
    const at::Tensor xk = picture(1, 3), k = steps({7});
    const auto logVariance = [&](double value) {
        const at::Tensor output = at::cat({at::zeros_like(xk), at::zeros_like(xk) + value}, 1);
        return process.predict(output, xk, k, false).logVariance.flatten()[0].item<double>();
    };
    const double small = process.tables().posteriorLogVarianceClipped[7], large = std::log(process.tables().betas[7]);
    EXPECT_NEAR(logVariance(-1), small, 1e-12);
    EXPECT_NEAR(logVariance(1), large, 1e-12);
    EXPECT_NEAR(logVariance(3), 2 * large - small, 1e-12);  // not clamped
}

TEST(GaussianDiffusion, TheBoundLeavesTheMeanAlone) {
    const GaussianDiffusion process(DiffusionSettings{});
    const at::Tensor x0 = picture(2, 1), noise = picture(2, 2), k = steps({0, 300});
    at::Tensor output = at::cat({noise, at::zeros_like(noise)}, 1).requires_grad_(true);
    process.losses(output, x0, process.noisy(x0, k, noise), k, noise).vb.sum().backward();
    EXPECT_EQ(output.grad().narrow(1, 0, 2).abs().max().item<double>(), 0);
    EXPECT_GT(output.grad().narrow(1, 2, 2).abs().max().item<double>(), 0);
}

TEST(GaussianDiffusion, WrongSizesAndStepsAreRefused) {
    const GaussianDiffusion process(DiffusionSettings{});
    const at::Tensor xk = picture(1, 3);
    EXPECT_THROW(process.predict(xk, xk, steps({7}), false), Error);
    EXPECT_THROW(process.noisy(xk, steps({1000}), xk), Error);
    EXPECT_THROW(process.noisy(xk, steps({-1}), xk), Error);
}

}  // namespace
}  // namespace vl
