// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>
#include <gtest/gtest.h>

#include "engine/ops/cpu/kernels.h"

namespace vl::test {

using Tensors = std::vector<at::Tensor>;
using Function = std::function<at::Tensor(const Tensors&)>;

/// Repeatable values of moderate size, different for every `seed`.
at::Tensor values(at::IntArrayRef shape, std::uint64_t seed, double scale = 1);

/// Checks every gradient of sum(weights * function(inputs)) in float64 against central differences.
void expectGradientsByDifferences(const Function& function, const Tensors& inputs);

/// Runs both on float32 copies of the inputs and compares outputs and all gradients, relative to the largest value.
void expectSameFunction(const Function& kernel, const Function& reference, const Tensors& inputs, double tolerance);

/// Runs a test once for every kernel set of this machine.
class EveryInstructionSet : public ::testing::TestWithParam<const cpu::Kernels*> {
protected:
    void SetUp() override { cpu::useKernels(*GetParam()); }
    void TearDown() override { cpu::useKernels(*cpu::supportedKernels().front()); }
};

inline std::string isaName(const ::testing::TestParamInfo<const cpu::Kernels*>& info) { return info.param->isa; }

inline auto everySet() { return ::testing::ValuesIn(cpu::supportedKernels().begin(), cpu::supportedKernels().end()); }

}  // namespace vl::test
