// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

#include "engine/ops/resized_cross_entropy.h"
#include "tests/ops/op_checks.h"

namespace vl {
namespace {

using test::Tensors;
using test::values;

constexpr std::int64_t kIgnored = 255;

/// Every class and the ignored label, mixed.
at::Tensor mixedLabels(at::IntArrayRef shape, std::int64_t classes, unsigned seed) {
    at::Tensor labels = at::empty(shape, at::kLong);
    std::mt19937 random(seed);
    for (std::int64_t i = 0; i < labels.numel(); ++i) {
        const auto drawn = static_cast<std::int64_t>(random() % static_cast<unsigned>(classes + 1));
        labels.data_ptr<std::int64_t>()[i] = drawn == classes ? kIgnored : drawn;
    }
    return labels;
}

struct Case {
    std::int64_t classes, rows, columns, height, width;
};

// Larger, smaller, equal, one cell, one row, odd ratios; widths around and between vector lengths.
constexpr Case kCases[] = {{2, 4, 4, 32, 32}, {11, 5, 3, 17, 31}, {3, 8, 8, 8, 8},   {4, 9, 7, 4, 3},
                           {5, 1, 1, 6, 20},  {1, 3, 3, 9, 9},    {7, 2, 16, 2, 48}, {150, 3, 3, 12, 12}};

class ResizedCrossEntropyKernels : public test::EveryInstructionSet {};
INSTANTIATE_TEST_SUITE_P(Isa, ResizedCrossEntropyKernels, test::everySet(), test::isaName);

TEST_P(ResizedCrossEntropyKernels, IsCrossEntropyOfTheResizedLogits) {
    unsigned seed = 1;
    for (const Case& c : kCases) {
        const at::Tensor labels = mixedLabels({3, c.height, c.width}, c.classes, seed);
        test::expectSameFunction(
            [&](const Tensors& in) { return resizedCrossEntropy(in[0], labels, kIgnored).sum; },
            [&](const Tensors& in) { return resizedCrossEntropyReference(in[0], labels, kIgnored).sum; },
            {values({3, c.classes, c.rows, c.columns}, ++seed, 4)}, 1e-5);
    }
}

TEST_P(ResizedCrossEntropyKernels, CountsAsTheReferenceDoes) {
    unsigned seed = 40;
    for (const Case& c : kCases) {
        const at::Tensor labels = mixedLabels({2, c.height, c.width}, c.classes, ++seed);
        const at::Tensor logits = values({2, c.classes, c.rows, c.columns}, seed).to(at::kFloat);
        const ResizedCrossEntropy fused = resizedCrossEntropy(logits, labels, kIgnored);
        const ResizedCrossEntropy reference = resizedCrossEntropyReference(logits, labels, kIgnored);
        EXPECT_EQ(fused.labelled, reference.labelled);
        EXPECT_EQ(fused.right, reference.right);
        EXPECT_EQ(fused.sum.item<float>(), resizedCrossEntropy(logits.clone().requires_grad_(), labels, kIgnored)
                                               .sum.item<float>());  // with and without a gradient
    }
}

TEST_P(ResizedCrossEntropyKernels, LargeLogitsNeitherOverflowNorLoseThePixel) {
    const at::Tensor logits = at::tensor({-3e4f, 3e4f}).view({1, 2, 1, 1});
    const at::Tensor labels = at::tensor({0, 1, 255}, at::kLong).view({1, 1, 3});
    const ResizedCrossEntropy found = resizedCrossEntropy(logits, labels, kIgnored);
    EXPECT_EQ(found.sum.item<float>(), 6e4f);
    EXPECT_EQ(found.labelled, 2);
    EXPECT_EQ(found.right, 1);
}

TEST(ResizedCrossEntropyOp, OfEqualLogitsIsTheLogarithmOfTheClassesAndTheFirstClassWins) {
    const at::Tensor labels = at::tensor({0, 1, 2, 255}, at::kLong).view({1, 2, 2});
    const ResizedCrossEntropy found = resizedCrossEntropy(at::zeros({1, 3, 5, 5}), labels, kIgnored);
    EXPECT_NEAR(found.sum.item<double>(), 3 * std::log(3.0), 1e-6);
    EXPECT_EQ(found.labelled, 3);
    EXPECT_EQ(found.right, 1);
}

TEST(ResizedCrossEntropyOp, IsTheSameOnOneThreadAndOnMany) {
    const at::Tensor labels = mixedLabels({6, 20, 20}, 11, 5);
    const auto run = [&](int threads) {
        const int before = at::get_num_threads();
        at::set_num_threads(threads);
        at::Tensor logits = values({6, 11, 5, 5}, 9).to(at::kFloat).requires_grad_();
        const ResizedCrossEntropy found = resizedCrossEntropy(logits, labels, kIgnored);
        found.sum.backward();
        at::set_num_threads(before);
        return std::pair(found.sum.item<float>(), logits.grad().clone());
    };
    const auto one = run(1), many = run(2);
    EXPECT_EQ(one.first, many.first);
    EXPECT_TRUE(one.second.equal(many.second));
}

TEST(ResizedCrossEntropyReference, GradientsAgreeWithDifferences) {
    const at::Tensor labels = mixedLabels({2, 7, 6}, 3, 8);
    test::expectGradientsByDifferences(
        [&](const Tensors& in) { return resizedCrossEntropyReference(in[0], labels, kIgnored).sum; },
        {values({2, 3, 3, 2}, 11)});
}

}  // namespace
}  // namespace vl
