// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <ATen/core/Tensor.h>

namespace vl {

struct ResizedCrossEntropy {
    at::Tensor sum;             ///< [] cross entropy over labelled pixels, differentiable in the logits
    std::int64_t labelled = 0;  ///< pixels whose label is a class
    std::int64_t right = 0;     ///< of them, those whose class has the largest logit (the first of equals)
};

/// Cross entropy of logits resized bilinearly (half-pixel centres, as torch without align_corners) to the labels' size,
/// summed over pixels. logits [B, K, h, w]; labels [B, H, W] int64, each a class or `ignored`, which counts for
/// nothing. Contiguous float32 CPU logits take the fused kernel: it never holds the resized logits, whose B K H W
/// floats (2.3 GiB for 16 crops of 512 px and 150 classes) the reference keeps three times. Others take the reference.
ResizedCrossEntropy resizedCrossEntropy(const at::Tensor& logits, const at::Tensor& labels, std::int64_t ignored);

ResizedCrossEntropy resizedCrossEntropyReference(const at::Tensor& logits, const at::Tensor& labels,
                                                 std::int64_t ignored);

}  // namespace vl
