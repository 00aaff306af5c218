// SPDX-License-Identifier: Apache-2.0
#include "engine/nn/recorded_fill.h"

#include <gtest/gtest.h>

#include <ATen/TensorOperators.h>
#include <ATen/ops/zeros.h>

namespace vl {
namespace {

double largest(const at::Tensor& tensor) { return tensor.abs().max().item<double>(); }

TEST(RecordedFill, ScalesFollowShapeAndName) {
    at::Tensor matrix = at::zeros({40, 12}), token = at::zeros({1, 1, 400}), norm = at::zeros({400}),
               gamma = at::zeros({400}), bias = at::zeros({400});
    fillRecorded(matrix, "m.weight");
    fillRecorded(token, "cls_token");
    fillRecorded(norm, "norm.weight");
    fillRecorded(gamma, "gamma_1");
    fillRecorded(bias, "m.bias");
    EXPECT_NEAR(largest(matrix), 0.5, 0.01);  // sqrt(3 / 12)
    EXPECT_NEAR(largest(token), 0.5, 0.01);
    EXPECT_NEAR(largest(norm - 1), 0.2, 0.01);
    EXPECT_NEAR(largest(gamma - 0.5), 0.2, 0.01);
    EXPECT_NEAR(largest(bias), 0.1, 0.01);
}

TEST(RecordedFill, StreamsOfDifferentNamesDiffer) {
    EXPECT_NE(recordedUniform("a", 0), recordedUniform("b", 0));
    EXPECT_NE(recordedUniform("a", 0), recordedUniform("a", 1));
    EXPECT_EQ(recordedInput({2}).to(at::kDouble)[1].item<double>(),
              static_cast<double>(static_cast<float>(recordedUniform("input", 1))));
}

}  // namespace
}  // namespace vl
