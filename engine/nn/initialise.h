// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include <ATen/core/Tensor.h>

namespace vl {

/// Draws for the tensor called `name`; every tensor has its own stream, so adding one leaves the others as they were.
struct InitialDraw {
    std::uint64_t seed = 0;
    std::string_view name;
};

/// Normal with deviation `std`, cut at the absolute values -2 and 2 by the inverse distribution function
/// (models.md 1.6).
void fillTruncatedNormal(at::Tensor tensor, double std, const InitialDraw& draw);
/// Uniform in [-bound, bound).
void fillUniform(at::Tensor tensor, double bound, const InitialDraw& draw);
void fillConstant(at::Tensor tensor, double value);

}  // namespace vl
