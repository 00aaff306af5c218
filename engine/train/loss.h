// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

namespace vl {

/// Mean cross entropy of logits [B, K] against class indices [B] (int64) with targets 1 - s + s/K and s/K
/// (models.md 3.5, s = `labelSmoothing`). Differentiable.
at::Tensor crossEntropy(const at::Tensor& logits, const at::Tensor& labels, double labelSmoothing);

/// Cross entropy of every sample, [B], without smoothing.
at::Tensor crossEntropyPerSample(const at::Tensor& logits, const at::Tensor& labels);

/// How many rows of logits [B, K] have their largest entry at the label.
std::int64_t countCorrect(const at::Tensor& logits, const at::Tensor& labels);

}  // namespace vl
