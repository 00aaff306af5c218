// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "engine/api/types.h"
#include "engine/data/loader.h"
#include "engine/nn/model.h"

namespace vl {

/// A batch's pictures as a tensor [B, channels, S, S] that shares its memory: keep the batch alive.
at::Tensor imagesOf(const Batch& batch);
/// Its labels [B], int64, sharing memory.
at::Tensor labelsOf(const Batch& batch);

/// What a model says about one picture of a split.
struct SampleResult {
    std::int64_t index = 0;
    int label = 0, predicted = 0;
    double confidence = 0;  ///< of the prediction, 0..1
    double loss = 0;        ///< cross entropy without smoothing
};

struct EvaluationResult {
    double loss = 0, accuracy = 0;
    std::vector<SampleResult> samples;
};

/// Runs every batch through the model without gradients. `progress` is told the share done after each batch; when it
/// returns false the evaluation ends without a result.
std::optional<EvaluationResult> evaluateModel(Model& model, const EvalBatches& batches,
                                              const std::function<bool(double)>& progress = {});

/// Wrong ones first, the most confident mistake first; then right ones, the least confident first.
void sortForGallery(std::vector<SampleResult>& samples);

}  // namespace vl
