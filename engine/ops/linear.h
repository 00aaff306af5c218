// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

namespace vl {

/// x [..., K] times the transpose of weight [N, K], plus bias [N] when defined -> [..., N]. Differentiable in all
/// three. float32 on CPUs with AVX2 or AVX-512 takes this project's product, whose register tile fits the narrow
/// matrices of small vision transformers and which uses the widest vectors on every vendor's processor; everything else
/// takes at::linear.
at::Tensor linear(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias = {});

}  // namespace vl
