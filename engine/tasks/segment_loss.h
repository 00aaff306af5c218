// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <ATen/core/Tensor.h>

#include "engine/nn/segmenter.h"

namespace vl {

/// Pixels of this label count for no class.
inline constexpr std::int64_t kIgnoredLabel = 255;

struct SegmentLoss {
    at::Tensor main, auxiliary, total;           ///< weighted (1 and 0.4), differentiable
    double accuracy = 0, auxiliaryAccuracy = 0;  ///< right pixels in percent of the labelled ones
};

/// models.md 8.3: logits resized to the labels' size; cross entropy summed over labelled pixels and divided by all of
/// them, ignored ones included. labels [B, H, W] int64, classes or 255. Throws Error(Mismatch) for labels of another
/// form or a class that the model lacks.
SegmentLoss segmentLoss(const SegmentOutput& output, const at::Tensor& labels);

}  // namespace vl
