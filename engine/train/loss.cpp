// SPDX-License-Identifier: Apache-2.0
#include "engine/train/loss.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/Reduction.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/log_softmax.h>

namespace vl {

at::Tensor crossEntropy(const at::Tensor& logits, const at::Tensor& labels, double labelSmoothing) {
    return at::cross_entropy_loss(logits, labels, {}, at::Reduction::Mean, -100, labelSmoothing);
}

at::Tensor crossEntropySoft(const at::Tensor& logits, const at::Tensor& targets) {
    return -(at::log_softmax(logits, 1) * targets).sum(1).mean();
}

at::Tensor smoothTargets(const at::Tensor& targets, double labelSmoothing) {
    return targets * (1 - labelSmoothing) + labelSmoothing / static_cast<double>(targets.size(1));
}

at::Tensor crossEntropyPerSample(const at::Tensor& logits, const at::Tensor& labels) {
    return at::cross_entropy_loss(logits, labels, {}, at::Reduction::None);
}

std::int64_t countCorrect(const at::Tensor& logits, const at::Tensor& labels) {
    return logits.argmax(1).eq(labels).sum().item<std::int64_t>();
}

}  // namespace vl
