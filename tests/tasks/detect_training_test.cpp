// SPDX-License-Identifier: Apache-2.0
// The losses as training uses them: sampled, on a whole small detector.
#include <gtest/gtest.h>

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/zeros.h>

#include "engine/nn/recorded_fill.h"
#include "engine/tasks/detect_losses.h"
#include "engine/tasks/detect_proposals.h"
#include "tests/tasks/detect_builders.h"

namespace vl {
namespace {

constexpr std::int64_t kSide = 64;

std::unique_ptr<Model> smallDetector() {
    ModelSpec spec = findPreset("mask_rcnn_pllama_base");
    spec.pyramid.stages = {{16, 1, 1, 256, 8}, {16, 1, 1, 256, 4}, {32, 1, 1, 256, 2}, {32, 1, 1, 256, 1}};
    spec.dim = 32, spec.depth = 4, spec.heads = 1, spec.ffnHidden = 256;
    spec.imageSize = kSide;
    spec.numClasses = 2;
    spec.detect.fpnChannels = spec.detect.maskChannels = 16;
    spec.detect.fcChannels = 32;
    auto model = makeModel(spec);
    model->initialise(3);
    return model;
}

DetectTarget oneObject() {
    at::Tensor mask = at::zeros({1, kSide, kSide});
    mask[0].narrow(0, 16, 32).narrow(1, 8, 32).fill_(1);
    return {test::boxesOf({8, 16, 40, 48}), test::indices({1}), mask};
}

/// Losses of a few steps of plain gradient descent on one picture.
std::vector<double> descend(std::uint64_t seed, int steps) {
    const auto model = smallDetector();
    auto& detector = dynamic_cast<Detector&>(*model);
    const at::Tensor images = recordedInput({1, 3, kSide, kSide});
    std::vector<double> losses;
    for (int step = 0; step < steps; ++step) {
        const DetectSampling sampling{{64, 0.5}, {32, 0.25}, seed + static_cast<std::uint64_t>(step)};
        const std::vector<at::Tensor> features = detector.features(images, {});
        const ProposalMaps maps = detector.propose(features);
        const std::vector<Proposals> proposals = proposeRegions(maps, {{kSide, kSide}}, kTrainingProposals);
        const ProposalLosses first = proposalLosses(maps, {oneObject()}, {{kSide, kSide}}, sampling);
        const RegionLosses second = regionLosses(detector, features, {proposals[0].boxes}, {oneObject()}, sampling);
        at::Tensor total = second.classes + second.boxes + second.masks;
        for (std::size_t l = 0; l < first.scores.size(); ++l)
            total = total + first.scores[l] + first.boxes[l];
        losses.push_back(total.item<double>());
        total.backward();
        const at::NoGradGuard noGrad;
        for (Parameter& parameter : model->parameters()) {
            if (!parameter.tensor.grad().defined()) continue;
            parameter.tensor.sub_(parameter.tensor.grad(), 0.05);
            parameter.tensor.mutable_grad().reset();
        }
    }
    return losses;
}

TEST(DetectorTraining, FollowsItsGradientDownwards) {
    const std::vector<double> losses = descend(1, 10);
    EXPECT_LT(losses.back(), 0.8 * losses.front());
}

TEST(DetectorTraining, OneSeedOneCourse) { EXPECT_EQ(descend(5, 2), descend(5, 2)); }

}  // namespace
}  // namespace vl
