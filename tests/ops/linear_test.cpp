// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <ATen/ops/conv2d.h>
#include <ATen/ops/linear.h>

#include "engine/ops/linear.h"
#include "engine/ops/patch_embed.h"
#include "tests/ops/op_checks.h"

namespace vl {
namespace {

using test::Tensors;
using test::values;

struct Shape {
    std::int64_t rows, depth, outputs;
};

// Whole tiles, tails in every direction, more depth than one block, and single rows and columns.
constexpr Shape kShapes[] = {{24, 64, 64}, {25, 33, 37}, {1, 7, 1}, {13, 300, 48}, {260, 16, 10}, {5, 513, 70}};

class LinearKernel : public test::EveryInstructionSet {};
INSTANTIATE_TEST_SUITE_P(Isa, LinearKernel, test::everySet(), test::isaName);

TEST_P(LinearKernel, MatchesTheLibraryWithBias) {
    for (const Shape& shape : kShapes) {
        test::expectSameFunction(
            [](const Tensors& in) { return vl::linear(in[0], in[1], in[2]); },
            [](const Tensors& in) { return at::linear(in[0], in[1], in[2]); },
            {values({shape.rows, shape.depth}, 1), values({shape.outputs, shape.depth}, 2), values({shape.outputs}, 3)},
            1e-5);
    }
}

TEST_P(LinearKernel, MatchesTheLibraryWithoutBiasAndWithLeadingAxes) {
    for (const Shape& shape : kShapes) {
        test::expectSameFunction([](const Tensors& in) { return vl::linear(in[0], in[1]); },
                                 [](const Tensors& in) { return at::linear(in[0], in[1]); },
                                 {values({2, shape.rows, shape.depth}, 1), values({shape.outputs, shape.depth}, 2)},
                                 1e-5);
    }
}

TEST_P(LinearKernel, PatchEmbeddingIsTheConvolution) {
    test::expectSameFunction(
        [](const Tensors& in) { return patchEmbed(in[0], in[1], in[2]); },
        [](const Tensors& in) {
            return at::conv2d(in[0], in[1], in[2], at::IntArrayRef{4, 4}).flatten(2).transpose(1, 2).contiguous();
        },
        {values({2, 3, 12, 8}, 1), values({5, 3, 4, 4}, 2), values({5}, 3)}, 1e-5);
}

TEST(Linear, GradientsAgreeWithDifferences) {
    test::expectGradientsByDifferences([](const Tensors& in) { return vl::linear(in[0], in[1], in[2]); },
                                       {values({3, 4}, 1), values({2, 4}, 2), values({2}, 3)});
    test::expectGradientsByDifferences([](const Tensors& in) { return patchEmbed(in[0], in[1], in[2]); },
                                       {values({1, 2, 4, 4}, 1), values({3, 2, 2, 2}, 2), values({3}, 3)});
}

}  // namespace
}  // namespace vl
