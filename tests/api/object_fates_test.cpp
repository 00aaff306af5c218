// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "engine/api/object_fates.h"

namespace vl {
namespace {

using Fate = ObjectFate;

FoundObject found(Box box, int label, float score) { return {box, label, score, {}}; }
TrueObject there(Box box, int label, bool crowd = false) { return {box, label, crowd, 100, {}}; }

constexpr Box kLeft{0, 0, 10, 10}, kRight{50, 0, 60, 10};

TEST(ObjectFates, TheBestScoreTakesTheObjectAndASecondOneIsFalse) {
    const auto fates =
        objectFates({found(kLeft, 1, 0.5f), found({0, 0, 10, 9}, 1, 0.9f)}, {there(kLeft, 1), there(kRight, 1)}, 0.3);
    EXPECT_EQ(fates.found, (std::vector{Fate::False, Fate::Hit}));
    EXPECT_EQ(fates.truth, (std::vector{Fate::Hit, Fate::Missed}));
    EXPECT_EQ(fates.match, (std::vector{0, 0}));
}

TEST(ObjectFates, TheRightPlaceWithTheWrongClassIsConfused) {
    const auto fates = objectFates({found(kLeft, 2, 0.9f), found(kRight, 3, 0.8f)}, {there(kLeft, 1)}, 0.3);
    EXPECT_EQ(fates.found, (std::vector{Fate::Confused, Fate::False}));
    EXPECT_EQ(fates.truth, (std::vector{Fate::Confused}));
    EXPECT_EQ(fates.match, (std::vector{0, -1}));
}

TEST(ObjectFates, AHitStaysAHitHoweverMuchAWrongClassIsSurer) {
    const auto fates = objectFates({found(kLeft, 2, 0.9f), found(kLeft, 1, 0.4f)}, {there(kLeft, 1)}, 0.3);
    EXPECT_EQ(fates.found, (std::vector{Fate::Confused, Fate::Hit}));
    EXPECT_EQ(fates.truth, (std::vector{Fate::Hit}));
}

TEST(ObjectFates, BelowTheThresholdNothingIsThere) {
    const auto fates = objectFates({found(kLeft, 1, 0.29f)}, {there(kLeft, 1)}, 0.3);
    EXPECT_EQ(fates.found, (std::vector{Fate::False}));
    EXPECT_EQ(fates.truth, (std::vector{Fate::Missed}));
    EXPECT_EQ(fates.match, (std::vector{-1}));
    EXPECT_EQ(objectFates({found(kLeft, 1, 0.29f)}, {there(kLeft, 1)}, 0.2).truth, (std::vector{Fate::Hit}));
}

TEST(ObjectFates, OverlapMustReachTheLimit) {
    // 10 x 10 against 10 x 5: exactly one half.
    const std::vector<TrueObject> truth{there(kLeft, 1)};
    EXPECT_EQ(objectFates({found({0, 0, 10, 5}, 1, 1)}, truth, 0).truth[0], Fate::Hit);
    EXPECT_EQ(objectFates({found({0, 0, 10, 4.9f}, 1, 1)}, truth, 0).truth[0], Fate::Missed);
    EXPECT_EQ(objectFates({found({0, 0, 10, 5}, 1, 1)}, truth, 0, 0.75).truth[0], Fate::Missed);
}

TEST(ObjectFates, CrowdsTakeAnyNumberAndAreNeverMissed) {
    const auto fates =
        objectFates({found({0, 0, 5, 5}, 1, 0.9f), found({5, 5, 10, 10}, 1, 0.8f), found({0, 5, 5, 10}, 2, 0.8f)},
                    {there(kLeft, 1, true), there(kRight, 1, true)}, 0.3);
    EXPECT_EQ(fates.found, (std::vector{Fate::Hit, Fate::Hit, Fate::False}));
    EXPECT_EQ(fates.truth, (std::vector{Fate::Hit, Fate::Hit}));
}

TEST(ObjectFates, OfNothingIsNothing) {
    const auto fates = objectFates({}, {}, 0.5);
    EXPECT_TRUE(fates.found.empty() && fates.truth.empty() && fates.match.empty());
    EXPECT_EQ(objectFates({found({3, 3, 3, 3}, 0, 1)}, {there({3, 3, 3, 3}, 0)}, 0).truth[0], Fate::Missed);
}

}  // namespace
}  // namespace vl
