// SPDX-License-Identifier: Apache-2.0
#include "engine/tasks/detect_predict.h"

#include <algorithm>

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/nonzero.h>
#include <ATen/ops/softmax.h>

#include "engine/ops/nms.h"

namespace vl {
namespace {

constexpr std::int64_t kBoxCells = 7, kMaskCells = 14, kMaskSide = 28;

/// The masks of the classes found.
void addMasks(Detections& found, Detector& detector, const std::vector<at::Tensor>& features, std::int64_t image) {
    const std::int64_t count = found.boxes.size(0);
    if (count == 0) {
        found.masks = at::empty({0, kMaskSide, kMaskSide}, found.boxes.options());
        return;
    }
    at::Tensor regions = at::empty({count, 5}, found.boxes.options());
    regions.select(1, 0).fill_(image);
    regions.narrow(1, 1, 4).copy_(found.boxes);
    const at::Tensor cells = extractRegions(features, regions, kMaskCells, detector.stride());
    const at::Tensor logits = detector.maskHead(cells).to(at::kFloat);
    const at::Tensor rows = at::arange(count, found.labels.options()) * logits.size(1) + found.labels;
    found.masks = logits.flatten(0, 1).index_select(0, rows).sigmoid();
}

Detections nothing(const at::Tensor& like) {
    const at::TensorOptions options = like.options().dtype(at::kFloat);
    return {at::empty({0, 4}, options), at::empty({0}, options), at::empty({0}, options.dtype(at::kLong)), {}};
}

}  // namespace

Detections suppressByClass(const at::Tensor& boxes, const at::Tensor& scores, const DetectionRule& rule,
                           at::Tensor* source) {
    const std::int64_t classes = scores.size(1);
    const at::Tensor flat = scores.flatten();
    const at::Tensor high = at::nonzero(flat > rule.score).flatten();
    const at::Tensor candidates = boxes.reshape({-1, 4}).index_select(0, high);
    const at::Tensor labels = high.remainder(classes), values = flat.index_select(0, high);
    const at::Tensor kept = nms(candidates, values, rule.overlap, labels);
    const at::Tensor best = kept.narrow(0, 0, std::min(rule.most, kept.numel()));
    if (source) *source = high.index_select(0, best);
    return {candidates.index_select(0, best), values.index_select(0, best), labels.index_select(0, best), {}};
}

std::vector<Detections> detectInRegions(Detector& detector, const std::vector<at::Tensor>& features,
                                        const std::vector<Proposals>& proposals,
                                        const std::vector<PictureSize>& pictures, const DetectionRule& rule) {
    const at::NoGradGuard noGrad;
    std::vector<Detections> out;
    std::vector<at::Tensor> boxes;
    for (const Proposals& of : proposals)
        boxes.push_back(of.boxes);
    const at::Tensor regions = regionsOf(boxes);
    if (regions.size(0) == 0) return {pictures.size(), nothing(regions)};
    const BoxHeadOutput all = detector.boxHead(extractRegions(features, regions, kBoxCells, detector.stride()));
    std::int64_t first = 0;
    for (std::size_t image = 0; image < pictures.size(); ++image) {
        const std::int64_t count = boxes[image].size(0);
        const at::Tensor logits = all.scores.narrow(0, first, count).to(at::kFloat);
        const at::Tensor scores = at::softmax(logits, 1).narrow(1, 0, logits.size(1) - 1);
        const at::Tensor deltas = all.deltas.narrow(0, first, count).to(at::kFloat);
        out.push_back(suppressByClass(kRegionCoder.decode(boxes[image], deltas, &pictures[image]), scores, rule));
        addMasks(out.back(), detector, features, static_cast<std::int64_t>(image));
        first += count;
    }
    return out;
}

std::vector<Detections> detect(Detector& detector, const at::Tensor& images, const std::vector<PictureSize>& pictures,
                               const DetectionRule& rule, const ForwardOptions& options) {
    const at::NoGradGuard noGrad;
    const std::vector<at::Tensor> features = detector.features(images, options);
    const std::vector<Proposals> proposals = proposeRegions(detector.propose(features), pictures, rule.proposals);
    return detectInRegions(detector, features, proposals, pictures, rule);
}

}  // namespace vl
