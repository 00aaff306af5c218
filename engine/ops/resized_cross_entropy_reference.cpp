// SPDX-License-Identifier: Apache-2.0
#include <tuple>

#include <ATen/TensorOperators.h>
#include <ATen/core/Reduction.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/max.h>
#include <ATen/ops/upsample_bilinear2d.h>

#include "engine/ops/resized_cross_entropy.h"

namespace vl {

ResizedCrossEntropy resizedCrossEntropyReference(const at::Tensor& logits, const at::Tensor& labels,
                                                 std::int64_t ignored) {
    const at::Tensor resized = at::upsample_bilinear2d(logits, labels.sizes().slice(1), /*align_corners=*/false);
    const at::Tensor labelled = labels.ne(ignored);
    // The largest and its place in one pass: argmax alone takes the slow way across channels.
    const at::Tensor right = std::get<1>(at::max(resized.detach(), 1)).eq(labels).logical_and(labelled);
    return {at::cross_entropy_loss(resized, labels, {}, at::Reduction::Sum, ignored),
            labelled.sum().item<std::int64_t>(), right.sum().item<std::int64_t>()};
}

}  // namespace vl
