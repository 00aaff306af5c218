// SPDX-License-Identifier: Apache-2.0
#include "engine/tasks/detect_boxes.h"

#include <cmath>

#include <ATen/TensorOperators.h>
#include <ATen/ops/allclose.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/full.h>
#include <ATen/ops/zeros.h>

#include "engine/tasks/detect_anchors.h"
#include "tests/tasks/detect_builders.h"

namespace vl {
namespace {

using test::boxesOf;

TEST(BoxOverlaps, AreSharedOverCombinedArea) {
    const at::Tensor overlaps = boxOverlaps(boxesOf({0, 0, 2, 2}), boxesOf({1, 0, 3, 2, 0, 0, 2, 2, 5, 5, 6, 6}));
    EXPECT_TRUE(at::allclose(overlaps, at::tensor({1.0f / 3, 1.0f, 0.0f}).view({1, 3})));
}

TEST(BoxOverlaps, BoxesWithoutAreaOverlapNothing) {
    EXPECT_EQ(boxOverlaps(boxesOf({1, 1, 1, 1}), boxesOf({1, 1, 1, 1})).item<float>(), 0);
}

TEST(BoxCoder, DecodingUndoesEncoding) {
    const at::Tensor from = boxesOf({0, 0, 10, 20, 5, 5, 9, 30}), to = boxesOf({3, 2, 8, 40, 4, 1, 60, 33});
    for (const BoxCoder& coder : {kProposalCoder, kRegionCoder})
        EXPECT_TRUE(at::allclose(coder.decode(from, coder.encode(from, to)), to, 1e-5, 1e-4));
}

TEST(BoxCoder, DeltasAreShiftsBySizeAndLogarithmsOfRatios) {
    const at::Tensor deltas = kRegionCoder.encode(boxesOf({0, 0, 10, 20}), boxesOf({5, 10, 25, 20}));
    // Centre (5, 10) to (15, 15): 1 width and a quarter height; ratios 2 and 1/2.
    const float log2 = std::log(2.0f);
    EXPECT_TRUE(at::allclose(deltas, at::tensor({10.0f, 2.5f, 5 * log2, -5 * log2}).view({1, 4})));
}

TEST(BoxCoder, GrowthIsHeld) {
    const at::Tensor grown = kProposalCoder.decode(boxesOf({0, 0, 2, 2}), boxesOf({0, 0, 50, -50}));
    const double most = 1000.0 / 16;
    EXPECT_NEAR(grown[0][2].item<double>() - grown[0][0].item<double>(), 2 * most, 1e-3);
    EXPECT_NEAR(grown[0][3].item<double>() - grown[0][1].item<double>(), 2 / most, 1e-6);
}

TEST(BoxCoder, ClassesDecodeSideBySide) {
    const PictureSize picture{10, 10};
    const at::Tensor two = kProposalCoder.decode(
        boxesOf({0, 0, 4, 4}), at::tensor({0.f, 0.f, 0.f, 0.f, 2.f, 0.f, 0.f, 0.f}).view({1, 8}), &picture);
    EXPECT_TRUE(at::allclose(two, at::tensor({0.f, 0.f, 4.f, 4.f, 8.f, 0.f, 10.f, 4.f}).view({1, 8})));
}

TEST(RegionLevels, ChangeWhereTheSideDoubles) {
    const auto square = [](double side) { return boxesOf({0, 0, side, side}); };
    const auto level = [&](double side) { return regionLevels(square(side)).item<std::int64_t>(); };
    EXPECT_EQ(level(0), 0);
    EXPECT_EQ(level(111.9), 0);
    EXPECT_EQ(level(112), 1);
    EXPECT_EQ(level(224), 2);
    EXPECT_EQ(level(448), 3);
    EXPECT_EQ(level(10000), 3);
}

TEST(ExtractRegions, EveryRegionComesFromItsLevelAndKeepsItsPlace) {
    std::vector<at::Tensor> features;
    for (int l = 0; l < 5; ++l)
        features.push_back(at::full({1, 1, 256 >> l, 256 >> l}, static_cast<double>(l)));
    const at::Tensor regions = regionsOf({boxesOf({0, 0, 500, 500, 0, 0, 50, 50, 0, 0, 120, 120, 10, 10, 40, 20})});
    const at::Tensor cells = extractRegions(features, regions, 2);
    EXPECT_TRUE(at::equal(cells.select(3, 0).select(2, 0).flatten(), at::tensor({3.0f, 0.0f, 1.0f, 0.0f})));
    EXPECT_EQ(extractRegions(features, at::zeros({0, 5}), 2).size(0), 0);
}

TEST(Anchors, StandOnCellCornersWithThreeShapes) {
    const at::Tensor anchors = levelAnchors(2, 3, 16);
    ASSERT_EQ(anchors.size(0), 18);
    const at::Tensor centre = (anchors.narrow(1, 0, 2) + anchors.narrow(1, 2, 2)) / 2;
    EXPECT_TRUE(at::allclose(centre[0], at::tensor({0.0f, 0.0f})));
    EXPECT_TRUE(at::allclose(centre[3 * 4 + 1], at::tensor({16.0f, 16.0f})));  // row 1, column 1
    const at::Tensor sides = anchors.narrow(1, 2, 2) - anchors.narrow(1, 0, 2);
    EXPECT_TRUE(at::allclose(sides.prod(1), at::full({18}, 128.0 * 128.0)));
    EXPECT_TRUE(at::allclose(sides.select(1, 1) / sides.select(1, 0), at::tensor({0.5f, 1.0f, 2.0f}).repeat({6})));
}

TEST(Anchors, ThoseOnPaddingAreLeftOut) {
    const at::Tensor inside = anchorsInside(4, 4, 8, {17, 8});  // 3 rows and 1 column of cells are reached
    EXPECT_EQ(inside.sum().item<std::int64_t>(), 9);
    EXPECT_TRUE(inside[0].item<bool>());
    EXPECT_FALSE(inside[3].item<bool>());
}

}  // namespace
}  // namespace vl
