// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include <ATen/core/Tensor.h>

#include "engine/nn/model.h"

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

/// The rule of iLLaMA, plain VisionLLaMA and ViT for one of their tensors (models.md 1.6): patch convolution uniform
/// within 1 / sqrt(fan in), other matrices and tokens truncated normal 0.02, gammas 1e-4, biases 0, norms 1.
void initialiseTransformerTensor(const Parameter& parameter, const ModelSpec& spec, std::uint64_t seed);

}  // namespace vl
