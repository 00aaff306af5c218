// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/full.h>
#include <ATen/ops/tensor.h>

#include "engine/ops/drop_path.h"
#include "engine/ops/layer_scale.h"
#include "engine/ops/rms_norm.h"
#include "engine/ops/swiglu.h"
#include "tests/ops/op_checks.h"

namespace vl {
namespace {

using test::Tensors;
using test::values;

class ElementwiseKernels : public test::EveryInstructionSet {};
INSTANTIATE_TEST_SUITE_P(Isa, ElementwiseKernels, test::everySet(), test::isaName);

// Widths around and between vector lengths; 1 and 3 leave nothing but a tail.
constexpr std::int64_t kWidths[] = {1, 3, 16, 31, 192};

TEST_P(ElementwiseKernels, RmsNormMatchesItsDefinition) {
    for (const std::int64_t width : kWidths) {
        test::expectSameFunction([](const Tensors& in) { return rmsNorm(in[0], in[1], 1e-6); },
                                 [](const Tensors& in) { return rmsNormReference(in[0], in[1], 1e-6); },
                                 {values({3, 70, width}, 1), values({width}, 2)}, 1e-5);
    }
}

TEST_P(ElementwiseKernels, AddThenNormGivesSumAndNormOfTheSum) {
    const auto joined = [](const std::pair<at::Tensor, at::Tensor>& both) {
        return at::cat({both.first, both.second}, -1);
    };
    for (const std::int64_t width : kWidths) {
        test::expectSameFunction([&](const Tensors& in) { return joined(addRmsNorm(in[0], in[1], in[2], 1e-6)); },
                                 [&](const Tensors& in) {
                                     const at::Tensor sum = in[0] + in[1];
                                     return joined({sum, rmsNormReference(sum, in[2], 1e-6)});
                                 },
                                 {values({2, 5, width}, 1), values({2, 5, width}, 2), values({width}, 3)}, 1e-5);
    }
}

TEST_P(ElementwiseKernels, SumAloneCarriesAGradientToo) {
    test::expectSameFunction([](const Tensors& in) { return addRmsNorm(in[0], in[1], in[2], 1e-6).first + 0 * in[2]; },
                             [](const Tensors& in) { return in[0] + in[1] + 0 * in[2]; },
                             {values({4, 8}, 1), values({4, 8}, 2), values({8}, 3)}, 1e-6);
}

TEST_P(ElementwiseKernels, SwigluMatchesItsDefinition) {
    for (const std::int64_t width : kWidths) {
        test::expectSameFunction([](const Tensors& in) { return swiglu(in[0], in[1]); },
                                 [](const Tensors& in) { return swigluReference(in[0], in[1]); },
                                 {values({7, width}, 1, 12), values({7, width}, 2)}, 1e-5);
    }
}

TEST_P(ElementwiseKernels, SwigluSaturatesInsteadOfOverflowing) {
    const at::Tensor gate = at::tensor({-1e4f, 1e4f, 0.0f});
    const at::Tensor out = swiglu(gate, at::full({3}, 2.0f));
    EXPECT_NEAR(out[0].item<float>(), 0.0f, 1e-20f);
    EXPECT_EQ(out[1].item<float>(), 2e4f);
    EXPECT_EQ(out[2].item<float>(), 0.0f);
}

TEST(ElementwiseReference, GradientsAgreeWithDifferences) {
    test::expectGradientsByDifferences([](const Tensors& in) { return rmsNorm(in[0], in[1], 1e-6); },
                                       {values({3, 6}, 1), values({6}, 2)});
    test::expectGradientsByDifferences([](const Tensors& in) { return addRmsNorm(in[0], in[1], in[2], 1e-6).second; },
                                       {values({3, 6}, 1), values({3, 6}, 2), values({6}, 3)});
    test::expectGradientsByDifferences([](const Tensors& in) { return swiglu(in[0], in[1]); },
                                       {values({5, 3}, 1, 3), values({5, 3}, 2)});
    test::expectGradientsByDifferences([](const Tensors& in) { return layerScale(in[0], in[1]); },
                                       {values({5, 3}, 1), values({3}, 2)});
}

TEST(RmsNorm, WorkedExample) {
    // mean of squares of (3, 4) is 12.5; 3 / sqrt(12.5) = 0.848528, 4 / sqrt(12.5) = 1.131371
    const at::Tensor y = rmsNorm(at::tensor({3.0f, 4.0f}).view({1, 2}), at::tensor({1.0f, 2.0f}), 0);
    EXPECT_NEAR(y[0][0].item<float>(), 0.848528f, 1e-6f);
    EXPECT_NEAR(y[0][1].item<float>(), 2.262742f, 1e-6f);
}

TEST(DropPath, DrawsDependOnNothingButTheirKey) {
    const DropPathKey key{7, 120, 3, 1};
    const at::Tensor whole = dropPathFactors(64, 0.4, key), part = dropPathFactors(16, 0.4, key);
    EXPECT_TRUE(whole.narrow(0, 0, 16).equal(part));
    EXPECT_TRUE(whole.equal(dropPathFactors(64, 0.4, key)));
    for (const DropPathKey& other :
         {DropPathKey{8, 120, 3, 1}, DropPathKey{7, 121, 3, 1}, DropPathKey{7, 120, 4, 1}, DropPathKey{7, 120, 3, 0}}) {
        EXPECT_FALSE(whole.equal(dropPathFactors(64, 0.4, other)));
    }
}

TEST(DropPath, KeepsTheExpectedShareAndTheMean) {
    const at::Tensor factors = dropPathFactors(20000, 0.25, {1, 2, 3, 0});
    EXPECT_NEAR(factors.mean().item<double>(), 1.0, 0.02);
    EXPECT_NEAR((factors == 0).sum().item<double>() / 20000, 0.25, 0.02);
    EXPECT_NEAR(factors.max().item<double>(), 1 / 0.75, 1e-6);
}

TEST(DropPath, RateZeroIsTheIdentityAndRatesRiseLinearlyOverLayers) {
    const at::Tensor x = values({2, 3}, 1);
    EXPECT_TRUE(dropPath(x, 0, {}).is_same(x));
    EXPECT_DOUBLE_EQ(dropPathRate(0.3, 0, 12), 0);
    EXPECT_DOUBLE_EQ(dropPathRate(0.3, 11, 12), 0.3);
    EXPECT_DOUBLE_EQ(dropPathRate(0.22, 5, 12), 0.1);
    EXPECT_DOUBLE_EQ(dropPathRate(0.3, 0, 1), 0);
}

}  // namespace
}  // namespace vl
