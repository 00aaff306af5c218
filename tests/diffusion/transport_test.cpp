// SPDX-License-Identifier: Apache-2.0
#include "engine/diffusion/transport.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include <ATen/TensorOperators.h>
#include <ATen/ops/full.h>

#include "engine/core/error.h"
#include "engine/diffusion/noise.h"

namespace vl {
namespace {

constexpr std::array kPaths{PathKind::Linear, PathKind::Gvp, PathKind::Vp};

at::Tensor one(double value) { return at::full({1}, value, at::kDouble); }

TEST(Path, HasThePublishedConversions) {
    struct Row {
        PathKind path;
        double score, noise;
    };
    for (const Row& row : {Row{PathKind::Linear, -2.642857, 1.85}, Row{PathKind::Gvp, -1.837813, 1.637503},
                           Row{PathKind::Vp, -1.928724, 1.921850}}) {
        const PathPoint at = pathAt(row.path, 0.3);
        EXPECT_NEAR(scoreFromVelocity(at, one(0.5), one(2)).item<double>(), row.score, 1e-6);
        EXPECT_NEAR(noiseFromVelocity(at, one(0.5), one(2)).item<double>(), row.noise, 1e-6);
    }
    EXPECT_NEAR(pathAt(PathKind::Vp, 0.3).alpha, 0.0843526, 1e-7);
    EXPECT_NEAR(pathAt(PathKind::Vp, 0.3).sigma, 0.9964359, 1e-7);
}

TEST(Path, RatesAreDerivatives) {
    constexpr double kStep = 1e-6;
    for (const PathKind path : kPaths)
        for (const double t : {0.1, 0.5, 0.9}) {
            const PathPoint at = pathAt(path, t), after = pathAt(path, t + kStep), before = pathAt(path, t - kStep);
            EXPECT_NEAR(at.alphaRate, (after.alpha - before.alpha) / (2 * kStep), 1e-7);
            EXPECT_NEAR(at.sigmaRate, (after.sigma - before.sigma) / (2 * kStep), 1e-7);
            EXPECT_NEAR(at.ratio, at.alphaRate / at.alpha, 1e-9);
        }
}

TEST(Path, RunsFromNoiseToPicture) {
    for (const PathKind path : kPaths) {
        EXPECT_NEAR(pathAt(path, 0).sigma, 1, 1e-4);
        EXPECT_NEAR(pathAt(path, 1).alpha, 1, 1e-12);
        EXPECT_NEAR(pathAt(path, 1).sigma, 0, 1e-12);
    }
}

// A model that is exactly right, whatever it predicts, leads to the same velocity, score and picture.
TEST(Transport, PredictionsOfAllKindsAgree) {
    const at::Tensor picture = one(0.4), noise = one(-1.1);
    for (const PathKind path : kPaths) {
        const double t = 0.6;
        const PathPoint at = pathAt(path, t);
        const Transport velocity({.path = path});
        const auto plan = velocity.plan(picture, noise, std::span(&t, 1));
        const Transport byNoise({.path = path, .prediction = TransportPrediction::Noise});
        const Transport byScore({.path = path, .prediction = TransportPrediction::Score});
        const at::Tensor score = noise / -at.sigma;
        const std::pair<const Transport*, at::Tensor> models[] = {
            {&velocity, plan.velocity}, {&byNoise, noise}, {&byScore, score}};
        for (const auto& [model, output] : models) {
            EXPECT_NEAR(model->velocity(output, plan.xt, t).item<double>(), plan.velocity.item<double>(), 1e-10);
            EXPECT_NEAR(model->score(output, plan.xt, t).item<double>(), score.item<double>(), 1e-10);
            EXPECT_NEAR(model->clean(output, plan.xt, t).item<double>(), 0.4, 1e-10);
            EXPECT_NEAR(model->losses(output.unsqueeze(0), picture.unsqueeze(0), noise.unsqueeze(0), std::span(&t, 1))
                            .item<double>(),
                        0, 1e-20);
        }
    }
}

TEST(Transport, WeightsMultiplyTheLossButNotThatOfVelocities) {
    const at::Tensor x = at::full({1, 1}, 0.5, at::kDouble), zero = 0 * x;
    const double t = 0.25;  // linear path: d = (1 - t) / t = 3, sigma = 0.75
    const auto loss = [&](TransportPrediction prediction, TransportWeight weight) {
        return Transport({.prediction = prediction, .weight = weight})
            .losses(x, zero, zero, std::span(&t, 1))
            .item<double>();
    };
    EXPECT_NEAR(loss(TransportPrediction::Noise, TransportWeight::None), 0.25, 1e-12);
    EXPECT_NEAR(loss(TransportPrediction::Noise, TransportWeight::Velocity), 0.25 * 16, 1e-12);
    EXPECT_NEAR(loss(TransportPrediction::Noise, TransportWeight::Likelihood), 0.25 * 3 / 0.5625, 1e-12);
    EXPECT_NEAR(loss(TransportPrediction::Score, TransportWeight::None), 0.25 * 0.5625, 1e-12);
    EXPECT_EQ(loss(TransportPrediction::Velocity, TransportWeight::Velocity),
              loss(TransportPrediction::Velocity, TransportWeight::None));
}

// Q31, and the form whose published key is misspelt.
TEST(Transport, QuirksAreKeptOrSaid) {
    EXPECT_THROW(Transport({.path = PathKind::Vp}).samplingInterval({}), Error);
    EXPECT_THROW(Transport({.prediction = TransportPrediction::Noise}).samplingInterval({.sde = true}), Error);
    EXPECT_EQ(Transport({.path = PathKind::Vp}).samplingInterval({.sde = true, .lastStepSize = 0.04}).to, 0.96);
    EXPECT_EQ(Transport({.trainEps = 0.2, .sampleEps = 0.2}).samplingInterval({}).from, 0);
    EXPECT_THROW(Transport({.sampleEps = 0.7}), Error);
    EXPECT_NEAR(diffusionCoefficient(diffusionFormNamed("increasing-decreasing"), PathKind::Linear, 0.5, 2), 2, 1e-12);
    EXPECT_THROW(diffusionFormNamed("increasing"), Error);
    EXPECT_THROW(pathNamed("linear"), Error);
}

TEST(Transport, ABatchNeedsATimeForEachSample) {
    const std::array<double, 2> t{0.1, 0.2};
    EXPECT_THROW(Transport(TransportSettings{}).plan(one(1), one(1), t), Error);
}

}  // namespace
}  // namespace vl
