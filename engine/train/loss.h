// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

namespace vl {

/// Mean cross entropy of logits [B, K] against class indices [B] (int64) with targets 1 - s + s/K and s/K
/// (models.md 3.5, s = `labelSmoothing`). Differentiable.
at::Tensor crossEntropy(const at::Tensor& logits, const at::Tensor& labels, double labelSmoothing);

/// Mean over the batch of -sum(t log p): targets [B, K] of any non-negative rows, as mixing pictures leaves them.
at::Tensor crossEntropySoft(const at::Tensor& logits, const at::Tensor& targets);
/// Targets [B, K] times 1 - s, plus s / K on every class ("original" label smoothing, models.md 6.6).
at::Tensor smoothTargets(const at::Tensor& targets, double labelSmoothing);

/// Cross entropy of every sample, [B], without smoothing.
at::Tensor crossEntropyPerSample(const at::Tensor& logits, const at::Tensor& labels);

/// How many rows of logits [B, K] have their largest entry at the label.
std::int64_t countCorrect(const at::Tensor& logits, const at::Tensor& labels);

}  // namespace vl
