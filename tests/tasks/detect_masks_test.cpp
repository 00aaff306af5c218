// SPDX-License-Identifier: Apache-2.0
#include "engine/tasks/detect_masks.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/full.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros.h>

#include "tests/tasks/detect_builders.h"

namespace vl {
namespace {

using test::boxesOf;

std::int64_t pixels(const at::Tensor& mask) { return mask.sum().item<std::int64_t>(); }

TEST(PasteMask, AFullMaskFillsItsBox) {
    const at::Tensor pasted = pasteMask(at::ones({28, 28}), boxesOf({10, 4, 30, 14})[0], 20, 40);
    EXPECT_EQ(pixels(pasted), 20 * 10);
    EXPECT_EQ(pixels(pasted.narrow(0, 4, 10).narrow(1, 10, 20)), 20 * 10);
}

TEST(PasteMask, HalvesStayWhereTheyAre) {
    const at::Tensor left = at::cat({at::ones({28, 14}), at::zeros({28, 14})}, 1);
    const at::Tensor pasted = pasteMask(left, boxesOf({0, 0, 28, 28})[0], 28, 28);
    EXPECT_EQ(pixels(pasted), 28 * 14);
    EXPECT_EQ(pixels(pasted.narrow(1, 0, 14)), 28 * 14);
}

TEST(PasteMask, WhatHangsOverIsCut) {
    EXPECT_EQ(pixels(pasteMask(at::ones({28, 28}), boxesOf({-10, -10, 10, 10})[0], 30, 30)), 100);
    EXPECT_EQ(pixels(pasteMask(at::ones({28, 28}), boxesOf({40, 40, 60, 60})[0], 30, 30)), 0);
}

TEST(PasteMask, TheThresholdCounts) {
    EXPECT_EQ(pixels(pasteMask(at::full({28, 28}, 0.4), boxesOf({0, 0, 10, 10})[0], 10, 10)), 0);
    EXPECT_EQ(pixels(pasteMask(at::full({28, 28}, 0.4), boxesOf({0, 0, 10, 10})[0], 10, 10, 0.3)), 100);
}

TEST(MaskTargets, ShowTheBitmapInsideTheBox) {
    at::Tensor masks = at::zeros({2, 40, 40}, at::kBool);
    masks[1].narrow(0, 10, 20).narrow(1, 10, 10).fill_(true);  // left half of the box below
    const at::Tensor goal = maskTargets(masks, test::indices({1, 0}), boxesOf({10, 10, 30, 30, 10, 10, 30, 30}), 28);
    EXPECT_EQ(pixels(goal[0]), 28 * 14);
    EXPECT_EQ(pixels(goal[0].narrow(1, 0, 14)), 28 * 14);
    EXPECT_EQ(pixels(goal[1]), 0);
}

TEST(MaskTargets, BoxesAreHeldToTheBitmap) {
    const at::Tensor goal = maskTargets(at::ones({1, 20, 20}), test::indices({0}), boxesOf({-20, -20, 10, 10}), 4);
    EXPECT_EQ(pixels(goal), 16);
}

}  // namespace
}  // namespace vl
