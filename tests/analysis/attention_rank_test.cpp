// SPDX-License-Identifier: Apache-2.0
#include "engine/analysis/attention_rank.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/diag.h>
#include <ATen/ops/eye.h>
#include <ATen/ops/full.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

#include "engine/core/error.h"
#include "engine/nn/recorded_fill.h"

namespace vl {
namespace {

TEST(RankSpectrum, OfADiagonalMapIsItsDiagonal) {
    const RankSpectrum spectrum = rankSpectrum(at::diag(at::tensor({1.0, 4.0, 3.0, 2.0})));
    ASSERT_EQ(spectrum.values.size(), 4u);
    EXPECT_NEAR(spectrum.values[0], 4, 1e-12);
    EXPECT_NEAR(spectrum.values[3], 1, 1e-12);
    EXPECT_NEAR(spectrum.c(1), 0.4, 1e-12);
    EXPECT_NEAR(spectrum.c(4), 1, 1e-12);
    EXPECT_EQ(spectrum.kStar, 3);  // 0.4, 0.7, 0.9
    EXPECT_NEAR(spectrum.stableRank, 30.0 / 16, 1e-12);
    const double entropy = -(0.4 * std::log(0.4) + 0.3 * std::log(0.3) + 0.2 * std::log(0.2) + 0.1 * std::log(0.1));
    EXPECT_NEAR(spectrum.effectiveRank, std::exp(entropy), 1e-9);
}

TEST(RankSpectrum, TellsUniformAttentionFromTheIdentity) {
    EXPECT_EQ(rankSpectrum(at::full({10, 10}, 0.1)).kStar, 1);
    const RankSpectrum identity = rankSpectrum(at::eye(10));
    EXPECT_EQ(identity.kStar, 8);
    EXPECT_NEAR(identity.effectiveRank, 10, 1e-9);
    EXPECT_NEAR(identity.stableRank, 10, 1e-9);
}

TEST(RankSpectrum, SurvivesAMapOfZerosAndRefusesOneThatIsNotFinite) {
    EXPECT_EQ(rankSpectrum(at::zeros({3, 3})).effectiveRank, 0);
    const at::Tensor broken = at::full({2, 2}, std::numeric_limits<float>::quiet_NaN());
    EXPECT_THROW(rankSpectrum(broken), Error);
}

TEST(RankSpectrum, AveragesCurves) {
    const RankSpectrum spectra[] = {rankSpectrum(at::full({2, 2}, 0.5)), rankSpectrum(at::eye(2))};
    const RankSpectrum mean = meanCurve(spectra);
    EXPECT_NEAR(mean.c(1), 0.75, 1e-9);
    EXPECT_NEAR(mean.c(2), 1, 1e-9);
    EXPECT_EQ(mean.kStar, 2);
}

/// Passes the maps on as a model of two tokens would.
TEST(AttentionRankProbe, AppliesTheMaskAndCountsWhatItTakes) {
    ModelSpec spec = findPreset("illama_micro");
    spec.depth = 1;
    const auto model = makeModel(spec);
    model->setSoftMask(0.5);
    AttentionRankProbe probe(*model, {});
    probe.attention(0, at::full({3, 1, 2, 2}, 0.5f));
    const std::vector<HeadRank> heads = probe.result(0);
    ASSERT_EQ(heads.size(), 1u);
    EXPECT_NEAR(heads[0].mapSum, 1.75, 1e-6);          // 0.5 + 0.25 + 0.5 + 0.5
    EXPECT_NEAR(heads[0].discardedMass, 0.125, 1e-6);  // (0.25 + 0) / 2 rows
    EXPECT_NEAR(heads[0].entropyBeforeMask, std::log(2.0), 1e-6);
    EXPECT_NEAR(heads[0][RankVariant::BeforeMask].c(1), 1, 1e-9);
    // Rows over their sums: [2/3 1/3; 1/2 1/2], determinant 1/6, sum of squares 19/18.
    const std::vector<double>& normalised = heads[0][RankVariant::RowsNormalised].values;
    EXPECT_NEAR(normalised[0] * normalised[1], 1.0 / 6, 1e-6);
    EXPECT_NEAR(normalised[0] * normalised[0] + normalised[1] * normalised[1], 19.0 / 18, 1e-6);
}

TEST(AttentionRankProbe, SeesTheWantedLayersOfEveryPass) {
    const at::NoGradGuard noGrad;
    ModelSpec spec = findPreset("illama_micro");
    spec.depth = 3;
    const auto model = makeModel(spec);
    fillRecorded(model->parameters());
    AttentionRankProbe together(*model, {1}), apart(*model, {1});
    const at::Tensor images = recordedInput({2, 1, 32, 32});
    ForwardOptions options;
    options.probe = &together;
    model->forward(images, options);
    options.probe = &apart;
    model->forward(images.narrow(0, 0, 1), options);
    model->forward(images.narrow(0, 1, 1), options);
    EXPECT_EQ(together.layers(), std::vector<int>{1});
    EXPECT_THROW(together.result(0), Error);
    const auto expected = together.result(1), got = apart.result(1);
    ASSERT_EQ(got.size(), static_cast<std::size_t>(spec.heads));
    for (std::size_t head = 0; head < got.size(); ++head) {
        for (const RankVariant variant : kRankVariants)
            EXPECT_NEAR(got[head][variant].c(3), expected[head][variant].c(3), 1e-6) << toString(variant);
    }
}

}  // namespace
}  // namespace vl
