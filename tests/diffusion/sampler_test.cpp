// SPDX-License-Identifier: Apache-2.0
#include "engine/diffusion/diffusion_samplers.h"

#include <gtest/gtest.h>

#include <ATen/ops/cat.h>
#include <ATen/ops/equal.h>

#include "engine/core/error.h"
#include "tests/diffusion/toy.h"

namespace vl {
namespace {

using test::GaussianToy;

GaussianDiffusion process(const std::string& respacing) {
    return GaussianDiffusion(DiffusionSettings{
        .respacing = respacing, .prediction = DiffusionPrediction::Clean, .variance = DiffusionVariance::FixedSmall});
}

/// The best model of the toy, told original steps of the full process.
DenoiseFunction bestModel(const GaussianToy& toy) {
    const DiffusionTables tables(betaSchedule(BetaSchedule::Linear, 1000));
    return [toy, tables](const at::Tensor& x, const at::Tensor& t) {
        const auto step = static_cast<std::size_t>(t[0].item<double>());
        return toy.clean(x, tables.sqrtAlphasCumprod[step], tables.sqrtOneMinusAlphasCumprod[step]);
    };
}

SeededNoise noiseOf(std::vector<std::uint64_t> seeds) { return SeededNoise(std::move(seeds)); }

TEST(SeededNoise, IsNormalAndOfUnitVariance) {
    const at::Tensor values = noiseOf({5}).draw(3, {1, 4, 64, 64}).to(at::kDouble);
    EXPECT_NEAR(values.mean().item<double>(), 0, 0.03);
    EXPECT_NEAR(values.square().mean().item<double>(), 1, 0.05);
    EXPECT_NEAR(values.pow(4).mean().item<double>(), 3, 0.3);
    EXPECT_FALSE(at::equal(noiseOf({5}).draw(0, {1, 8}), noiseOf({5}).draw(1, {1, 8})));
    EXPECT_FALSE(at::equal(noiseOf({5}).draw(0, {1, 8}), noiseOf({6}).draw(0, {1, 8})));
    EXPECT_FALSE(at::equal(noiseOf({5}).start({1, 8}), noiseOf({5}).draw(0, {1, 8})));
}

TEST(SeededNoise, OfASampleDoesNotKnowItsBatch) {
    const at::Tensor together = noiseOf({1, 2, 3}).draw(4, {3, 2, 5});
    EXPECT_TRUE(at::equal(together.narrow(0, 1, 1), noiseOf({2}).draw(4, {1, 2, 5})));
    EXPECT_THROW(noiseOf({1, 2}).draw(0, {3, 2}), Error);
    EXPECT_EQ(sampleSeed(9, 0), 9u);
    EXPECT_NE(sampleSeed(9, 1), sampleSeed(9, 2));
}

TEST(Samplers, AChainGivesTheSamePictureWhateverTheBatch) {
    const GaussianToy toy;
    const auto run = [&](const std::vector<std::uint64_t>& seeds) {
        const SeededNoise noise(seeds);
        const at::Tensor start = noise.start({static_cast<std::int64_t>(seeds.size()), 2, 4, 4});
        return DdpmSampler(process("10"), bestModel(toy), start, noise).finish().clone();
    };
    const at::Tensor together = run({7, 8, 9});
    EXPECT_TRUE(at::equal(together.narrow(0, 2, 1), run({9})));
    EXPECT_TRUE(at::equal(together.narrow(0, 0, 2), run({7, 8})));
}

TEST(Samplers, AStoppedChainGoesOnAsIfNothingHappened) {
    const GaussianToy toy;
    const SeededNoise noise({1, 2});
    const at::Tensor start = noise.start({2, 2, 4, 4});
    DdimSampler whole(process("20"), bestModel(toy), start, noise, 1.0);
    DdimSampler begun(process("20"), bestModel(toy), start, noise, 1.0);
    for (int i = 0; i < 7; ++i)
        begun.step();
    const SamplerState saved = begun.state();
    EXPECT_EQ(saved.step, 7);
    EXPECT_TRUE(saved.clean.defined());
    begun.finish();
    DdimSampler resumed(process("20"), bestModel(toy), start, noise, 1.0);
    resumed.restore(saved);
    EXPECT_TRUE(at::equal(whole.finish(), resumed.finish()));
    EXPECT_TRUE(at::equal(begun.x(), resumed.x()));
    EXPECT_TRUE(whole.done());
    EXPECT_THROW(whole.step(), Error);
    DdimSampler shorter(process("5"), bestModel(toy), start, noise, 1.0);
    EXPECT_THROW(shorter.restore(saved), Error);
}

TEST(Samplers, TheNoiseFallsFromAlmostAllToNone) {
    const SeededNoise noise({1});
    const DdpmSampler chain(process("10"), bestModel({}), noise.start({1, 1, 2, 2}), noise);
    EXPECT_GT(chain.level(0).noise, 0.999);
    EXPECT_EQ(chain.level(0).time, 999);
    EXPECT_EQ(chain.level(10).noise, 0);
    for (int i = 0; i < 10; ++i)
        EXPECT_GT(chain.level(i).noise, chain.level(i + 1).noise);
}

// 16384 pixels: means within 4 standard errors.
void expectToy(const at::Tensor& x, const GaussianToy& toy, double deviationTolerance) {
    const at::Tensor values = x.to(at::kDouble);
    const double mean = values.mean().item<double>();
    EXPECT_NEAR(mean, toy.mean, 0.01);
    EXPECT_NEAR(std::sqrt((values - mean).square().mean().item<double>()), toy.deviation, deviationTolerance);
}

TEST(Samplers, AncestralSamplesHaveTheToysMeanAndSpread) {
    const GaussianToy toy;
    const SeededNoise noise({11});
    expectToy(DdpmSampler(process(""), bestModel(toy), noise.start({1, 4, 64, 64}), noise).finish(), toy, 0.01);
}

TEST(Samplers, DdimSamplesHaveTheToysMeanAndSpread) {
    const GaussianToy toy;
    const SeededNoise noise({12});
    for (const double eta : {0.0, 1.0})
        expectToy(DdimSampler(process("250"), bestModel(toy), noise.start({1, 4, 64, 64}), noise, eta).finish(), toy,
                  0.015);
}

TEST(Samplers, DdimFollowsTheFlowToFirstOrder) {
    const GaussianToy toy;
    const SeededNoise noise({13});
    const at::Tensor start = noise.start({1, 1, 8, 8}).to(at::kDouble);
    const auto error = [&](const std::string& respacing) {
        DdimSampler chain(process(respacing), bestModel(toy), start, noise);
        const NoiseLevel level = chain.level(0);
        return (chain.finish() - toy.flow(start, level.signal, level.noise, 1, 0)).abs().max().item<double>();
    };
    const double coarse = error("100"), fine = error("200");
    EXPECT_NEAR(std::log2(coarse / fine), 1, 0.3);
    EXPECT_LT(fine, 0.02);
}

}  // namespace
}  // namespace vl
