// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/attention_math.h"

#include <chrono>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace vl {
namespace {

// 1 x 2 patches and a class token: three tokens, small enough for sums by hand.
Inspection threeTokens(bool classLast, std::vector<std::vector<float>> layers, double alpha) {
    Inspection inspection;
    inspection.alpha = alpha;
    inspection.geometry = {1, 2, 1, 2, 3, classLast ? 2 : 0, classLast ? 0 : 1, true};
    for (auto& softmax : layers) {
        const int heads = static_cast<int>(softmax.size() / 9);
        inspection.layers.push_back({heads, 3, std::move(softmax)});
    }
    return inspection;
}

const std::vector<float> handRows{0.2f, 0.3f, 0.5f, 0.1f, 0.6f, 0.3f, 0.25f, 0.25f, 0.5f};

AttentionChoice masked() { return {0, 0, HeadFusion::One, AttentionDirection::AttendsTo, true}; }

TEST(TokenGeometry, ClassTokenLastLeavesPatchesAtTheFront) {
    const AttentionGeometry g{2, 3, 2, 3, 7, 6, 0, true};
    EXPECT_EQ(patchOfToken(g, 0), (PatchPosition{0, 0}));
    EXPECT_EQ(patchOfToken(g, 5), (PatchPosition{1, 2}));
    EXPECT_FALSE(patchOfToken(g, 6));
    EXPECT_FALSE(patchOfToken(g, -1));
    EXPECT_EQ(tokenOfPatch(g, 1, 2), 5);
    EXPECT_EQ(tokenOfPatch(g, 2, 0), -1);
}

TEST(TokenGeometry, ClassTokenFirstShiftsPatchesByOne) {
    const AttentionGeometry g{2, 3, 2, 3, 7, 0, 1, true};
    EXPECT_FALSE(patchOfToken(g, 0));
    EXPECT_EQ(patchOfToken(g, 1), (PatchPosition{0, 0}));
    EXPECT_EQ(patchOfToken(g, 6), (PatchPosition{1, 2}));
    for (int t = 1; t < 7; ++t) {
        const auto at = patchOfToken(g, t);
        ASSERT_TRUE(at);
        EXPECT_EQ(tokenOfPatch(g, at->row, at->col), t);
    }
}

TEST(AttentionVector, RowIsMaskedAfterTheSoftmaxWithoutRenormalising) {
    const auto inspection = threeTokens(true, {handRows}, 0.25);
    const auto row = attentionVector(inspection, masked(), 0);
    EXPECT_FLOAT_EQ(row[0], 0.2f);
    EXPECT_FLOAT_EQ(row[1], 0.075f);
    EXPECT_FLOAT_EQ(row[2], 0.125f);
    EXPECT_NEAR(rowStats(inspection, masked(), 0).keptMass, 0.4, 1e-6);
}

TEST(AttentionVector, ColumnShowsWhoLooksAtAToken) {
    const auto inspection = threeTokens(true, {handRows}, 0.5);
    AttentionChoice choice = masked();
    choice.direction = AttentionDirection::AttendedBy;
    const auto column = attentionVector(inspection, choice, 1);
    EXPECT_FLOAT_EQ(column[0], 0.15f);  // query 0 looks at the later key 1: 0.3 x 0.5
    EXPECT_FLOAT_EQ(column[1], 0.6f);
    EXPECT_FLOAT_EQ(column[2], 0.25f);
    choice.masked = false;
    EXPECT_FLOAT_EQ(attentionVector(inspection, choice, 1)[0], 0.3f);
}

TEST(AttentionVector, MaskIsIgnoredForModelsWithoutOne) {
    auto inspection = threeTokens(true, {handRows}, 0.0);
    inspection.geometry.maskAfterSoftmax = false;
    EXPECT_FLOAT_EQ(attentionVector(inspection, masked(), 0)[2], 0.5f);
}

TEST(AttentionVector, FusesHeadsCellByCell) {
    std::vector<float> two = handRows;
    for (float v : {0.6f, 0.2f, 0.2f, 0.3f, 0.3f, 0.4f, 0.f, 0.f, 1.f})
        two.push_back(v);
    const auto inspection = threeTokens(true, {two}, 1.0);
    AttentionChoice choice;
    const float expected[3][3] = {{0.4f, 0.25f, 0.35f}, {0.6f, 0.3f, 0.5f}, {0.2f, 0.2f, 0.2f}};
    const HeadFusion modes[] = {HeadFusion::Mean, HeadFusion::Max, HeadFusion::Min};
    for (int m = 0; m < 3; ++m) {
        choice.fusion = modes[m];
        const auto row = attentionVector(inspection, choice, 0);
        for (int j = 0; j < 3; ++j)
            EXPECT_FLOAT_EQ(row[j], expected[m][j]) << m << " " << j;
    }
}

TEST(RowStatistics, UniformRowHasFullEntropyAndHandCountedDistance) {
    auto inspection = threeTokens(true, {std::vector<float>(9, 1 / 3.f)}, 1.0);
    const auto stats = rowStats(inspection, {}, 0);
    EXPECT_NEAR(stats.entropyBits, std::log2(3.0), 1e-5);
    EXPECT_NEAR(stats.meanDistance, 0.5, 1e-6);  // half on itself, half one patch away; the class token has no place
    EXPECT_NEAR(stats.keptMass, 1, 1e-6);
    EXPECT_TRUE(std::isnan(rowStats(inspection, {}, 2).meanDistance));
}

TEST(RowStatistics, EntropyOfAMaskedRowIsThatOfItsRenormalisedShares) {
    const auto inspection = threeTokens(true, {handRows}, 0.25);
    // 0.2, 0.075, 0.125 over 0.4: 1/2, 3/16, 5/16.
    const double expected = 0.5 * 1 + 3 / 16.0 * std::log2(16 / 3.0) + 5 / 16.0 * std::log2(16 / 5.0);
    EXPECT_NEAR(rowStats(inspection, masked(), 0).entropyBits, expected, 1e-5);
}

TEST(RowStatistics, StrongestKeyAndItsWeight) {
    const auto inspection = threeTokens(true, {handRows}, 0.25);
    EXPECT_EQ(rowStats(inspection, {}, 0).strongestKey, 2);
    EXPECT_EQ(rowStats(inspection, masked(), 0).strongestKey, 0);
    EXPECT_NEAR(rowStats(inspection, masked(), 0).strongestWeight, 0.2, 1e-6);
}

TEST(RowStatistics, NonFiniteRowIsSaidAndLeftOutOfMeans) {
    auto rows = handRows;
    rows[4] = std::numeric_limits<float>::quiet_NaN();
    const auto inspection = threeTokens(true, {rows}, 1.0);
    EXPECT_FALSE(rowStats(inspection, {}, 1).finite);
    EXPECT_TRUE(rowStats(inspection, {}, 0).finite);
    const auto summary = summarise(inspection, true);
    EXPECT_EQ(summary.badRows, 1);
    EXPECT_EQ(summary.layers[0].badRows, 1);
    EXPECT_TRUE(std::isfinite(summary.layers[0].entropyBits));
    EXPECT_NEAR(summary.layers[0].keptMass, 1, 1e-6);
    EXPECT_EQ(finiteMax(attentionVector(inspection, {}, 1)), static_cast<double>(0.3f));
}

TEST(KeptMass, EqualsHandComputedValuesForEveryAlpha) {
    const auto inspection = threeTokens(true, {handRows}, 0.25);
    const auto summary = summarise(inspection, true);
    // keys up to the query: 0.2, 0.7, 1.0
    const auto causal = keptMassByQuery(summary, 0), half = keptMassByQuery(summary, 0.5),
               full = keptMassByQuery(summary, 1);
    const double early[3] = {0.2, 0.7, 1.0};
    for (int i = 0; i < 3; ++i) {
        EXPECT_NEAR(causal[i], early[i], 1e-6);
        EXPECT_NEAR(half[i], early[i] + 0.5 * (1 - early[i]), 1e-6);
        EXPECT_NEAR(full[i], 1, 1e-6);
    }
    EXPECT_NEAR(summary.layers[0].keptMass, (0.4 + 0.775 + 1.0) / 3, 1e-6);
    EXPECT_NEAR(mean(causal), 1.9 / 3, 1e-6);
}

TEST(KeptMass, UniformReferenceByHand) {
    EXPECT_DOUBLE_EQ(uniformKeptMass(0, 4, 0), 0.25);
    EXPECT_DOUBLE_EQ(uniformKeptMass(0, 4, 0.5), 0.625);
    EXPECT_DOUBLE_EQ(uniformKeptMass(3, 4, 0), 1);
}

TEST(AttentionRollout, OneMaskedLayerByHand) {
    // alpha 0: rows [.2 0 0], [.1 .6 0], [.25 .25 .5]; half of each plus half the identity: [.6 0 0], [.05 .8 0], [.125
    // .125 .75]; divided by their sums .6, .85, 1.
    const Rollout rollout(threeTokens(true, {handRows}, 0), true);
    const double expected[3][3] = {{1, 0, 0}, {0.05 / 0.85, 0.8 / 0.85, 0}, {0.125, 0.125, 0.75}};
    for (int i = 0; i < 3; ++i) {
        const auto row = rollout.vector(0, i, AttentionDirection::AttendsTo);
        for (int j = 0; j < 3; ++j)
            EXPECT_NEAR(row[j], expected[i][j], 1e-6) << i << j;
    }
}

TEST(AttentionRollout, TwoLayersMultiplyFromTheLastToTheFirst) {
    // First layer keeps everything in place but sends token 2 to token 0; second swaps 0 and 1. Heads: one.
    const std::vector<float> first{1, 0, 0, 0, 1, 0, 1, 0, 0}, second{0, 1, 0, 1, 0, 0, 0, 0, 1};
    const Rollout rollout(threeTokens(true, {first, second}, 1), false);
    // A1 = [1 0 0; 0 1 0; .5 0 .5], A2 = [.5 .5 0; .5 .5 0; 0 0 1]; A2 A1 = [.5 .5 0; .5 .5 0; .5 0 .5].
    const double expected[3][3] = {{0.5, 0.5, 0}, {0.5, 0.5, 0}, {0.5, 0, 0.5}};
    for (int q = 0; q < 3; ++q) {
        const auto row = rollout.vector(1, q, AttentionDirection::AttendsTo);
        for (int k = 0; k < 3; ++k) {
            EXPECT_NEAR(row[k], expected[q][k], 1e-6);
            EXPECT_NEAR(rollout.vector(1, k, AttentionDirection::AttendedBy)[q], expected[q][k], 1e-6);
        }
    }
}

TEST(AttentionRollout, RowsSumToOneEvenWhenMasked) {
    const Rollout rollout(threeTokens(true, {handRows, handRows, handRows}, 0.3), true);
    for (int q = 0; q < 3; ++q) {
        double sum = 0;
        for (float v : rollout.vector(2, q, AttentionDirection::AttendsTo))
            sum += v;
        EXPECT_NEAR(sum, 1, 1e-5);
    }
}

TEST(AttentionProblem, RefusesWhatDoesNotFit) {
    EXPECT_TRUE(attentionProblem(threeTokens(true, {handRows}, 1)).empty());
    EXPECT_TRUE(attentionProblem(threeTokens(false, {handRows}, 1)).empty());
    EXPECT_FALSE(attentionProblem(Inspection{}).empty());
    auto wrong = threeTokens(true, {handRows}, 1);
    wrong.layers[0].softmax.pop_back();
    EXPECT_FALSE(attentionProblem(wrong).empty());
    wrong = threeTokens(true, {handRows}, 1);
    wrong.geometry.queryCols = 40;
    wrong.geometry.keyCols = 40;
    EXPECT_FALSE(attentionProblem(wrong).empty());
}

}  // namespace
}  // namespace vl
