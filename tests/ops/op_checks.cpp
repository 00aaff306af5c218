// SPDX-License-Identifier: Apache-2.0
#include "tests/ops/op_checks.h"

#include <algorithm>

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>

#include "engine/core/random.h"

namespace vl::test {
namespace {

Tensors leaves(const Tensors& inputs, at::ScalarType type) {
    Tensors copies;
    for (const at::Tensor& input : inputs) {
        copies.push_back(input.detach().to(type).clone());
        copies.back().set_requires_grad(true);
    }
    return copies;
}

/// A scalar whose gradient differs at every element, so that a transposed or shifted gradient shows.
at::Tensor weightedSum(const at::Tensor& out) { return (out * values(out.sizes(), 99).to(out.scalar_type())).sum(); }

void expectClose(const at::Tensor& actual, const at::Tensor& expected, double tolerance, const std::string& what) {
    ASSERT_TRUE(actual.defined()) << what;
    ASSERT_EQ(actual.sizes(), expected.sizes()) << what;
    const double scale = std::max(1e-3, expected.abs().max().item<double>());
    EXPECT_LE((actual - expected).abs().max().item<double>(), tolerance * scale) << what;
}

}  // namespace

at::Tensor values(at::IntArrayRef shape, std::uint64_t seed, double scale) {
    at::Tensor out = at::empty(shape, at::kDouble);
    const RandomStream stream(seed, 7);
    double* data = out.data_ptr<double>();
    for (std::int64_t i = 0; i < out.numel(); ++i)
        data[i] = scale * (2 * stream.uniform(static_cast<std::uint64_t>(i)) - 1);
    return out;
}

void expectGradientsByDifferences(const Function& function, const Tensors& inputs) {
    const Tensors points = leaves(inputs, at::kDouble);
    weightedSum(function(points)).backward();
    const at::NoGradGuard noGrad;
    constexpr double kStep = 1e-5;
    for (std::size_t i = 0; i < points.size(); ++i) {
        const at::Tensor gradient = points[i].grad().contiguous();
        double* value = points[i].data_ptr<double>();
        for (std::int64_t j = 0; j < points[i].numel(); ++j) {
            const double kept = value[j];
            value[j] = kept + kStep;
            const double above = weightedSum(function(points)).item<double>();
            value[j] = kept - kStep;
            const double below = weightedSum(function(points)).item<double>();
            value[j] = kept;
            const double slope = (above - below) / (2 * kStep);
            ASSERT_NEAR(gradient.data_ptr<double>()[j], slope, 1e-6 * std::max(1.0, std::abs(slope)))
                << "input " << i << " at " << j;
        }
    }
}

void expectSameFunction(const Function& kernel, const Function& reference, const Tensors& inputs, double tolerance) {
    const Tensors mine = leaves(inputs, at::kFloat), theirs = leaves(inputs, at::kFloat);
    const at::Tensor actual = kernel(mine), expected = reference(theirs);
    expectClose(actual.detach(), expected.detach(), tolerance, "output");
    weightedSum(actual).backward();
    weightedSum(expected).backward();
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        expectClose(mine[i].grad(), theirs[i].grad(), tolerance, "gradient of input " + std::to_string(i));
    }
    const at::NoGradGuard noGrad;
    expectClose(kernel(mine), expected.detach(), tolerance, "output without gradient recording");
}

}  // namespace vl::test
