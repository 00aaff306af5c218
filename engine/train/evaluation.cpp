// SPDX-License-Identifier: Apache-2.0
#include "engine/train/evaluation.h"

#include <algorithm>

#include <ATen/ops/from_blob.h>
#include <ATen/ops/softmax.h>
#include <c10/core/GradMode.h>

#include "engine/train/loss.h"

namespace vl {

at::Tensor imagesOf(const Batch& batch) {
    return at::from_blob(const_cast<float*>(batch.images.data()), {batch.B, batch.channels, batch.size, batch.size},
                         at::kFloat);
}

at::Tensor labelsOf(const Batch& batch) {
    return at::from_blob(const_cast<std::int64_t*>(batch.labels.data()), {batch.B}, at::kLong);
}

std::optional<EvaluationResult> evaluateModel(Model& model, const EvalBatches& batches,
                                              const std::function<bool(double)>& progress) {
    const c10::NoGradGuard noGrad;
    EvaluationResult result;
    std::int64_t correct = 0;
    for (std::int64_t number = 0; number < batches.count(); ++number) {
        const Batch batch = batches.batch(number);
        const at::Tensor logits = model.forward(imagesOf(batch));
        const at::Tensor loss = crossEntropyPerSample(logits, labelsOf(batch)).contiguous();
        const auto [confidence, predicted] = at::softmax(logits, 1).max(1);
        const at::Tensor sure = confidence.contiguous(), chosen = predicted.contiguous();
        for (std::int64_t i = 0; i < batch.B; ++i) {
            const auto at = static_cast<std::size_t>(i);
            SampleResult sample{batch.indices[at], static_cast<int>(batch.labels[at]),
                                static_cast<int>(chosen.const_data_ptr<std::int64_t>()[i]),
                                sure.const_data_ptr<float>()[i], loss.const_data_ptr<float>()[i]};
            result.loss += sample.loss;
            correct += sample.predicted == sample.label;
            result.samples.push_back(sample);
        }
        if (progress && !progress(static_cast<double>(number + 1) / static_cast<double>(batches.count())))
            return std::nullopt;
    }
    const double images = std::max<double>(1, static_cast<double>(result.samples.size()));
    result.loss /= images;
    result.accuracy = static_cast<double>(correct) / images;
    return result;
}

void sortForGallery(std::vector<SampleResult>& samples) {
    std::stable_sort(samples.begin(), samples.end(), [](const SampleResult& a, const SampleResult& b) {
        const bool wrongA = a.predicted != a.label, wrongB = b.predicted != b.label;
        if (wrongA != wrongB) return wrongA;
        return wrongA ? a.confidence > b.confidence : a.confidence < b.confidence;
    });
}

}  // namespace vl
