// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <ATen/TensorOperators.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/tensor.h>

#include "engine/ops/rope.h"
#include "engine/ops/soft_mask_attention.h"
#include "tests/ops/op_checks.h"

namespace vl {
namespace {

using test::Tensors;
using test::values;

struct Case {
    std::int64_t batch, tokens, heads, dim;
};

// The sizes of the presets, and odd ones that leave tails in every loop; 250 needs several query blocks.
constexpr Case kCases[] = {{2, 65, 2, 32}, {1, 197, 1, 64}, {2, 17, 3, 6},
                           {1, 1, 1, 2},   {1, 5, 2, 40},   {1, 250, 1, 16}};
constexpr double kAlphas[] = {0, 0.3, 1};

class AttentionKernel : public test::EveryInstructionSet {};
INSTANTIATE_TEST_SUITE_P(Isa, AttentionKernel, test::everySet(), test::isaName);

TEST_P(AttentionKernel, MatchesTheExplicitForm) {
    for (const Case& size : kCases) {
        const RopeTable table = ropeTable1d(size.tokens, size.dim, 10000);
        for (const double alpha : kAlphas) {
            SCOPED_TRACE("tokens " + std::to_string(size.tokens) + " alpha " + std::to_string(alpha));
            const SoftMaskOptions options{size.heads, alpha};
            test::expectSameFunction(
                [&](const Tensors& in) { return softMaskAttention(in[0], table, options); },
                [&](const Tensors& in) { return softMaskAttentionReference(in[0], table, options); },
                {values({size.batch, size.tokens, 3 * size.heads * size.dim}, 1, 2)}, 2e-5);
        }
    }
}

TEST_P(AttentionKernel, OneQueryIsARowOfTheWhole) {
    for (const Case& size : kCases) {
        const RopeTable table = ropeTable1d(size.tokens, size.dim, 10000);
        for (const std::int64_t position : {std::int64_t{0}, size.tokens / 2, size.tokens - 1}) {
            const SoftMaskOptions options{size.heads, 0.3};
            const std::int64_t width = size.heads * size.dim;
            const Tensors inputs{values({size.batch, 1, width}, 1, 2),
                                 values({size.batch, size.tokens, 2 * width}, 2, 2)};
            test::expectSameFunction(
                [&](const Tensors& in) { return softMaskAttentionOneQuery(in[0], in[1], table, options, position); },
                [&](const Tensors& in) {
                    return softMaskAttentionOneQueryReference(in[0], in[1], table, options, position);
                },
                inputs, 2e-5);
        }
    }
}

TEST_P(AttentionKernel, LargeScoresStayFinite) {
    const RopeTable table = ropeTable1d(20, 8, 10000);
    const at::Tensor qkv = values({1, 20, 24}, 3, 60).to(at::kFloat);
    const at::Tensor out = softMaskAttention(qkv, table, {1, 0});
    EXPECT_TRUE(out.isfinite().all().item<bool>());
    EXPECT_LE((out - softMaskAttentionReference(qkv, table, {1, 0})).abs().max().item<double>(), 60 * 2e-4);
}

TEST(SoftMaskAttention, GradientsAgreeWithDifferences) {
    const RopeTable table = ropeTable1d(4, 4, 10000);
    for (const double alpha : kAlphas) {
        test::expectGradientsByDifferences(
            [&](const Tensors& in) {
                return softMaskAttention(in[0], table, {2, alpha});
            },
            {values({1, 4, 24}, 1)});
        test::expectGradientsByDifferences(
            [&](const Tensors& in) {
                return softMaskAttentionOneQuery(in[0], in[1], table, {2, alpha}, 2);
            },
            {values({1, 1, 8}, 1), values({1, 4, 16}, 2)});
    }
}

/// One head of width 2 whose query 0 sees the softmax row (0.2, 0.3, 0.5), and values that spell out the weights.
at::Tensor workedExample(double alpha) {
    // Without rotation (all positions read row 0 of a table of angle 0) the scores are log-weights times sqrt(2).
    RopeTable still = ropeTable1d(3, 2, 10000);
    for (at::Tensor* part : {&still.cosine, &still.cosinePairs})
        part->fill_(1);
    for (at::Tensor* part : {&still.sine, &still.sinePairs})
        part->fill_(0);
    const double root = std::sqrt(2.0);
    const at::Tensor qkv = at::tensor({1.0, 0.0, root * std::log(0.2), 0.0, 1.0, 0.0,   //
                                       0.0, 0.0, root * std::log(0.3), 0.0, 10.0, 0.0,  //
                                       0.0, 0.0, root * std::log(0.5), 0.0, 100.0, 0.0})
                               .view({1, 3, 6});
    const at::Tensor fused = softMaskAttention(qkv.to(at::kFloat), still, {1, alpha});
    EXPECT_LE((fused.to(at::kDouble) - softMaskAttentionReference(qkv, still, {1, alpha})).abs().max().item<double>(),
              1e-4);
    return fused[0][0][0];
}

TEST(SoftMaskAttention, WorkedExampleOfTheMaskAfterTheSoftmax) {
    EXPECT_NEAR(workedExample(0).item<double>(), 0.2, 1e-5);                   // (0.2, 0, 0), not (1, 0, 0)
    EXPECT_NEAR(workedExample(0.25).item<double>(), 0.2 + 0.75 + 12.5, 1e-4);  // (0.2, 0.075, 0.125)
    EXPECT_NEAR(workedExample(1).item<double>(), 0.2 + 3 + 50, 1e-4);          // unchanged
}

TEST(SoftMaskAttention, IsNotCausalAttention) {
    const RopeTable table = ropeTable1d(6, 4, 10000);
    const at::Tensor qkv = values({1, 6, 12}, 5, 2);
    const at::Tensor ours = softMaskAttention(qkv, table, {1, 0});
    const at::Tensor parts = qkv.view({1, 6, 3, 1, 4});
    const at::Tensor q = applyRopeReference(parts.select(2, 0), table).transpose(1, 2);
    const at::Tensor k = applyRopeReference(parts.select(2, 1), table).transpose(1, 2);
    const at::Tensor keep = softMaskMatrix(6, 0, qkv.options());
    const at::Tensor causal = at::softmax(at::matmul(q / 2, k.transpose(-2, -1)).masked_fill(keep == 0, -1e30), -1);
    const at::Tensor other = at::matmul(causal, parts.select(2, 2).transpose(1, 2)).transpose(1, 2).reshape({1, 6, 4});
    EXPECT_GT((ours - other).narrow(1, 0, 5).abs().max().item<double>(), 0.1);
    // The last token sees every key in both, so there the two agree.
    EXPECT_LE((ours - other).narrow(1, 5, 1).abs().max().item<double>(), 1e-12);
}

TEST(SoftMaskAttention, LaterTokensChangeEarlierOutputsThroughTheDenominator) {
    const RopeTable table = ropeTable1d(5, 4, 10000);
    const at::Tensor before = values({1, 5, 12}, 6);
    at::Tensor after = before.clone();
    after.select(1, 4).narrow(1, 4, 4).add_(1.0);  // the key of the last token
    const at::Tensor change = softMaskAttention(after, table, {1, 0}) - softMaskAttention(before, table, {1, 0});
    EXPECT_GT(change.select(1, 0).abs().max().item<double>(), 1e-6);
}

TEST(Rope, WorkedExampleAtPositionFive) {
    const RopeTable table = ropeTable1d(6, 8, 10000);
    const at::Tensor x =
        at::tensor({1.0f, 2.0f, 3.0f, 4.0f, 5.0f, 6.0f, 7.0f, 8.0f}).view({1, 1, 1, 8}).expand({1, 6, 1, 8});
    const at::Tensor turned = applyRopeReference(x, table)[0][5][0];
    const double expected[] = {2.201511, -0.391600, 0.715045, 4.948607, 4.693876, 6.242398, 6.959913, 8.034900};
    for (std::int64_t i = 0; i < 8; ++i)
        EXPECT_NEAR(turned[i].item<double>(), expected[i], 2e-6) << i;
}

TEST(Rope, FrequenciesOfAHeadOfSixtyFour) {
    const RopeTable table = ropeTable1d(2, 64, 10000);
    EXPECT_FLOAT_EQ(table.cosine[1][0].item<float>(), std::cos(1.0f));
    EXPECT_NEAR(std::asin(table.sine[1][1].item<double>()), 0.749894, 1e-6);
    EXPECT_NEAR(std::asin(table.sine[1][31].item<double>()), 1.33352e-4, 1e-9);
}

TEST(Rope, ScoresDependOnTheDistanceOnly) {
    const RopeTable table = ropeTable1d(40, 16, 10000);
    const at::Tensor q = applyRopeReference(values({1, 1, 1, 16}, 1).expand({1, 40, 1, 16}), table);
    const at::Tensor k = applyRopeReference(values({1, 1, 1, 16}, 2).expand({1, 40, 1, 16}), table);
    const auto score = [&](int i, int j) { return (q[0][i] * k[0][j]).sum().item<double>(); };
    EXPECT_NEAR(score(10, 3), score(33, 26), 1e-5);
    EXPECT_GT(std::abs(score(10, 3) - score(10, 4)), 1e-4);
}

}  // namespace
}  // namespace vl
