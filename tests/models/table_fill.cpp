// SPDX-License-Identifier: Apache-2.0
#include "tests/models/table_fill.h"

#include <gtest/gtest.h>

#include <cmath>

#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>

#include "engine/io/crc32.h"

namespace vl::test {
namespace {

double value(std::uint32_t seed, std::uint32_t index) {
    std::uint32_t x = seed ^ (index * 0x9E3779B1u);
    x ^= x >> 16;
    x *= 0x85EBCA6Bu;
    x ^= x >> 13;
    x *= 0xC2B2AE35u;
    x ^= x >> 16;
    return 2.0 * x / 4294967296.0 - 1;
}

struct Rule {
    double offset, factor;
};

Rule ruleFor(const std::string& name, std::int64_t axes) {
    if (name.find("gamma_") != std::string::npos) return {0.5, 0.1};
    if (name.ends_with("running_var")) return {1, 0.1};
    if (axes == 1) return name.ends_with("weight") ? Rule{1, 0.1} : Rule{0, 0.05};
    return {0, 0.08};
}

at::Tensor filled(const std::string& name, at::IntArrayRef shape, const Rule& rule) {
    at::Tensor tensor = at::empty(shape, at::kFloat);
    float* data = tensor.data_ptr<float>();
    const std::uint32_t seed = crc32(std::as_bytes(std::span(name)));
    for (std::int64_t i = 0; i < tensor.numel(); ++i)
        data[i] = static_cast<float>(rule.offset + rule.factor * value(seed, static_cast<std::uint32_t>(i)));
    return tensor;
}

}  // namespace

at::Tensor tableStream(const std::string& name, at::IntArrayRef shape) { return filled(name, shape, {0, 1}); }

void fillForTables(std::span<Parameter> parameters) {
    const at::NoGradGuard noGrad;
    for (Parameter& parameter : parameters)
        parameter.tensor.copy_(
            filled(parameter.name, parameter.tensor.sizes(), ruleFor(parameter.name, parameter.tensor.dim())));
}

void expectRow(const at::Tensor& output, const TableRow& row) {
    const at::Tensor flat = output.detach().to(at::kDouble).flatten().contiguous();
    const double* values = flat.const_data_ptr<double>();
    for (std::size_t i = 0; i < row.first.size(); ++i)
        EXPECT_NEAR(values[i], row.first[i], 2e-5) << "value " << i;
    EXPECT_NEAR(values[flat.numel() - 1], row.last, 2e-5) << "last";
    EXPECT_NEAR(flat.mean().item<double>(), row.mean, 2e-6) << "mean";
    EXPECT_NEAR(flat.norm().item<double>(), row.norm, 1e-5 * row.norm) << "norm";
}

TEST(TableFill, FollowsItsPublishedCheckValues) {
    const std::string name = "input";
    EXPECT_EQ(crc32(std::as_bytes(std::span(name))), 0xD82832D7u);
    const at::Tensor input = tableStream("input", {4}), norm = tableStream("norm.weight", {3});
    const double expected[] = {-0.91203342, -0.34896041, -0.50114547, 0.62320515};
    for (int i = 0; i < 4; ++i)
        EXPECT_NEAR(input[i].item<double>(), expected[i], 1e-7);
    EXPECT_NEAR(norm[0].item<double>(), 0.21822736, 1e-7);
    EXPECT_NEAR(norm[2].item<double>(), 0.91689879, 1e-7);
}

}  // namespace vl::test
