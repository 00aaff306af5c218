// SPDX-License-Identifier: Apache-2.0
#include "engine/ops/nms.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

#include "tests/ops/op_checks.h"

namespace vl {
namespace {

at::Tensor boxesOf(std::initializer_list<double> rows) {
    return at::tensor(at::ArrayRef<double>(rows.begin(), rows.size())).view({-1, 4}).to(at::kFloat);
}

std::vector<std::int64_t> list(const at::Tensor& indices) {
    const at::Tensor flat = indices.contiguous();
    return {flat.const_data_ptr<std::int64_t>(), flat.const_data_ptr<std::int64_t>() + flat.numel()};
}

using Indices = std::vector<std::int64_t>;

TEST(Nms, KeepsTheBestOfEveryCrowd) {
    // 0 and 1 share 80 of 120 cells (IoU 2/3); 2 stands alone.
    const at::Tensor boxes = boxesOf({0, 0, 10, 10, 2, 0, 12, 10, 20, 20, 30, 30});
    const at::Tensor scores = at::tensor({0.5f, 0.9f, 0.7f});
    EXPECT_EQ(list(nms(boxes, scores, 0.6)), (Indices{1, 2}));
    EXPECT_EQ(list(nms(boxes, scores, 0.7)), (Indices{1, 2, 0}));
}

TEST(Nms, AreasHaveNoExtraPixel) {
    // IoU 1/3 without the old +1 (which would give 18/42 = 0.43).
    const at::Tensor boxes = boxesOf({0, 0, 2, 2, 1, 0, 3, 2});
    EXPECT_EQ(nms(boxes, at::tensor({2.0f, 1.0f}), 0.35).numel(), 2);
    EXPECT_EQ(nms(boxes, at::tensor({2.0f, 1.0f}), 0.33).numel(), 1);
}

TEST(Nms, OnlyMoreThanTheThresholdSuppresses) {
    const at::Tensor boxes = boxesOf({0, 0, 2, 2, 0, 0, 2, 1});  // IoU exactly one half
    EXPECT_EQ(nms(boxes, at::tensor({2.0f, 1.0f}), 0.5).numel(), 2);
}

TEST(Nms, GroupsNeverMeet) {
    const at::Tensor boxes = boxesOf({0, 0, 2, 2, 0, 0, 2, 2, 0, 0, 2, 2});
    const at::Tensor kept = nms(boxes, at::tensor({1.0f, 3.0f, 2.0f}), 0.5, at::tensor({4, 7, 4}, at::kLong));
    EXPECT_EQ(list(kept), (Indices{1, 2}));
}

TEST(Nms, EqualScoresKeepTheirOrder) {
    const at::Tensor boxes = boxesOf({0, 0, 2, 2, 9, 9, 10, 10, 0, 0, 2, 2});
    EXPECT_EQ(list(nms(boxes, at::tensor({1.0f, 1.0f, 1.0f}), 0.5)), (Indices{0, 1}));
}

TEST(Nms, AgreesWithTheReference) {
    const at::Tensor centres = test::values({200, 2}, 5, 40), sizes = test::values({200, 2}, 6, 12).abs();
    const at::Tensor boxes = at::cat({centres - sizes, centres + sizes}, 1).to(at::kFloat);
    const at::Tensor scores = test::values({200}, 7).to(at::kFloat);
    const at::Tensor groups = (test::values({200}, 8, 1.5) + 1.5).to(at::kLong);
    for (const double threshold : {0.2, 0.5, 0.7}) {
        EXPECT_TRUE(at::equal(nms(boxes, scores, threshold), nmsReference(boxes, scores, threshold)));
        EXPECT_TRUE(at::equal(nms(boxes, scores, threshold, groups), nmsReference(boxes, scores, threshold, groups)));
    }
}

TEST(Nms, NothingInNothingOut) { EXPECT_EQ(nms(at::zeros({0, 4}), at::zeros({0}), 0.5).numel(), 0); }

}  // namespace
}  // namespace vl
