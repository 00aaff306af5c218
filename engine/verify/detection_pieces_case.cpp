// SPDX-License-Identifier: Apache-2.0
#include "engine/verify/verify.h"

#include <algorithm>
#include <vector>

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/nonzero.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/tensor.h>

#include "engine/nn/recorded_fill.h"
#include "engine/ops/nms.h"
#include "engine/ops/roi_align.h"
#include "engine/tasks/detect_anchors.h"
#include "engine/tasks/detect_assign.h"
#include "engine/tasks/detect_boxes.h"
#include "engine/tasks/detect_predict.h"
#include "engine/verify/detect_case_parts.h"

namespace vl {
namespace {

using Json = nlohmann::json;

constexpr double kGeometry = 1e-5;  // float32 arithmetic on pixels
constexpr std::int64_t kCoderBoxes = 48, kMostCells = 1024, kLargestSide = 4096;

struct Canvas {
    double height = 0, width = 0;
    at::Tensor boxes(const std::string& name, std::int64_t count, double smallest) const {
        return recordedBoxes(name, count, smallest, height, width);
    }
    PictureSize size() const { return {height, width}; }
};

at::Tensor count(std::int64_t value) { return at::tensor({value}, at::kLong); }

at::Tensor row(const at::Tensor& list, std::int64_t index) { return list.select(0, index); }

std::vector<at::Tensor> replayAnchors(const Json& recorded, CaseReport& report) {
    constexpr PictureSize kUnpadded{112, 136};  // as the case's own text says
    std::vector<at::Tensor> all;
    for (const Json& level : recorded.at("anchors")) {
        const std::int64_t rows = recordedSize(level.at("feature").at(0), "rows of cells", 1, kMostCells);
        const std::int64_t columns = recordedSize(level.at("feature").at(1), "columns of cells", 2, kMostCells);
        const std::int64_t stride = recordedSize(level.at("stride"), "a stride", 1, kMostCells);
        const at::Tensor anchors = levelAnchors(rows, columns, stride);
        const std::string name = "anchors of stride " + std::to_string(stride) + " ";
        report.exact(name + "count", level.at("count"), count(anchors.size(0)));
        report.values(name + "base", level.at("base"), anchors.narrow(0, 0, 3), kGeometry);
        report.values(name + "row 2", level.at("row2"), row(anchors, 3), kGeometry);
        report.values(name + "last", level.at("last"), row(anchors, -1), kGeometry);
        report.values(name + "sum", level.at("sum"), anchors.to(at::kDouble).sum(0), kGeometry);
        report.exact(name + "valid", level.at("valid_for_padded_image"),
                     count(anchorsInside(rows, columns, stride, kUnpadded).sum().item<std::int64_t>()));
        all.push_back(anchors);
    }
    return all;
}

void replayCoder(const Json& recorded, const Canvas& canvas, CaseReport& report) {
    const at::Tensor from = canvas.boxes("det.a", kCoderBoxes, 4), to = canvas.boxes("det.b", kCoderBoxes, 4);
    at::Tensor deltas = recordedStream("det.delta", {kCoderBoxes, 4}) * 2;
    deltas[-1].narrow(0, 2, 2).fill_(9);
    const PictureSize size = canvas.size();
    for (const Json& set : recorded.at("coder").at("sets")) {
        const BoxCoder coder{set.at("stds").get<std::array<double, 4>>()};
        const std::string name = "coder " + set.at("stds").at(0).dump() + " ";
        report.summary(name + "encoded", set.at("encoded"), coder.encode(from, to));
        report.summary(name + "decoded", set.at("decoded"), coder.decode(from, deltas));
        report.summary(name + "decoded, clipped", set.at("decoded_clipped"), coder.decode(from, deltas, &size));
        report.values(name + "clamped", set.at("decoded_last"), coder.decode(from, deltas)[-1], kGeometry);
    }
    const at::Tensor overlaps = boxOverlaps(from, to);
    report.summary("iou", recorded.at("iou").at("matrix"), overlaps);
    const Json& rowMax = recorded.at("iou").at("row_max");
    report.values("iou row maxima", rowMax,
                  overlaps.amax(1).narrow(0, 0, std::min(static_cast<std::int64_t>(rowMax.size()), kCoderBoxes)),
                  kGeometry);
}

void replaySuppression(const Json& recorded, const Canvas& canvas, CaseReport& report) {
    constexpr std::int64_t kCopies = 24;
    const at::Tensor base = canvas.boxes("det.a", kCoderBoxes, 4).narrow(0, 0, kCopies);
    const at::Tensor boxes = at::cat({base, base + recordedStream("det.jitter", {kCopies, 4}) * 3,
                                      base + recordedStream("det.jitter2", {kCopies, 4}) * 8});
    const at::Tensor scores = (recordedStream("det.score", {3 * kCopies}) + 1) / 2;
    const at::Tensor classes = recordedClasses("det.id", 3 * kCopies, 3);
    for (const Json& set : recorded.at("nms").at("sets")) {
        const double threshold = set.at("iou_threshold");
        const std::string name = "suppression at " + set.at("iou_threshold").dump();
        report.exact(name + " by class", set.at("keep_by_class"), nms(boxes, scores, threshold, classes));
        report.exact(name, set.at("keep_single_class"), nms(boxes, scores, threshold));
    }
}

void replayMulticlass(const Json& recorded, const Canvas& canvas, CaseReport& report) {
    const Json& part = recorded.at("multiclass_nms");
    const at::Tensor base = canvas.boxes("det.a", kCoderBoxes, 4);
    std::vector<at::Tensor> perClass;
    for (int k = 0; k < 4; ++k)
        perClass.push_back(base + recordedStream("det.mb." + std::to_string(k), {kCoderBoxes, 4}) * 2);
    const at::Tensor scores = at::softmax(recordedStream("det.cls", {kCoderBoxes, 5}) * 3, 1).narrow(1, 0, 4);
    DetectionRule rule;
    rule.score = part.at("score_threshold");
    rule.overlap = part.at("iou_threshold");
    rule.most = recordedSize(part.at("max"), "the number of answers", 1, kCoderBoxes * 4);
    at::Tensor source;
    const Detections found = suppressByClass(at::stack(perClass, 1).flatten(1), scores, rule, &source);
    report.values("answers", part.at("detections"), at::cat({found.boxes, found.scores.unsqueeze(1)}, 1), kGeometry);
    report.exact("answers' labels", part.at("labels"), found.labels);
    report.exact("answers' sources", part.at("indices"), source);
}

void replayRegions(const Json& recorded, const Canvas& canvas, CaseReport& report) {
    constexpr std::int64_t kRegions = 12;
    std::vector<at::Tensor> features;
    for (int i = 0; i < 4; ++i) {
        const auto stride = static_cast<double>(4 << i);
        features.push_back(
            recordedStream("det.feat." + std::to_string(i), {2, 3, static_cast<std::int64_t>(canvas.height / stride),
                                                             static_cast<std::int64_t>(canvas.width / stride)}));
    }
    at::Tensor regions = at::cat(
        {at::tensor({0.0f, 1.0f}).repeat({kRegions / 2}).unsqueeze(1), canvas.boxes("det.roi", kRegions, 3)}, 1);
    regions[0].narrow(0, 1, 4).copy_(at::tensor({2.0f, 3.0f, 2.5f, 3.5f}));
    regions[1].narrow(0, 1, 4).copy_(at::tensor({-10.0f, -8.0f, 166.0f, 137.0f}));
    for (const Json& set : recorded.at("roi_align").at("sets")) {
        const std::int64_t size = recordedSize(set.at("output"), "a region's side", 1, 64);
        const std::string name = "regions of " + std::to_string(size);
        const at::Tensor cells = extractRegions(features, regions, size);
        report.exact(name + ", levels", set.at("levels"), regionLevels(regions.narrow(1, 1, 4)));
        report.summary(name, set.at("extracted"), cells);
        report.values(name + ", sums", set.at("per_roi_sum"), cells.to(at::kDouble).sum({1, 2, 3}), kGeometry);
        report.summary(name + ", stride 8", set.at("stride8_only"), roiAlign(features[1], regions, {size, 1.0 / 8}));
    }
}

void replayLevels(const Json& recorded, CaseReport& report) {
    at::Tensor boxes = recordedBoxes("det.lv", 24, 8, 1200, 1600);
    boxes[0].copy_(at::tensor({0.0f, 0.0f, 112.0f, 112.0f}));
    boxes[1].copy_(at::tensor({0.0f, 0.0f, 111.9f, 112.0f}));
    boxes[2].copy_(at::tensor({5.0f, 5.0f, 453.0f, 453.0f}));
    report.exact("levels by area", recorded.at("roi_levels").at("levels"), regionLevels(boxes));
}

void replayAssignment(const Json& recorded, const Canvas& canvas, const at::Tensor& anchors, CaseReport& report) {
    const at::Tensor objects = canvas.boxes("det.gt", 5, 12);
    for (const Json& set : recorded.at("assign").at("sets")) {
        const std::string name = set.at("name");
        const Assignment got = assignBoxes(anchors, objects, name == "rpn" ? kProposalRule : kRegionRule);
        const at::Tensor positive = at::nonzero(got.object >= 0).flatten();
        report.exact(name + " positive", set.at("positive"), count(positive.numel()));
        report.exact(name + " negative", set.at("negative"), count((got.object == -1).sum().item<std::int64_t>()));
        report.exact(name + " ignored", set.at("ignored"), count((got.object == -2).sum().item<std::int64_t>()));
        const auto listed = std::min(static_cast<std::int64_t>(set.at("positive_indices").size()), positive.numel());
        const at::Tensor first = positive.narrow(0, 0, listed);
        report.exact(name + " indices", set.at("positive_indices"), first);
        report.exact(name + " objects", set.at("positive_gt"), got.object.index_select(0, first) + 1);
        report.number(name + " overlap sum", set.at("max_overlap_sum"),
                      got.overlap.to(at::kDouble).sum().item<double>(), kGeometry);
    }
}

}  // namespace

void replayDetectionPieces(const Json& recorded, CaseReport& report) {
    const auto side = [&](std::size_t axis) {
        return static_cast<double>(recordedSize(recorded.at("image").at(axis), "the picture's side", 32, kLargestSide));
    };
    const Canvas canvas{side(0), side(1)};
    const std::vector<at::Tensor> anchors = replayAnchors(recorded, report);
    replayCoder(recorded, canvas, report);
    replaySuppression(recorded, canvas, report);
    replayMulticlass(recorded, canvas, report);
    replayRegions(recorded, canvas, report);
    replayLevels(recorded, report);
    replayAssignment(recorded, canvas, at::cat(anchors), report);
}

}  // namespace vl
