// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <gtest/gtest.h>

#include "engine/session/share_budget.h"

namespace vl {
namespace {

/// Share of the whole time spent on looks of `cost` seconds beside steps of `step` seconds.
double shareOver(double share, double step, double cost, int steps) {
    ShareBudget budget(share);
    double trained = 0, looked = 0;
    for (int i = 0; i < steps; ++i) {
        budget.earn(step);
        trained += step;
        if (!budget.affordable()) continue;
        budget.spend(cost);
        looked += cost;
    }
    return looked / (trained + looked);
}

TEST(ShareBudget, HoldsTheShareWhateverALookCosts) {
    for (const double cost : {0.001, 0.01, 0.1, 0.4, 2.0}) {
        const double share = shareOver(0.03, 0.1, cost, 20000);
        EXPECT_LE(share, 0.0305) << cost;
        // There is at most one look a step, so cheap ones cannot use all of it.
        EXPECT_GE(share, 0.95 * std::min(0.03 / 1.03, cost / (0.1 + cost))) << cost;
    }
}

TEST(ShareBudget, AFirstLookNeedsNoWaiting) { EXPECT_TRUE(ShareBudget(0.03).affordable()); }

TEST(ShareBudget, NothingIsAllowedAtShareZero) { EXPECT_EQ(shareOver(0, 0.1, 0.01, 1000), 0); }

TEST(ShareBudget, AQuietHourBuysNoBurst) {
    ShareBudget budget(0.03);
    for (int i = 0; i < 36000; ++i)
        budget.earn(0.1);
    EXPECT_LE(budget.balance(), 0.5);
}

}  // namespace
}  // namespace vl
