// SPDX-License-Identifier: Apache-2.0
#include "engine/tasks/detect_assign.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/full.h>
#include <ATen/ops/zeros.h>

#include "tests/tasks/detect_builders.h"

namespace vl {
namespace {

using test::boxesOf;
using test::Indices;
using test::listOf;

TEST(AssignBoxes, OverlapDecides) {
    const at::Tensor objects = boxesOf({0, 0, 10, 10});
    // Overlaps 1, 0.5, 0.2 and 0.
    const at::Tensor boxes = boxesOf({0, 0, 10, 10, 0, 0, 10, 5, 0, 0, 2, 10, 20, 20, 30, 30});
    EXPECT_EQ(listOf(assignBoxes(boxes, objects, kProposalRule).object), (Indices{0, -2, -1, -1}));
    EXPECT_EQ(listOf(assignBoxes(boxes, objects, kRegionRule).object), (Indices{0, 0, -1, -1}));
}

TEST(AssignBoxes, EveryObjectTakesItsBestBoxesEvenWhenTheyAreNotGood) {
    const at::Tensor objects = boxesOf({0, 0, 10, 10});
    const at::Tensor boxes = boxesOf({0, 0, 4, 10, 6, 0, 10, 10, 0, 0, 10, 3.5});  // 0.4, 0.4 and 0.35
    EXPECT_EQ(listOf(assignBoxes(boxes, objects, kProposalRule).object), (Indices{0, 0, -2}));
    EXPECT_EQ(listOf(assignBoxes(boxes.narrow(0, 2, 1) * 0.5, objects, kProposalRule).object), (Indices{-1}));
}

TEST(AssignBoxes, TheLastOfTwoObjectsWinsASharedBestBox) {
    const at::Tensor objects = boxesOf({0, 0, 10, 10, 0, 0, 10, 10});
    EXPECT_EQ(listOf(assignBoxes(boxesOf({0, 0, 10, 10}), objects, kProposalRule).object), (Indices{1}));
}

TEST(AssignBoxes, WithoutObjectsEverythingIsBackground) {
    const Assignment assignment = assignBoxes(boxesOf({0, 0, 1, 1, 2, 2, 3, 3}), at::zeros({0, 4}), kRegionRule);
    EXPECT_EQ(listOf(assignment.object), (Indices{-1, -1}));
}

TEST(AssignBoxes, ObjectsInFrontMatchThemselves) {
    const Assignment assignment{test::indices({-1, 0}), at::zeros({2})};
    EXPECT_EQ(listOf(withObjects(assignment, 2).object), (Indices{0, 1, -1, 0}));
}

Assignment manyBoxes() {
    const at::Tensor object = at::full({1000}, -1, at::kLong);
    object.narrow(0, 0, 300).fill_(0);
    object.narrow(0, 900, 100).fill_(-2);
    return {object, at::zeros({1000})};
}

TEST(SampleBoxes, KeepsPositivesToTheirShareAndFillsWithNegatives) {
    const Sample sample = sampleBoxes(manyBoxes(), {256, 0.5}, 3);
    EXPECT_EQ(sample.positive.numel(), 128);
    EXPECT_EQ(sample.negative.numel(), 128);
    const Indices positive = listOf(sample.positive), negative = listOf(sample.negative);
    for (std::size_t i = 0; i < 128; ++i) {
        EXPECT_LT(positive[i], 300);
        EXPECT_TRUE(negative[i] >= 300 && negative[i] < 900);
        if (i > 0) {
            EXPECT_LT(positive[i - 1], positive[i]);
            EXPECT_LT(negative[i - 1], negative[i]);
        }
    }
}

TEST(SampleBoxes, FewPositivesLeaveTheirPlaceToNegatives) {
    const Assignment assignment{at::cat({at::zeros({5}, at::kLong), at::full({995}, -1, at::kLong)}),
                                at::zeros({1000})};
    const Sample sample = sampleBoxes(assignment, {256, 0.5}, 3);
    EXPECT_EQ(sample.positive.numel(), 5);
    EXPECT_EQ(sample.negative.numel(), 251);
}

TEST(SampleBoxes, OneSeedOneSample) {
    const auto drawn = [](std::uint64_t seed) { return listOf(sampleBoxes(manyBoxes(), {64, 0.25}, seed).negative); };
    EXPECT_EQ(drawn(1), drawn(1));
    EXPECT_NE(drawn(1), drawn(2));
}

TEST(SampleBoxes, CountZeroKeepsEverythingButTheIgnored) {
    const Sample sample = sampleBoxes(manyBoxes(), {0, 0.5}, 0);
    EXPECT_EQ(sample.positive.numel(), 300);
    EXPECT_EQ(sample.negative.numel(), 600);
}

TEST(SampleBoxes, EveryNegativeHasTheSameChance) {
    std::vector<int> seen(10, 0);
    const Assignment assignment{at::full({10}, -1, at::kLong), at::zeros({10})};
    constexpr int kDraws = 2000;
    for (std::uint64_t seed = 0; seed < kDraws; ++seed) {
        for (const std::int64_t index : listOf(sampleBoxes(assignment, {4, 0.5}, seed).negative))
            ++seen[static_cast<std::size_t>(index)];
    }
    for (const int times : seen)  // 800 expected; five deviations of sqrt(2000 * 0.4 * 0.6) are 110
        EXPECT_NEAR(times, 0.4 * kDraws, 110);
}

}  // namespace
}  // namespace vl
