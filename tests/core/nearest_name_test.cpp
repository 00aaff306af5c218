// SPDX-License-Identifier: Apache-2.0
#include "engine/core/nearest_name.h"

#include <gtest/gtest.h>

#include <array>

namespace vl {
namespace {

TEST(EditDistance, CountsSlipsOfThePen) {
    EXPECT_EQ(editDistance("kitten", "sitting"), 3);  // the textbook example
    EXPECT_EQ(editDistance("", "abc"), 3);
    EXPECT_EQ(editDistance("abc", ""), 3);
    EXPECT_EQ(editDistance("Train", "train"), 0);
    EXPECT_EQ(editDistance("trian", "train"), 1);  // neighbours swapped
}

TEST(EditDistance, StaysCheapForHugeNames) {
    EXPECT_GT(editDistance(std::string(1'000'000, 'a'), "train.lr"), 0);
}

TEST(NearestName, FindsTheClosestAndKeepsQuietWhenNothingIsNear) {
    constexpr std::array<std::string_view, 3> names{"train.lr", "train.epochs", "data.batch"};
    EXPECT_EQ(nearestName("train.lrr", names), "train.lr");
    EXPECT_EQ(nearestName("data.bacth", names), "data.batch");
    EXPECT_EQ(nearestName("zzzzzzzzzzzzzzzzzzz", names), "");
    EXPECT_EQ(nearestName("x", {}), "");
    EXPECT_EQ(didYouMean("train.lrr", names), "Did you mean \"train.lr\"?");
}

}  // namespace
}  // namespace vl
