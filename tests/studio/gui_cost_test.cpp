// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/shell/gui_cost.h"

#include <gtest/gtest.h>

#include "app/studio/shell/engine_link.h"
#include "tests/studio/support/fake_engine.h"

namespace vl {
namespace {

TEST(GuiCost, TheRateIsStepsOverTheEnginesSecondsBetweenFirstAndLast) {
    std::vector<StepMetrics> rows(3);
    for (int i = 0; i < 3; ++i) {
        rows[std::size_t(i)].step = 40 + i;
        rows[std::size_t(i)].seconds = 7 + 0.25 * i;
    }
    EXPECT_DOUBLE_EQ(stepRate(rows), 4.0);
    EXPECT_EQ(stepRate(std::span(rows).first(1)), 0);
    EXPECT_EQ(stepRate({}), 0);
}

TEST(GuiCost, MedianOfOddEvenAndNothing) {
    EXPECT_EQ(median({3, 1, 9}), 3);
    EXPECT_EQ(median({4, 1, 2, 9}), 3);
    EXPECT_EQ(median({}), 0);
}

TEST(GuiCost, EveryViewGetsAWarmUpAndAsManySegmentsOfEitherKindWithAlternatingOrder) {
    QString order;
    const auto costs = measureViews({"train", "inspect"}, 2, [&](const QString& view, bool open) {
        order += view[0] + (open ? QStringLiteral("+ ") : QStringLiteral("- "));
        return open ? 9.0 : 10.0;
    });
    EXPECT_EQ(order.toStdString(), "t+ t- t+ t+ t- i+ i- i+ i+ i- ");
    ASSERT_EQ(costs.size(), 2u);
    EXPECT_EQ(costs[0].headless, (std::vector<double>{10, 10}));
    EXPECT_EQ(costs[0].open, (std::vector<double>{9, 9}));
    EXPECT_DOUBLE_EQ(costs[1].ratio(), 0.9);
}

TEST(GuiCost, TheReportHasALinePerViewAndOneOverAll) {
    const std::vector<GuiCost> costs{{"train", {14.2}, {14.0}}, {"inspect", {10, 10, 10}, {5, 5, 5}}};
    EXPECT_EQ(costReport(costs).toStdString(),
              "train      headless 14.2 steps/s  window open 14.0 steps/s  ratio 0.986\n"
              "inspect    headless 10.0 steps/s  window open 5.0 steps/s  ratio 0.500\n"
              "overall    headless 10.0 steps/s  window open 5.0 steps/s  ratio 0.500\n");
}

TEST(GuiCost, ALinkThatDoesNotListenMissesNothing) {
    FakeEngine engine;
    EngineLink link(engine);
    engine.beginRun("run", "run", 100);
    link.setListening(false);
    engine.addSteps(3);
    EXPECT_TRUE(link.steps().empty());
    link.setListening(true);
    EXPECT_EQ(link.steps().size(), 3u);
}

}  // namespace
}  // namespace vl
