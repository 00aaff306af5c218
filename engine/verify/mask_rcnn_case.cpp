// SPDX-License-Identifier: Apache-2.0
#include "engine/verify/verify.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <vector>

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/tensor.h>

#include "engine/core/error.h"
#include "engine/models/families.h"
#include "engine/nn/detector.h"
#include "engine/nn/recorded_fill.h"
#include "engine/tasks/detect_losses.h"
#include "engine/tasks/detect_masks.h"
#include "engine/tasks/detect_predict.h"
#include "engine/verify/compare_model.h"
#include "engine/verify/detect_case_parts.h"
#include "engine/verify/mask_rcnn_spec.h"

namespace vl {
namespace {

using Json = nlohmann::json;

constexpr double kDetectionTolerance = 1e-3, kLossTolerance = 1e-3, kPixelTolerance = 5e-3;
constexpr double kUndecided = 1e-4;  // of a probability, as of every recorded map
constexpr std::int64_t kLargestSide = 4096, kLargestBatch = 64, kMostBoxes = 100000;
constexpr std::int64_t kFixedRegions = 8, kObjects = 3, kRandomProposals = 30, kCopies = 3;

at::Tensor one(std::int64_t value) { return at::tensor({value}, at::kLong); }

class Replay {
public:
    Replay(const Json& recorded, CaseReport& report)
        : recorded_(recorded),
          report_(report),
          spec_(recordedDetectorSpec(recorded)),
          model_(makeMaskRcnn(spec_)),
          height_(recordedSize(recorded.at("image").at(0), "the height", 1, kLargestSide)),
          width_(recordedSize(recorded.at("image").at(1), "the width", 1, kLargestSide)),
          batch_(recordedSize(recorded.at("batch"), "the batch", 1, kLargestBatch)),
          pictures_(static_cast<std::size_t>(batch_), {static_cast<double>(height_), static_cast<double>(width_)}) {}

    void run() {
        compareTensors(recorded_, model_->parameters(), report_);
        moveParameters(*model_, report_.options().device, report_.options().precision);
        fillRecorded(model_->parameters());
        const at::Tensor images = on(recordedInput({batch_, spec_.inChannels, height_, width_}));
        const std::vector<at::Tensor> features = detector().features(images, {});
        const ProposalMaps maps = detector().propose(features);
        levels("fpn", features), levels("rpn_scores", maps.scores), levels("rpn_deltas", maps.deltas);
        fixedRegions(features);
        // Which boxes survive hangs on the order of scores, which few digits do not keep.
        if (report_.options().precision != at::kBFloat16) answers(features, maps);
        losses(features, maps);
    }

private:
    Detector& detector() { return dynamic_cast<Detector&>(*model_); }
    at::Tensor on(const at::Tensor& tensor) const {
        return tensor.to(report_.options().device, report_.options().precision);
    }
    at::Tensor onDevice(const at::Tensor& tensor) const { return tensor.to(report_.options().device); }

    void levels(const std::string& field, const std::vector<at::Tensor>& maps);
    void fixedRegions(const std::vector<at::Tensor>& features);
    void answers(const std::vector<at::Tensor>& features, const ProposalMaps& maps);
    void proposalList(std::size_t image, const Proposals& got);
    void detectionList(std::size_t image, const Detections& got);
    std::vector<DetectTarget> targets();
    std::vector<at::Tensor> lossProposals(const std::vector<DetectTarget>& objects) const;
    void losses(const std::vector<at::Tensor>& features, const ProposalMaps& maps);

    const Json& recorded_;
    CaseReport& report_;
    ModelSpec spec_;
    std::unique_ptr<Model> model_;
    std::int64_t height_, width_, batch_;
    std::vector<PictureSize> pictures_;
};

void Replay::levels(const std::string& field, const std::vector<at::Tensor>& maps) {
    const Json& listed = recorded_.at(field);
    if (listed.size() != maps.size()) return report_.miss(field, "another number of levels");
    for (std::size_t i = 0; i < maps.size(); ++i)
        report_.summary(field + "." + std::to_string(i), listed[i], maps[i]);
}

void Replay::fixedRegions(const std::vector<at::Tensor>& features) {
    const at::NoGradGuard noGrad;
    const auto height = static_cast<double>(height_), width = static_cast<double>(width_);
    const at::Tensor boxes = recordedBoxes("fixed_roi", kFixedRegions, 6, height, width);
    const at::Tensor image = at::arange(kFixedRegions, at::kFloat).remainder(batch_).unsqueeze(1);
    const at::Tensor regions = onDevice(at::cat({image, boxes}, 1));
    const at::Tensor cells = extractRegions(features, regions, 7);
    const BoxHeadOutput out = detector().boxHead(cells);
    const Json& listed = recorded_.at("fixed_rois");
    report_.summary("fixed_rois.roi_feat", listed.at("roi_feat"), cells);
    report_.summary("fixed_rois.cls_score", listed.at("cls_score"), out.scores);
    report_.summary("fixed_rois.bbox_pred", listed.at("bbox_pred"), out.deltas);
    report_.summary("fixed_rois.mask_logits", listed.at("mask_logits"),
                    detector().maskHead(extractRegions(features, regions, 14)));
}

void Replay::answers(const std::vector<at::Tensor>& features, const ProposalMaps& maps) {
    const Json &first = recorded_.at("rpn_test"), &second = recorded_.at("rcnn_test");
    const ProposalRule rule{recordedSize(first.at("nms_pre"), "nms_pre", 1, kMostBoxes),
                            recordedSize(first.at("max"), "the number of proposals", 1, kMostBoxes), first.at("iou")};
    const std::int64_t most = recordedSize(second.at("max"), "the number of detections", 1, kMostBoxes);
    const std::vector<Proposals> proposals = proposeRegions(maps, pictures_, rule);
    const std::vector<Detections> found =
        detectInRegions(detector(), features, proposals, pictures_, {second.at("score"), second.at("iou"), most, rule});
    for (std::size_t i = 0; i < found.size(); ++i) {
        proposalList(i, proposals[i]);
        detectionList(i, found[i]);
    }
}

void Replay::proposalList(std::size_t image, const Proposals& got) {
    const Json& listed = recorded_.at("proposals").at(image);
    const std::string name = "proposals." + std::to_string(image);
    report_.exact(name + " count", listed.at("count"), one(got.boxes.size(0)));
    RowMatcher rows(got.boxes, got.scores, {}, static_cast<double>(std::max(height_, width_)));
    for (const Json& row : listed.at("boxes_scores")) {
        const auto values = row.get<std::array<double, 5>>();
        rows.match({values[0], values[1], values[2], values[3]}, values[4], -1);
    }
    report_.add({name, rows.worst(), kDetectionTolerance, ""});
    report_.number(name + " box sum", listed.at("box_sum"), got.boxes.to(at::kDouble).sum().item<double>(),
                   kDetectionTolerance);
    report_.number(name + " score sum", listed.at("score_sum"), got.scores.to(at::kDouble).sum().item<double>(),
                   kDetectionTolerance);
}

void Replay::detectionList(std::size_t image, const Detections& got) {
    const Json& listed = recorded_.at("detections").at(image);
    const std::string name = "detections." + std::to_string(image);
    report_.exact(name + " count", listed.at("count"), one(got.boxes.size(0)));
    RowMatcher rows(got.boxes, got.scores, got.labels, static_cast<double>(std::max(height_, width_)));
    double worstPixels = 0;
    for (std::size_t i = 0; i < listed.at("boxes").size(); ++i) {
        const auto box = listed.at("boxes")[i].get<std::array<double, 4>>();
        const std::int64_t row = rows.match(box, listed.at("scores").at(i), listed.at("labels").at(i));
        if (row < 0) continue;
        // A pixel whose probability is one half up to rounding belongs to neither side.
        const auto pixels = [&](double threshold) {
            return pasteMask(got.masks[row], got.boxes[row], height_, width_, threshold).sum().item<double>();
        };
        const double wanted = listed.at("mask_pixels").at(i);
        const double held = std::clamp(wanted, pixels(0.5 + kUndecided), pixels(0.5 - kUndecided));
        worstPixels = std::max(worstPixels, std::abs(held - wanted) / std::max(wanted, 1.0));
    }
    report_.add({name, rows.worst(), kDetectionTolerance, ""});
    report_.add({name + " mask pixels", worstPixels, kPixelTolerance, ""});
}

std::vector<DetectTarget> Replay::targets() {
    const auto height = static_cast<double>(height_), width = static_cast<double>(width_);
    std::vector<DetectTarget> list;
    for (std::int64_t i = 0; i < batch_; ++i) {
        const std::string image = std::to_string(i), name = "targets." + image;
        const at::Tensor boxes = clipBoxes(recordedBoxes("gt." + image, kObjects, 16, height, width), {height, width});
        const at::Tensor labels = recordedClasses("gt_label." + image, kObjects, spec_.numClasses);
        std::vector<at::Tensor> masks;
        for (std::int64_t k = 0; k < kObjects; ++k)
            masks.push_back(recordedEllipse(boxes[k], height_, width_));
        const at::Tensor bitmaps = at::stack(masks);
        const Json& listed = recorded_.at("targets").at("per_image").at(static_cast<std::size_t>(i));
        report_.values(name + " boxes", listed.at("boxes"), boxes, 1e-6);
        report_.exact(name + " labels", listed.at("labels"), labels);
        report_.exact(name + " mask pixels", listed.at("mask_pixels"), bitmaps.sum({1, 2}));
        list.push_back({onDevice(boxes), onDevice(labels), onDevice(bitmaps)});
    }
    return list;
}

std::vector<at::Tensor> Replay::lossProposals(const std::vector<DetectTarget>& objects) const {
    const auto height = static_cast<double>(height_), width = static_cast<double>(width_);
    std::vector<at::Tensor> list;
    for (std::size_t i = 0; i < objects.size(); ++i) {
        const std::string image = std::to_string(i);
        const at::Tensor random = recordedBoxes("proposal." + image, kRandomProposals, 6, height, width).clamp_min(0);
        const at::Tensor jitter = recordedStream("jitter." + image, {kCopies * kObjects, 4}) * 4;
        const at::Tensor near = objects[i].boxes.repeat({kCopies, 1}) + onDevice(jitter);
        list.push_back(at::cat({onDevice(random), near}));
    }
    return list;
}

void Replay::losses(const std::vector<at::Tensor>& features, const ProposalMaps& maps) {
    const std::vector<DetectTarget> objects = targets();
    const ProposalLosses first = proposalLosses(maps, objects, pictures_, kKeepAll);
    const RegionLosses second = regionLosses(detector(), features, lossProposals(objects), objects, kKeepAll);
    const at::Tensor scores = at::stack(first.scores), boxes = at::stack(first.boxes);
    const Json& listed = recorded_.at("losses");
    const auto compare = [&](const char* name, const at::Tensor& got) {
        report_.number(std::string("losses.") + name, listed.at(name), got.item<double>(), kLossTolerance);
    };
    report_.values("losses.rpn_per_level.cls", listed.at("rpn_per_level").at("cls"), scores, kLossTolerance);
    report_.values("losses.rpn_per_level.bbox", listed.at("rpn_per_level").at("bbox"), boxes, kLossTolerance);
    compare("loss_rpn_cls", scores.sum()), compare("loss_rpn_bbox", boxes.sum());
    compare("loss_cls", second.classes), compare("loss_bbox", second.boxes), compare("loss_mask", second.masks);
    report_.number("losses.acc", listed.at("acc"), 100 * second.accuracy, kLossTolerance);
    const at::Tensor total = scores.sum() + boxes.sum() + second.classes + second.boxes + second.masks;
    report_.number("total_loss", recorded_.at("total_loss"), total.item<double>(), kLossTolerance);
    total.backward();
    compareGradients("losses", recorded_, model_->parameters(), report_);
}

}  // namespace

void replayMaskRcnn(const Json& recorded, CaseReport& report) { Replay(recorded, report).run(); }

}  // namespace vl
