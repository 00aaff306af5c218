// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/smoothing.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "widgets/chart_series.h"
#include "widgets/plot_range.h"
#include "widgets/plot_tickers.h"

namespace vl {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInf = std::numeric_limits<double>::infinity();

TEST(DebiasedEma, EqualsTheClosedFormula) {
    // m_n / (1 - b^n) with m_n = (1 - b) * sum over i of b^(n - i) y_i.
    const std::vector<double> y = {3, -1, 4, 1.5, 9};
    const double b = 0.9;
    const std::vector<double> smooth = debiasedEma(y, b);
    for (std::size_t n = 1; n <= y.size(); ++n) {
        double sum = 0;
        for (std::size_t i = 1; i <= n; ++i)
            sum += std::pow(b, double(n - i)) * y[i - 1];
        EXPECT_NEAR(smooth[n - 1], (1 - b) * sum / (1 - std::pow(b, double(n))), 1e-12);
    }
}

TEST(DebiasedEma, ZeroGivesTheValuesBackAndAConstantStaysConstant) {
    const std::vector<double> y = {3, -1, 4};
    EXPECT_EQ(debiasedEma(y, 0), y);
    for (const double value : debiasedEma(std::vector<double>(50, 2.5), 0.97))
        EXPECT_NEAR(value, 2.5, 1e-12);
}

TEST(SeriesData, AppendingInPartsEqualsTheWhole) {
    std::vector<double> x, y;
    for (int i = 0; i < 100; ++i)
        x.push_back(i), y.push_back(std::sin(i * 0.7));
    SeriesData whole, parts;
    whole.setSmoothing(0.9), parts.setSmoothing(0.9);
    whole.assign(x, y);
    for (std::size_t i = 0; i < 100; i += 7) {
        const std::size_t n = std::min<std::size_t>(7, 100 - i);
        parts.append(std::span(x).subspan(i, n), std::span(y).subspan(i, n));
    }
    ASSERT_EQ(parts.smoothed().size(), 100u);
    for (std::size_t i = 0; i < 100; ++i)
        EXPECT_DOUBLE_EQ(parts.smoothed()[i], whole.smoothed()[i]);
}

TEST(SeriesData, NonFiniteValuesAreKeptApartAndDoNotPoisonTheAverage) {
    SeriesData data;
    data.setSmoothing(0.5);
    const std::vector<double> x = {1, 2, 3, 4}, y = {2, kNan, kInf, 2};
    data.assign(x, y);
    EXPECT_EQ(data.x().size(), 2u);
    EXPECT_EQ(std::vector<double>(data.nonFiniteX().begin(), data.nonFiniteX().end()), (std::vector<double>{2, 3}));
    EXPECT_NEAR(data.smoothed().back(), 2, 1e-12);
}

TEST(SeriesData, ReadsTheValueAtOrBeforeTheCursor) {
    SeriesData data;
    const std::vector<double> x = {10, 20, 30}, y = {1, 2, 3};
    data.assign(x, y);
    EXPECT_EQ(data.at(5)->value, 1);
    EXPECT_EQ(data.at(20)->value, 2);
    EXPECT_EQ(data.at(29.9)->value, 2);
    EXPECT_EQ(data.at(1e9)->value, 3);
    EXPECT_FALSE(SeriesData().at(0));
}

TEST(SeriesData, StepsThatRunBackwardsAreSorted) {
    SeriesData data;
    const std::vector<double> x = {1, 2, 3, 2.5}, y = {1, 2, 3, 9};
    data.assign(x, y);
    EXPECT_TRUE(std::is_sorted(data.x().begin(), data.x().end()));
    EXPECT_EQ(data.at(2.5)->value, 9);
}

TEST(Thinned, KeepsAtMostAboutTheBinsAndTheNewestValueExactly) {
    std::vector<double> x, y;
    for (int i = 0; i < 10000; ++i)
        x.push_back(i), y.push_back(i % 2);
    const Thinned seen = thinned(x, y, 0, 9999, 500);
    EXPECT_LE(seen.x.size(), 503u);
    EXPECT_EQ(seen.y.back(), 1);
    // All but the last stretch, which may hold a single value, average many zeros and ones.
    for (std::size_t i = 0; i + 2 < seen.y.size(); ++i)
        EXPECT_NEAR(seen.y[i], 0.5, 0.03);
}

TEST(Thinned, FewPointsComeBackWithOneNeighbourOnEachSide) {
    const std::vector<double> x = {0, 1, 2, 3, 4, 5}, y = {0, 10, 20, 30, 40, 50};
    const Thinned seen = thinned(x, y, 1.5, 3.5, 100);
    EXPECT_EQ(seen.x, (std::vector<double>{1, 2, 3, 4}));
}

TEST(RangeFinder, IgnoresInfinityAndSpikesButKeepsTheSmoothCurve) {
    std::vector<double> x, y;
    for (int i = 0; i < 1000; ++i)
        x.push_back(i), y.push_back(1 + 0.001 * (i % 10));
    y[500] = 1e6;
    RangeFinder finder(false);
    finder.addNoisy(x, y, 0, 1000);
    finder.add(std::vector<double>{1.0, 2.0}, std::vector<double>{0.5, kInf}, 0, 1000);
    const auto [low, high] = finder.range({}, {});
    EXPECT_NEAR(low, 0.5, 0.05);
    EXPECT_LT(high, 1.1);
}

TEST(RangeFinder, OnALogAxisOnlyPositiveValuesCount) {
    RangeFinder finder(true);
    finder.add(std::vector<double>{1, 2, 3, 4}, std::vector<double>{-5, 0, 0.01, 1}, 0, 10);
    const auto [low, high] = finder.range({}, {});
    EXPECT_GT(low, 0);
    EXPECT_LE(low, 0.01);
    EXPECT_GE(high, 1);
}

TEST(Ticks, AreRoundAndInRange) {
    EXPECT_EQ(roundTicks(0, 14040, 7), (std::vector<double>{0, 2000, 4000, 6000, 8000, 10000, 12000, 14000}));
    EXPECT_EQ(roundTicks(0, 1, 2), (std::vector<double>{0, 0.5, 1}));
    EXPECT_EQ(roundTicks(3, 3, 5), std::vector<double>{});
    EXPECT_EQ(logTicks(0.001, 1000, 5), (std::vector<double>{0.001, 0.01, 0.1, 1, 10, 100, 1000}));
    EXPECT_TRUE(logTicks(-1, 5, 5).empty());
    for (const double tick : logTicks(0.45, 2.4, 5))
        EXPECT_TRUE(tick >= 0.45 && tick <= 2.4);
    EXPECT_GE(logTicks(0.45, 2.4, 5).size(), 4u);
    EXPECT_EQ(durationTicks(0, 600, 5), (std::vector<double>{0, 120, 240, 360, 480, 600}));
}

TEST(Ticks, LabelsHaveTheSameNumberOfDigits) {
    EXPECT_EQ(digitsFor({0, 0.5, 1}), 1);
    EXPECT_EQ(digitsFor({0, 10, 20}), 0);
    EXPECT_EQ(digitsFor({0.25, 0.5}), 2);
}

TEST(DurationText, ReadsLikeAClock) {
    EXPECT_EQ(durationText(45), "0:45");
    EXPECT_EQ(durationText(843), "14:03");
    EXPECT_EQ(durationText(3765), "1:02:45");
    EXPECT_EQ(durationText(-1), "–");
}

}  // namespace
}  // namespace vl
