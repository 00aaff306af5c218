// SPDX-License-Identifier: Apache-2.0
#include "engine/tasks/detect_losses.h"

#include <cmath>

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros.h>

#include "engine/tasks/detect_anchors.h"
#include "tests/tasks/detect_builders.h"
#include "tests/tasks/fake_detector.h"

namespace vl {
namespace {

using test::boxesOf;
using test::FakeDetector;

const double kLog2 = std::log(2.0);

double total(const std::vector<at::Tensor>& levels) {
    double sum = 0;
    for (const at::Tensor& level : levels)
        sum += level.item<double>();
    return sum;
}

/// One 64 x 64 picture with one object of the given box and class.
struct Scene {
    explicit Scene(const at::Tensor& box, std::int64_t label = 1)
        : target{box, at::zeros({box.size(0)}, at::kLong) + label, at::ones({box.size(0), 64, 64})} {
        features = detector.features(at::zeros({1, 3, 64, 64}), {});
        maps = detector.propose(features);
    }
    ProposalLosses first(const DetectSampling& sampling = kKeepAll) const {
        return proposalLosses(maps, {target}, {{64, 64}}, sampling);
    }
    RegionLosses second(const at::Tensor& proposals) {
        return regionLosses(detector, features, {proposals}, {target}, kKeepAll);
    }
    FakeDetector detector{3};
    DetectTarget target;
    std::vector<at::Tensor> features;
    ProposalMaps maps;
};

TEST(ProposalLosses, UndecidedScoresCostLogTwo) {
    const Scene scene(boxesOf({8, 8, 40, 40}));
    EXPECT_NEAR(total(scene.first().scores), kLog2, 1e-6);
    EXPECT_NEAR(total(scene.first({{64, 0.5}, {64, 0.25}, 5}).scores), kLog2, 1e-6);
}

TEST(ProposalLosses, OnlyPositiveAnchorsLearnBoxes) {
    // The object is an anchor of stride 4 shifted by one pixel: deltas (1/32, 0, 0, 0) for it alone, at overlap 31/33.
    const Scene scene(boxesOf({17, 16, 49, 48}));
    const ProposalLosses losses = scene.first();
    const Assignment assignment =
        assignBoxes(at::cat(pyramidAnchors(scene.maps.scores)), scene.target.boxes, kProposalRule);
    EXPECT_GT((assignment.object >= 0).sum().item<std::int64_t>(), 0);
    EXPECT_GT(losses.boxes[0].item<double>(), 0);
    for (std::size_t l = 2; l < losses.boxes.size(); ++l)
        EXPECT_EQ(losses.boxes[l].item<double>(), 0) << l;
}

TEST(ProposalLosses, APictureWithoutObjectsTeachesBackground) {
    const Scene scene(at::zeros({0, 4}));
    const double anchors = 3 * (16 * 16 + 8 * 8 + 4 * 4 + 2 * 2 + 1);
    EXPECT_NEAR(total(scene.first().scores), kLog2 * anchors / (anchors + 1), 1e-6);  // an empty kind counts one
    EXPECT_EQ(total(scene.first().boxes), 0);
}

TEST(ProposalLosses, AnchorsOnPaddingTakeNoPart) {
    const Scene scene(at::zeros({0, 4}));
    const ProposalLosses losses = proposalLosses(scene.maps, {scene.target}, {{64, 32}}, kKeepAll);
    const double used = 3 * (16 * 8 + 8 * 4 + 4 * 2 + 2 * 1 + 1), level0 = 3 * 16 * 8;
    EXPECT_NEAR(losses.scores[0].item<double>(), kLog2 * level0 / (used + 1), 1e-6);
}

TEST(RegionLosses, AreThoseOfAnUndecidedHead) {
    Scene scene(boxesOf({8, 8, 40, 40}));
    const RegionLosses losses = scene.second(boxesOf({9, 8, 41, 40, 50, 50, 60, 60}));
    EXPECT_NEAR(losses.classes.item<double>(), std::log(4.0), 1e-6);  // three classes and background
    EXPECT_NEAR(losses.masks.item<double>(), kLog2, 1e-6);
    // Three regions: the object itself (deltas 0), one off by 1/32 of its width over 0.1, and background.
    EXPECT_NEAR(losses.boxes.item<double>(), 1.0 / 32 / 0.1 / 3, 1e-6);
}

TEST(RegionLosses, AccuracyCountsBackgroundToo) {
    Scene scene(boxesOf({8, 8, 40, 40}));
    scene.detector.scoreRow = at::tensor({0.0f, 0.0f, 0.0f, 1.0f});  // always background
    EXPECT_NEAR(scene.second(boxesOf({50, 50, 60, 60, 0, 50, 10, 60})).accuracy, 2.0 / 3, 1e-9);
}

TEST(RegionLosses, WithoutObjectsOnlyClassesCount) {
    Scene scene(at::zeros({0, 4}));
    const RegionLosses losses = scene.second(boxesOf({50, 50, 60, 60}));
    EXPECT_NEAR(losses.classes.item<double>(), std::log(4.0), 1e-6);
    EXPECT_EQ(losses.boxes.item<double>(), 0);
    EXPECT_EQ(losses.masks.item<double>(), 0);
}

TEST(RegionLosses, WithNothingAtAllTheyVanish) {
    Scene scene(at::zeros({0, 4}));
    const RegionLosses losses = scene.second(at::zeros({0, 4}));
    EXPECT_EQ(losses.classes.item<double>() + losses.boxes.item<double>() + losses.masks.item<double>(), 0);
    EXPECT_EQ(losses.accuracy, 0);
}

}  // namespace
}  // namespace vl
