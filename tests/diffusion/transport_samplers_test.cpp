// SPDX-License-Identifier: Apache-2.0
#include "engine/diffusion/transport_samplers.h"

#include <gtest/gtest.h>

#include <numbers>

#include <ATen/ops/equal.h>

#include "engine/core/error.h"
#include "engine/diffusion/likelihood.h"
#include "tests/diffusion/toy.h"

namespace vl {
namespace {

using test::GaussianToy;

/// Velocities of the toy: alpha' picture + sigma' noise at the best guess of both.
DenoiseFunction bestVelocity(const GaussianToy& toy, PathKind path) {
    return [toy, path](const at::Tensor& x, const at::Tensor& t) {
        const PathPoint at = pathAt(path, t[0].item<double>());
        const at::Tensor clean = toy.clean(x, at.alpha, at.sigma);
        // Where hardly any noise is left its best guess is 0.
        const double share = at.sigma / (at.alpha * at.alpha * toy.deviation * toy.deviation + at.sigma * at.sigma);
        return at.alphaRate * clean + at.sigmaRate * share * (x - at.alpha * toy.mean);
    };
}

at::Tensor startOf(std::vector<std::uint64_t> seeds, std::int64_t size) {
    const auto batch = static_cast<std::int64_t>(seeds.size());
    return SeededNoise(std::move(seeds)).start({batch, 1, size, size}).to(at::kDouble);
}

double furthest(const at::Tensor& a, const at::Tensor& b) { return (a - b).abs().max().item<double>(); }

TEST(TransportOde, FollowsTheFlowOfTheToy) {
    const GaussianToy toy;
    const at::Tensor start = startOf({3}, 8);
    for (const PathKind path : {PathKind::Linear, PathKind::Gvp}) {
        TransportOdeSampler chain(Transport({.path = path}), bestVelocity(toy, path), start,
                                  {.solver = {.rtol = 1e-7, .atol = 1e-9}, .points = 5});
        EXPECT_LT(furthest(chain.finish(), toy.flow(start, 0, 1, 1, 0)), 1e-5);
        EXPECT_LT(furthest(chain.predictedClean(), chain.x()), 0.05);
    }
}

TEST(TransportOde, ThereAndBackIsWhereItBegan) {
    const GaussianToy toy;
    const at::Tensor start = startOf({4, 5}, 6);
    const Transport transport{TransportSettings{}};
    TransportOdeSettings settings{.solver = {.rtol = 1e-7, .atol = 1e-9}, .points = 4};
    TransportOdeSampler there(transport, bestVelocity(toy, PathKind::Linear), start, settings);
    const at::Tensor picture = there.finish();
    settings.reverse = true;
    TransportOdeSampler back(transport, bestVelocity(toy, PathKind::Linear), picture, settings);
    EXPECT_EQ(back.level(0).time, 1);
    EXPECT_LT(furthest(back.finish(), start), 1e-4);
}

TEST(TransportOde, AnAdaptiveChainGoesOnFromItsSavedState) {
    const GaussianToy toy;
    const at::Tensor start = startOf({4}, 6);
    const auto make = [&] {
        return TransportOdeSampler(Transport{TransportSettings{}}, bestVelocity(toy, PathKind::Linear), start,
                                   {.points = 9});
    };
    TransportOdeSampler whole = make(), begun = make(), resumed = make();
    for (int i = 0; i < 3; ++i)
        begun.step();
    resumed.restore(begun.state());
    EXPECT_TRUE(at::equal(whole.finish(), resumed.finish()));
    EXPECT_THROW(
        TransportOdeSampler(Transport{TransportSettings{}}, bestVelocity(toy, PathKind::Linear), start, {.points = 1}),
        Error);
}

TEST(TransportSde, SamplesHaveTheToysMeanAndSpread) {
    const GaussianToy toy;
    const SeededNoise noise({6});
    const at::Tensor start = noise.start({1, 1, 128, 128}).to(at::kDouble);
    for (const SdeMethod method : {SdeMethod::EulerMaruyama, SdeMethod::Heun})
        for (const DiffusionForm form : {DiffusionForm::Sigma, DiffusionForm::Decreasing}) {
            TransportSdeSampler chain(Transport{TransportSettings{}}, bestVelocity(toy, PathKind::Linear), start, noise,
                                      {.method = method, .form = form});
            const at::Tensor x = chain.finish();
            const double mean = x.mean().item<double>();
            EXPECT_NEAR(mean, toy.mean, 0.02);
            EXPECT_NEAR(std::sqrt((x - mean).square().mean().item<double>()), toy.deviation, 0.02);
        }
}

TEST(TransportSde, TheSamePictureWhateverTheBatchAndTheBreaks) {
    const GaussianToy toy;
    const auto make = [&](const SeededNoise& noise, const at::Tensor& start) {
        return TransportSdeSampler(Transport{TransportSettings{}}, bestVelocity(toy, PathKind::Linear), start, noise,
                                   {.points = 12});
    };
    const SeededNoise both({7, 8}), second({8});
    TransportSdeSampler together = make(both, startOf({7, 8}, 4)), alone = make(second, startOf({8}, 4));
    EXPECT_TRUE(at::equal(together.finish().narrow(0, 1, 1), alone.finish()));
    TransportSdeSampler begun = make(second, startOf({8}, 4)), resumed = make(second, startOf({8}, 4));
    for (int i = 0; i < 5; ++i)
        begun.step();
    resumed.restore(begun.state());
    EXPECT_TRUE(at::equal(resumed.finish(), alone.x()));
    EXPECT_EQ(alone.level(12).noise, 0);
}

// The flow takes normal noise to the toy's distribution, whose density is known.
TEST(Likelihood, OfTheToyIsItsNormalDensity) {
    const GaussianToy toy;
    const at::Tensor pictures = toy.mean + toy.deviation * startOf({9, 10}, 4);
    const SeededNoise probes({1, 2});
    const LikelihoodResult got = logLikelihood(Transport{TransportSettings{}}, bestVelocity(toy, PathKind::Linear),
                                               pictures, probes, {.solver = {.rtol = 1e-7, .atol = 1e-9}, .points = 2});
    const at::Tensor normed = (pictures - toy.mean) / toy.deviation;
    const at::Tensor expected = -0.5 * normed.square().flatten(1).sum(1) -
                                16 * (0.5 * std::log(2 * std::numbers::pi) + std::log(toy.deviation));
    EXPECT_LT(furthest(got.logLikelihood, expected), 1e-3);
    EXPECT_LT(furthest(got.noise, normed), 1e-4);
}

}  // namespace
}  // namespace vl
