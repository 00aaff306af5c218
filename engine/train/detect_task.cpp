// SPDX-License-Identifier: Apache-2.0
#include "engine/train/detect_task.h"

#include <cmath>

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>

#include "engine/core/random.h"
#include "engine/data/run_mask.h"
#include "engine/dense/predictor.h"
#include "engine/metrics/detect_judge.h"
#include "engine/nn/detector.h"
#include "engine/tasks/detect_losses.h"
#include "engine/tasks/detect_proposals.h"
#include "engine/train/evaluation.h"

namespace vl {
namespace {

constexpr std::uint64_t kSampleStream = 0x626F786573ull;  // of train.seed: which boxes a step learns from

/// Crowds teach nothing: nobody counted them.
DetectTarget targetOf(const DenseTarget& canvas, int size) {
    std::vector<const TrueObject*> objects;
    for (const TrueObject& object : canvas.objects)
        if (!object.crowd) objects.push_back(&object);
    const auto count = static_cast<std::int64_t>(objects.size());
    DetectTarget target{at::empty({count, 4}, at::kFloat), at::empty({count}, at::kLong),
                        at::zeros({count, size, size}, at::kByte)};
    for (std::int64_t i = 0; i < count; ++i) {
        const TrueObject& object = *objects[static_cast<std::size_t>(i)];
        std::copy(object.box.begin(), object.box.end(), target.boxes.data_ptr<float>() + 4 * i);
        target.labels.data_ptr<std::int64_t>()[i] = object.label;
        if (object.mask.empty()) continue;
        const std::vector<std::uint8_t> pixels = pixelsOf(object.mask);
        std::copy(pixels.begin(), pixels.end(), target.masks.data_ptr<std::uint8_t>() + i * size * size);
    }
    return target;
}

at::Tensor sumOf(const std::vector<at::Tensor>& terms) {
    at::Tensor sum = terms.front();
    for (std::size_t i = 1; i < terms.size(); ++i)
        sum = sum + terms[i];
    return sum;
}

}  // namespace

DetectTask::DetectTask(const RunSettings& settings, const Datasets& data, const std::filesystem::path& runFolder)
    : settings_(settings), truth_(data.annotated), film_(runFolder, settings.dense.shown) {}

TrainTask::Loss DetectTask::loss(Model& model, const Batch& batch, std::int64_t step) {
    auto& detector = dynamic_cast<Detector&>(model);
    std::vector<DetectTarget> targets;
    std::vector<PictureSize> sizes;
    for (const DenseTarget& canvas : batch.targets) {
        targets.push_back(targetOf(canvas, batch.size));
        sizes.push_back({static_cast<double>(canvas.height), static_cast<double>(canvas.width)});
    }
    const RandomStream seeds(settings_.train.seed, kSampleStream);
    const DetectSampling sampling{{settings_.dense.proposalSamples, 0.5},
                                  {settings_.dense.regionSamples, 0.25},
                                  seeds.bits(static_cast<std::uint64_t>(step)),
                                  batch.first};
    const std::vector<at::Tensor> features = detector.features(imagesOf(batch), trainingOptions(settings_, batch, step));
    const ProposalMaps maps = detector.propose(features);
    const ProposalLosses first = proposalLosses(maps, targets, sizes, sampling);
    std::vector<at::Tensor> proposals;
    for (const Proposals& one : proposeRegions(maps, sizes, kTrainingProposals))
        proposals.push_back(one.boxes);
    const RegionLosses second = regionLosses(detector, features, proposals, targets, sampling);
    return {sumOf(first.scores) + sumOf(first.boxes) + second.classes + second.boxes + second.masks, second.accuracy};
}

std::optional<EvalMetrics> DetectTask::evaluate(Model& model, const RunPoint& at,
                                                const std::function<bool()>& keepGoing) {
    const at::NoGradGuard noGrad;
    film_.discard();
    DetectJudge judge(model.spec().numClasses);
    for (std::int64_t i = 0; i < truth_->size(); ++i) {
        if (keepGoing && !keepGoing()) return std::nullopt;
        const DenseSample sample = truth_->read(i);
        const std::vector<FoundObject> found = detectPicture(model, sample.picture, {}).objects;
        judge.add(i, sample.objects, found);
        if (film_.wants(i)) film_.add(overlayOf(sample.picture, found, truth_->classes()));
    }
    film_.finish(at);
    const DetectScores scores = judge.scores();
    EvalMetrics row;
    row.step = at.step;
    row.epoch = at.epoch;
    row.loss = std::nan("");
    row.accuracy = -1;
    row.images = truth_->size();
    row.boxAp = scores.boxes.ap;
    row.boxAp50 = scores.boxes.ap50;
    row.maskAp = scores.masks.ap;
    row.classScores = scores.boxAp;
    return row;
}

}  // namespace vl
