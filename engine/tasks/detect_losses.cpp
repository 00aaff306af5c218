// SPDX-License-Identifier: Apache-2.0
#include "engine/tasks/detect_losses.h"

#include <algorithm>

#include <ATen/TensorOperators.h>
#include <ATen/core/Reduction.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/binary_cross_entropy_with_logits.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/full.h>
#include <ATen/ops/nonzero.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/zeros.h>

#include "engine/tasks/detect_anchors.h"
#include "engine/tasks/detect_masks.h"
#include "engine/tasks/detect_proposals.h"

namespace vl {
namespace {

constexpr std::int64_t kBoxCells = 7, kMaskCells = 14, kMaskSide = 28;

/// What the anchors of one picture are to say.
struct AnchorGoals {
    at::Tensor score, scoreWeight;  ///< [n]
    at::Tensor delta, deltaWeight;  ///< [n, 4] and [n]
    std::int64_t sampled = 0;
};

/// Two draws a picture and stage, all different.
std::uint64_t sampleSeed(const DetectSampling& sampling, std::size_t image, std::uint64_t stage) {
    return sampling.seed * 0x9E3779B97F4A7C15ull +
           2 * (static_cast<std::uint64_t>(sampling.firstImage) + image) + stage;
}

/// As published an empty kind still counts one.
std::int64_t countedSamples(const Sample& sample) {
    return std::max<std::int64_t>(1, sample.positive.numel()) + std::max<std::int64_t>(1, sample.negative.numel());
}

AnchorGoals anchorGoals(const at::Tensor& anchors, const at::Tensor& inside, const DetectTarget& target,
                        const SampleRule& rule, std::uint64_t seed) {
    const at::Tensor usable = at::nonzero(inside).flatten();
    const at::Tensor boxes = anchors.index_select(0, usable);
    const Assignment assignment = assignBoxes(boxes, target.boxes, kProposalRule);
    const Sample sample = sampleBoxes(assignment, rule, seed);
    const std::int64_t count = anchors.size(0);
    AnchorGoals goals{at::zeros({count}, anchors.options()), at::zeros({count}, anchors.options()),
                      at::zeros({count, 4}, anchors.options()), at::zeros({count}, anchors.options()),
                      countedSamples(sample)};
    const at::Tensor positive = usable.index_select(0, sample.positive);
    goals.score.index_fill_(0, positive, 1);
    goals.scoreWeight.index_fill_(0, positive, 1).index_fill_(0, usable.index_select(0, sample.negative), 1);
    goals.deltaWeight.index_fill_(0, positive, 1);
    if (positive.numel() > 0) {
        const at::Tensor owners = assignment.object.index_select(0, sample.positive);
        const at::Tensor deltas =
            kProposalCoder.encode(boxes.index_select(0, sample.positive), target.boxes.index_select(0, owners));
        goals.delta.index_copy_(0, positive, deltas);
    }
    return goals;
}

at::Tensor insideAnchors(const ProposalMaps& maps, const PictureSize& picture) {
    std::vector<at::Tensor> parts;
    std::int64_t stride = maps.stride;
    for (const at::Tensor& map : maps.scores) {
        parts.push_back(anchorsInside(map.size(2), map.size(3), stride, picture).to(map.device()));
        stride *= 2;
    }
    return at::cat(parts);
}

/// What the sampled regions of one picture are and are to say.
struct RegionGoals {
    at::Tensor boxes;   ///< [n, 4], positives first
    at::Tensor labels;  ///< [n]
    at::Tensor deltas;  ///< [positives, 4]
    at::Tensor masks;   ///< [positives, 28, 28]
    std::int64_t positive = 0;
};

RegionGoals regionGoals(const at::Tensor& proposals, const DetectTarget& target, std::int64_t classes,
                        const SampleRule& rule, std::uint64_t seed) {
    const Assignment assignment = withObjects(assignBoxes(proposals, target.boxes, kRegionRule), target.boxes.size(0));
    const at::Tensor all = at::cat({target.boxes, proposals});
    const Sample sample = sampleBoxes(assignment, rule, seed);
    const at::Tensor owners = assignment.object.index_select(0, sample.positive);
    const at::Tensor positives = all.index_select(0, sample.positive);
    const at::Tensor negativeLabels = at::full({sample.negative.numel()}, classes, target.labels.options());
    RegionGoals goals;
    goals.positive = sample.positive.numel();
    goals.boxes = at::cat({positives, all.index_select(0, sample.negative)});
    goals.labels = at::cat({target.labels.index_select(0, owners), negativeLabels});
    goals.deltas = kRegionCoder.encode(positives, target.boxes.index_select(0, owners));
    goals.masks = goals.positive > 0 ? maskTargets(target.masks, owners, positives, kMaskSide)
                                     : at::zeros({0, kMaskSide, kMaskSide}, positives.options());
    return goals;
}

/// Those of a batch: regions carry their picture's index, positives are in the order of their labels.
struct BatchGoals {
    at::Tensor regions, labels;           ///< [n, 5] and [n]
    at::Tensor positives, deltas, masks;  ///< [p, 5], [p, 4] and [p, 28, 28]
};

BatchGoals together(const std::vector<RegionGoals>& perImage) {
    std::vector<at::Tensor> boxes, labels, positives, deltas, masks;
    for (const RegionGoals& goals : perImage) {
        boxes.push_back(goals.boxes), labels.push_back(goals.labels);
        positives.push_back(goals.boxes.narrow(0, 0, goals.positive));
        deltas.push_back(goals.deltas), masks.push_back(goals.masks);
    }
    return {regionsOf(boxes), at::cat(labels), regionsOf(positives), at::cat(deltas), at::cat(masks)};
}

at::Tensor binaryLoss(const at::Tensor& logits, const at::Tensor& goal, const at::Tensor& weight,
                      at::Reduction::Reduction how) {
    const at::ScalarType type = logits.scalar_type() == at::kDouble ? at::kDouble : at::kFloat;
    return at::binary_cross_entropy_with_logits(logits.to(type), goal.to(type),
                                                weight.defined() ? weight.to(type) : weight, {}, how);
}

/// Row i of values [n, classes, ...] at class labels[i].
at::Tensor ofClass(const at::Tensor& values, const at::Tensor& labels) {
    const at::Tensor rows = at::arange(labels.numel(), labels.options()) * values.size(1) + labels;
    return values.flatten(0, 1).index_select(0, rows);
}

}  // namespace

ProposalLosses proposalLosses(const ProposalMaps& maps, const std::vector<DetectTarget>& targets,
                              const std::vector<PictureSize>& pictures, const DetectSampling& sampling) {
    const std::vector<at::Tensor> levels = pyramidAnchors(maps.scores, maps.stride);
    const at::Tensor anchors = at::cat(levels);
    std::vector<at::Tensor> score, scoreWeight, delta, deltaWeight;
    std::int64_t sampled = 0;
    for (std::size_t i = 0; i < targets.size(); ++i) {
        const AnchorGoals goals = anchorGoals(anchors, insideAnchors(maps, pictures[i]), targets[i],
                                              sampling.proposals, sampleSeed(sampling, i, 0));
        score.push_back(goals.score), scoreWeight.push_back(goals.scoreWeight);
        delta.push_back(goals.delta), deltaWeight.push_back(goals.deltaWeight);
        sampled += goals.sampled;
    }
    ProposalLosses losses;
    std::int64_t first = 0;
    for (std::size_t l = 0; l < levels.size(); ++l) {
        const std::int64_t count = levels[l].size(0);
        const auto part = [&](const std::vector<at::Tensor>& of) { return at::stack(of).narrow(1, first, count); };
        const at::Tensor logits = anchorRows(maps.scores[l], 1).squeeze(2), steps = anchorRows(maps.deltas[l], 4);
        const at::Tensor difference = (steps - part(delta)).abs() * part(deltaWeight).unsqueeze(2);
        losses.scores.push_back(binaryLoss(logits, part(score), part(scoreWeight), at::Reduction::Sum) / sampled);
        losses.boxes.push_back(difference.sum() / sampled);
        first += count;
    }
    return losses;
}

RegionLosses regionLosses(Detector& detector, const std::vector<at::Tensor>& features,
                          const std::vector<at::Tensor>& proposals, const std::vector<DetectTarget>& targets,
                          const DetectSampling& sampling) {
    const std::int64_t classes = detector.spec().numClasses;
    std::vector<RegionGoals> perImage;
    for (std::size_t i = 0; i < targets.size(); ++i)
        perImage.push_back(
            regionGoals(proposals[i], targets[i], classes, sampling.regions, sampleSeed(sampling, i, 1)));
    const BatchGoals goals = together(perImage);
    const auto sampled = static_cast<double>(std::max<std::int64_t>(1, goals.labels.numel()));
    RegionLosses losses;
    const at::Tensor nothing = features.front().sum() * 0;  // a term that vanishes but keeps its place in the graph
    losses.classes = losses.boxes = losses.masks = nothing;
    if (goals.labels.numel() == 0) return losses;
    const BoxHeadOutput out = detector.boxHead(extractRegions(features, goals.regions, kBoxCells, detector.stride()));
    losses.classes = at::cross_entropy_loss(out.scores, goals.labels, {}, at::Reduction::Sum) / sampled;
    losses.accuracy = (out.scores.argmax(1) == goals.labels).sum().item<double>() / sampled;
    const at::Tensor positive = at::nonzero(goals.labels < classes).flatten();
    if (positive.numel() == 0) return losses;
    const at::Tensor positiveLabel = goals.labels.index_select(0, positive);
    const at::Tensor steps = ofClass(out.deltas.index_select(0, positive).unflatten(1, {classes, 4}), positiveLabel);
    losses.boxes = (steps - goals.deltas).abs().sum() / sampled;
    const at::Tensor logits = detector.maskHead(extractRegions(features, goals.positives, kMaskCells, detector.stride()));
    losses.masks = binaryLoss(ofClass(logits, positiveLabel), goals.masks, {}, at::Reduction::Mean);
    return losses;
}

}  // namespace vl
