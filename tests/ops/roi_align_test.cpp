// SPDX-License-Identifier: Apache-2.0
#include "engine/ops/roi_align.h"

#include <limits>

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/full.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

#include "engine/core/error.h"
#include "tests/ops/op_checks.h"

namespace vl {
namespace {

at::Tensor region(std::initializer_list<double> row) {
    return at::tensor(at::ArrayRef<double>(row.begin(), row.size())).view({-1, 5}).to(at::kFloat);
}

/// Small, large, elongated, partly and wholly outside, and empty.
at::Tensor oddRegions() {
    return region({0, 2,  3,  2.5, 3.5, 1, -10, -8, 60,  50, 0, 1,    10,   39,   12,
                   1, 20, 20, 20,  20,  0, -90, 5,  -60, 9,  1, 30.2, 17.7, 41.9, 33.3});
}

TEST(RoiAlign, OneCellOverOnePixelIsThatPixel) {
    const at::Tensor map = at::arange(12, at::kFloat).view({1, 1, 3, 4});
    const at::Tensor out = roiAlign(map, region({0, 2, 1, 3, 2}), {1, 1.0});
    EXPECT_FLOAT_EQ(out.item<float>(), 6);  // row 1, column 2
}

TEST(RoiAlign, AveragesAPlaneExactly) {
    // f(x, y) = x at pixel centres x - 1/2: every cell of a region inside gives its own centre.
    const at::Tensor map = at::arange(16, at::kFloat).view({1, 1, 1, 16}).expand({1, 1, 16, 16}).contiguous();
    const at::Tensor out = roiAlign(map, region({0, 2, 2, 13, 9}), {3, 1.0});
    for (int column = 0; column < 3; ++column)
        EXPECT_NEAR(out[0][0][1][column].item<float>(), 2 + 11 * (column + 0.5) / 3 - 0.5, 1e-5);
}

TEST(RoiAlign, ARegionWithoutExtentGivesZeros) {
    const at::Tensor out = roiAlign(at::full({1, 2, 4, 4}, 3.0f), region({0, 2, 2, 2, 2}), {2, 1.0});
    EXPECT_EQ(out.abs().max().item<float>(), 0);
}

TEST(RoiAlign, KernelAgreesWithTheReference) {
    const at::Tensor regions = oddRegions();
    for (const std::int64_t size : {1, 7, 14}) {
        const auto kernel = [&](const test::Tensors& in) { return roiAlign(in[0], regions, {size, 0.25}); };
        const auto reference = [&](const test::Tensors& in) { return roiAlignReference(in[0], regions, {size, 0.25}); };
        test::expectSameFunction(kernel, reference, {test::values({2, 3, 9, 11}, 1)}, 2e-6);
    }
}

TEST(RoiAlign, GradientsFollowFiniteDifferences) {
    const at::Tensor regions = oddRegions();
    test::expectGradientsByDifferences(
        [&](const test::Tensors& in) {
            return roiAlign(in[0], regions, {3, 0.25});
        },
        {test::values({2, 2, 6, 7}, 2)});
}

TEST(RoiAlign, NoRegionsGiveNothing) {
    const at::Tensor out = roiAlign(at::zeros({1, 2, 4, 4}), at::zeros({0, 5}), {7, 1.0});
    EXPECT_EQ(out.sizes(), (std::vector<std::int64_t>{0, 2, 7, 7}));
}

TEST(RoiAlign, RegionsOutsideTheBatchAreRefused) {
    const at::Tensor map = at::zeros({2, 1, 4, 4});
    EXPECT_THROW(roiAlign(map, region({2, 0, 0, 1, 1}), {1, 1.0}), Error);
    EXPECT_THROW(roiAlign(map, region({-1, 0, 0, 1, 1}), {1, 1.0}), Error);
    EXPECT_THROW(roiAlign(map, region({0, 0, 0, std::numeric_limits<double>::quiet_NaN(), 1}), {1, 1.0}), Error);
}

}  // namespace
}  // namespace vl
