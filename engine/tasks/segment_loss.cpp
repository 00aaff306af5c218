// SPDX-License-Identifier: Apache-2.0
#include "engine/tasks/segment_loss.h"

#include <limits>
#include <tuple>

#include <ATen/TensorOperators.h>
#include <ATen/core/Reduction.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/max.h>
#include <ATen/ops/upsample_bilinear2d.h>

#include "engine/core/error.h"

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

at::Tensor lossOf(const at::Tensor& resized, const at::Tensor& labels) {
    const at::Tensor sum = at::cross_entropy_loss(resized, labels, {}, at::Reduction::Sum, kIgnoredLabel);
    return sum / static_cast<double>(labels.numel());
}

}  // namespace

double pixelAccuracy(const at::Tensor& logits, const at::Tensor& labels) {
    const at::Tensor labelled = labels.ne(kIgnoredLabel);
    // The largest and its place in one pass: argmax alone takes the slow way across channels.
    const at::Tensor right = std::get<1>(at::max(logits, 1)).eq(labels).logical_and(labelled);
    const double count = labelled.sum().item<double>();
    return 100 * right.sum().item<double>() / (count + std::numeric_limits<float>::epsilon());
}

SegmentLoss segmentLoss(const SegmentOutput& output, const at::Tensor& labels) {
    checkLabels(output.logits, labels);
    const auto resized = [&](const at::Tensor& logits) {
        return at::upsample_bilinear2d(logits, labels.sizes().slice(1), /*align_corners=*/false);
    };
    SegmentLoss loss;
    const at::Tensor main = resized(output.logits);
    loss.main = kMainWeight * lossOf(main, labels);
    loss.accuracy = pixelAccuracy(main.detach(), labels);
    const at::Tensor auxiliary = resized(output.auxiliary);
    loss.auxiliary = kAuxiliaryWeight * lossOf(auxiliary, labels);
    loss.auxiliaryAccuracy = pixelAccuracy(auxiliary.detach(), labels);
    loss.total = loss.main + loss.auxiliary;
    return loss;
}

}  // namespace vl
