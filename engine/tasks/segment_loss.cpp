// SPDX-License-Identifier: Apache-2.0
#include "engine/tasks/segment_loss.h"

#include <limits>

#include <ATen/TensorOperators.h>

#include "engine/core/error.h"
#include "engine/ops/resized_cross_entropy.h"

namespace vl {
namespace {

constexpr double kMainWeight = 1.0, kAuxiliaryWeight = 0.4;

void checkLabels(const at::Tensor& logits, const at::Tensor& labels) {
    if (labels.dim() != 3 || labels.scalar_type() != at::kLong || labels.size(0) != logits.size(0)) {
        throw Error(ErrorCode::Mismatch, "Labels must be whole numbers of the form pictures x rows x columns.",
                    "Give one label map a picture.");
    }
    const at::Tensor known = labels.lt(logits.size(1)).logical_and(labels.ge(0));
    if (known.logical_or(labels.eq(kIgnoredLabel)).all().item<bool>()) return;
    throw Error(ErrorCode::Mismatch,
                "A label is none of the model's " + std::to_string(logits.size(1)) + " classes and not 255 either.",
                "Check that the data set's classes are the model's.");
}

struct HeadLoss {
    at::Tensor mean;
    double accuracy = 0;
};

HeadLoss lossOf(const at::Tensor& logits, const at::Tensor& labels) {
    const ResizedCrossEntropy found = resizedCrossEntropy(logits, labels, kIgnoredLabel);
    const double labelled = static_cast<double>(found.labelled) + std::numeric_limits<float>::epsilon();
    return {found.sum / static_cast<double>(labels.numel()), 100 * static_cast<double>(found.right) / labelled};
}

}  // namespace

SegmentLoss segmentLoss(const SegmentOutput& output, const at::Tensor& labels) {
    checkLabels(output.logits, labels);
    const HeadLoss main = lossOf(output.logits, labels), auxiliary = lossOf(output.auxiliary, labels);
    SegmentLoss loss;
    loss.main = kMainWeight * main.mean;
    loss.accuracy = main.accuracy;
    loss.auxiliary = kAuxiliaryWeight * auxiliary.mean;
    loss.auxiliaryAccuracy = auxiliary.accuracy;
    loss.total = loss.main + loss.auxiliary;
    return loss;
}

}  // namespace vl
