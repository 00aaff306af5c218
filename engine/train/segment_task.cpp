// SPDX-License-Identifier: Apache-2.0
#include "engine/train/segment_task.h"

#include <cmath>

#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>

#include "engine/dense/predictor.h"
#include "engine/metrics/segment_counts.h"
#include "engine/nn/segmenter.h"
#include "engine/tasks/segment_loss.h"
#include "engine/train/evaluation.h"

namespace vl {
namespace {

/// [B, size, size]
at::Tensor pixelLabels(const Batch& batch) {
    at::Tensor labels = at::empty({batch.B, batch.size, batch.size}, at::kLong);
    std::int64_t* out = labels.data_ptr<std::int64_t>();
    for (const DenseTarget& target : batch.targets)
        for (const std::uint8_t label : target.labels)
            *out++ = label;
    return labels;
}

}  // namespace

SegmentTask::SegmentTask(const RunSettings& settings, const Datasets& data, const std::filesystem::path& runFolder)
    : settings_(settings), truth_(data.annotated), film_(runFolder, settings.dense.shown) {}

TrainTask::Loss SegmentTask::loss(Model& model, const Batch& batch, std::int64_t step) {
    const SegmentOutput output =
        dynamic_cast<Segmenter&>(model).segment(imagesOf(batch), trainingOptions(settings_, batch, step));
    const SegmentLoss loss = segmentLoss(output, pixelLabels(batch));
    return {loss.total, loss.accuracy / 100};
}

std::optional<EvalMetrics> SegmentTask::evaluate(Model& model, const RunPoint& at,
                                                 const std::function<bool()>& keepGoing) {
    const at::NoGradGuard noGrad;
    film_.discard();
    SegmentCounts counts(model.spec().numClasses);
    SegmentTesting testing;
    testing.baseLong = settings_.dense.baseLong;
    testing.baseShort = settings_.dense.baseShort;
    for (std::int64_t i = 0; i < truth_->size(); ++i) {
        if (keepGoing && !keepGoing()) return std::nullopt;
        const DenseSample sample = truth_->read(i);
        const PixelClasses found = segmentPicture(model, sample.picture, testing);
        counts.add(sample.labels, found.labels);
        if (film_.wants(i)) film_.add(overlayOf(sample.picture, found, truth_->classes()));
    }
    film_.finish(at);
    const SegmentScores scores = counts.scores();
    EvalMetrics row;
    row.step = at.step;
    row.epoch = at.epoch;
    row.loss = std::nan("");
    row.accuracy = scores.pixelAccuracy;
    row.images = truth_->size();
    row.meanIou = scores.meanIou;
    row.classScores = scores.iou;
    return row;
}

}  // namespace vl
