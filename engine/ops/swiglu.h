// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

namespace vl {

/// silu(gate) * value, element by element (models.md 1.2). Differentiable in both.
/// Contiguous float32 CPU tensors take the fused kernel, others the reference.
at::Tensor swiglu(const at::Tensor& gate, const at::Tensor& value);

at::Tensor swigluReference(const at::Tensor& gate, const at::Tensor& value);

}  // namespace vl
