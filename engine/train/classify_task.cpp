// SPDX-License-Identifier: Apache-2.0
#include "engine/train/classify_task.h"

#include "engine/train/loss.h"

namespace vl {

ClassifyTask::ClassifyTask(const RunSettings& settings, const Datasets& data)
    : settings_(settings),
      evaluation_(data.evaluation),
      gallery_(data.evaluation, settings.data.mean, settings.data.std) {}

TrainTask::Loss ClassifyTask::loss(Model& model, const Batch& batch, std::int64_t step) {
    const at::Tensor labels = labelsOf(batch);
    const at::Tensor logits = model.forward(imagesOf(batch), trainingOptions(settings_, batch, step));
    const auto correct = static_cast<double>(countCorrect(logits.detach(), labels));
    return {crossEntropy(logits, labels, settings_.train.labelSmoothing), correct / static_cast<double>(batch.B)};
}

std::optional<EvalMetrics> ClassifyTask::evaluate(Model& model, const RunPoint& at,
                                                  const std::function<bool()>& keepGoing) {
    const EvalBatches batches(evaluation_, settings_.eval.batch, settings_.eval.limit, settings_.data.mean,
                              settings_.data.std);
    auto result = evaluateModel(model, batches, [&](double) { return !keepGoing || keepGoing(); });
    if (!result) return std::nullopt;
    EvalMetrics row;
    row.step = at.step;
    row.epoch = at.epoch;
    row.loss = result->loss;
    row.accuracy = result->accuracy;
    row.images = batches.images();
    gallery_.choose(std::move(result->samples), at.step, at.epoch);
    return row;
}

std::shared_ptr<const Gallery> ClassifyTask::refreshGallery(Model& model, const RunPoint& at) {
    gallery_.refresh(model, at.step, at.epoch);
    return gallery_.gallery();
}

}  // namespace vl
