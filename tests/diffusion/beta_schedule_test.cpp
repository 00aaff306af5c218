// SPDX-License-Identifier: Apache-2.0
#include "engine/diffusion/beta_schedule.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/core/error.h"

namespace vl {
namespace {

TEST(BetaSchedule, LinearHasThePublishedValues) {
    const auto betas = betaSchedule(BetaSchedule::Linear, 1000);
    EXPECT_DOUBLE_EQ(betas[0], 1e-4);
    EXPECT_NEAR(betas[1], 1.1991991992e-4, 1e-14);
    EXPECT_NEAR(betas[500], 0.010059959960, 1e-12);
    EXPECT_NEAR(betas[999], 0.02, 1e-15);
    const DiffusionTables tables(betas);
    EXPECT_NEAR(tables.alphasCumprod[1], 0.99978009207, 1e-11);
    EXPECT_NEAR(tables.alphasCumprod[500], 0.077796658365, 1e-12);
    EXPECT_NEAR(tables.alphasCumprod[999], 4.0358297654e-5, 1e-15);
    EXPECT_NEAR(tables.posteriorLogVarianceClipped[0], -9.8167251353, 1e-10);
    EXPECT_NEAR(tables.posteriorLogVarianceClipped[1], -9.8167251353, 1e-10);
    EXPECT_NEAR(tables.posteriorLogVarianceClipped[500], -4.60004974, 1e-8);
    EXPECT_NEAR(tables.posteriorLogVarianceClipped[999], -3.9120238291, 1e-10);
}

TEST(BetaSchedule, CosineStaysBelowItsBound) {
    const auto betas = betaSchedule(BetaSchedule::Cosine, 1000);
    EXPECT_DOUBLE_EQ(betas.back(), 0.999);
    for (const double beta : betas)
        EXPECT_TRUE(beta > 0 && beta <= 0.999);
}

TEST(BetaSchedule, RefusesCountsThatMakeNoProcess) {
    EXPECT_THROW(betaSchedule(BetaSchedule::Linear, 0), Error);
    EXPECT_THROW(betaSchedule(BetaSchedule::Linear, 20), Error);
    EXPECT_THROW(betaSchedule(BetaSchedule::Cosine, -1), Error);
    EXPECT_THROW(betaSchedule(BetaSchedule::Cosine, 2000000000), Error);
}

std::vector<int> head(const std::vector<int>& all) { return {all.begin(), all.begin() + 6}; }
std::vector<int> tail(const std::vector<int>& all) { return {all.end() - 4, all.end()}; }

TEST(Respacing, KeepsThePublishedSteps) {
    const auto many = respacedSteps(1000, "250");
    EXPECT_EQ(many.size(), 250u);
    EXPECT_EQ(head(many), (std::vector<int>{0, 4, 8, 12, 16, 20}));
    EXPECT_EQ(tail(many), (std::vector<int>{987, 991, 995, 999}));
    EXPECT_EQ(head(respacedSteps(1000, "50")), (std::vector<int>{0, 20, 41, 61, 82, 102}));
    EXPECT_EQ(tail(respacedSteps(1000, "ddim50")), (std::vector<int>{920, 940, 960, 980}));
    const auto sections = respacedSteps(1000, "10,5,5");
    EXPECT_EQ(sections.size(), 20u);
    EXPECT_EQ(sections[9], 333);
    EXPECT_EQ(sections[10], 334);
    EXPECT_EQ(tail(sections), (std::vector<int>{750, 833, 916, 999}));
    EXPECT_EQ(respacedSteps(1000, "").size(), 1000u);
    EXPECT_EQ(respacedSteps(1000, "1"), std::vector<int>{0});
}

TEST(Respacing, KeepsTheShareOfThePictureAtEveryStep) {
    const auto betas = betaSchedule(BetaSchedule::Linear, 1000);
    const auto kept = respacedSteps(1000, "250");
    const auto respaced = respacedBetas(betas, kept);
    EXPECT_NEAR(respaced[1], 5.9906556448e-4, 1e-13);
    EXPECT_NEAR(respaced[2], 9.1760299282e-4, 1e-13);
    EXPECT_NEAR(respaced.back(), 0.0775193450, 1e-10);
    const DiffusionTables full(betas), few(respaced);
    for (std::size_t i = 0; i < kept.size(); ++i)
        EXPECT_NEAR(few.alphasCumprod[i], full.alphasCumprod[static_cast<std::size_t>(kept[i])], 1e-14);
}

TEST(Respacing, RefusesWhatTheProcessCannotGive) {
    for (const char* text : {"ddim300", "ddim", "ddim0", "ddim-5", "1001", "500,501", "-3", "0", "0,0", "ten", "10,",
                             ",", "10 ,5", "1e3", "99999999999999", "10,5,x"})
        EXPECT_THROW(respacedSteps(1000, text), Error) << text;
}

}  // namespace
}  // namespace vl
