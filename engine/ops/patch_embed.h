// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <ATen/core/Tensor.h>

namespace vl {

/// Non-overlapping patches through a linear map: the convolution with kernel = stride = P as one matrix product.
/// images [B, c, S, S], weight [D, c, P, P], bias [D] -> [B, (S/P)^2, D], patches row by row. Differentiable.
at::Tensor patchEmbed(const at::Tensor& images, const at::Tensor& weight, const at::Tensor& bias);

}  // namespace vl
