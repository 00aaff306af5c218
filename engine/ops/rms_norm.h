// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>

#include <ATen/core/Tensor.h>

namespace vl {

/// y = x / sqrt(mean over the last axis of x^2 + eps) * weight, statistics in float32 (models.md 1.1).
/// x [..., C], weight [C]. Differentiable in both. float32 CPU tensors take the fused kernel, others the reference.
at::Tensor rmsNorm(const at::Tensor& x, const at::Tensor& weight, double eps);

/// (x + branch, rmsNorm(x + branch)) in one pass over memory: the residual addition and the norm that follows it.
std::pair<at::Tensor, at::Tensor> addRmsNorm(const at::Tensor& x, const at::Tensor& branch, const at::Tensor& weight,
                                             double eps);

/// The definition, spelled in ATen; float64 stays float64 so that it can be checked by finite differences.
at::Tensor rmsNormReference(const at::Tensor& x, const at::Tensor& weight, double eps);

}  // namespace vl
