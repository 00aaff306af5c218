// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <vector>

#include <ATen/core/Tensor.h>
#include <ATen/ops/tensor.h>
#include <gtest/gtest.h>

namespace vl::test {

/// Rows of four numbers as float32 boxes.
inline at::Tensor boxesOf(std::initializer_list<double> numbers) {
    return at::tensor(at::ArrayRef<double>(numbers.begin(), numbers.size())).view({-1, 4}).to(at::kFloat);
}

inline at::Tensor indices(std::initializer_list<std::int64_t> numbers) {
    return at::tensor(at::ArrayRef<std::int64_t>(numbers.begin(), numbers.size()), at::kLong);
}

inline std::vector<std::int64_t> listOf(const at::Tensor& numbers) {
    const at::Tensor flat = numbers.to(at::kLong).contiguous();
    return {flat.const_data_ptr<std::int64_t>(), flat.const_data_ptr<std::int64_t>() + flat.numel()};
}

using Indices = std::vector<std::int64_t>;

}  // namespace vl::test
