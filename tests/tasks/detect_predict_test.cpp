// SPDX-License-Identifier: Apache-2.0
#include "engine/tasks/detect_predict.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/allclose.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros.h>

#include "tests/tasks/detect_builders.h"
#include "tests/tasks/fake_detector.h"

namespace vl {
namespace {

using test::boxesOf;
using test::FakeDetector;
using test::Indices;
using test::listOf;

TEST(SuppressByClass, ClassesDoNotHideEachOther) {
    const at::Tensor boxes = boxesOf({0, 0, 10, 10, 0, 0, 10, 10, 0, 0, 10, 9, 0, 0, 10, 9}).view({2, 8});
    const at::Tensor scores = at::tensor({0.9f, 0.4f, 0.8f, 0.02f}).view({2, 2});
    at::Tensor source;
    const Detections found = suppressByClass(boxes, scores, {}, &source);
    EXPECT_EQ(listOf(found.labels), (Indices{0, 1}));  // box 1 hides behind box 0, its second score is too low
    EXPECT_EQ(listOf(source), (Indices{0, 1}));
}

TEST(SuppressByClass, TheBestAreKept) {
    DetectionRule rule;
    rule.most = 1;
    const Detections found =
        suppressByClass(boxesOf({0, 0, 1, 1, 5, 5, 9, 9}), at::tensor({0.3f, 0.6f}).view({2, 1}), rule);
    EXPECT_EQ(found.boxes.size(0), 1);
    EXPECT_FLOAT_EQ(found.scores.item<float>(), 0.6f);
}

ProposalMaps flatMaps(std::int64_t side) {
    FakeDetector detector(1);
    return detector.propose(detector.features(at::zeros({1, 3, side, side}), {}));
}

TEST(ProposeRegions, TheHighestScoreComesFirstAndBoxesStayInThePicture) {
    ProposalMaps maps = flatMaps(128);
    maps.scores[0][0][1][16][16] = 5;  // the square anchor round (64, 64)
    const Proposals found = proposeRegions(maps, {{128, 100}}, {1000, 50, 0.7}).front();
    EXPECT_TRUE(at::allclose(found.boxes[0], at::tensor({48.0f, 48.0f, 80.0f, 80.0f})));
    EXPECT_LE(found.boxes.size(0), 50);
    EXPECT_LE(found.boxes.select(1, 2).max().item<float>(), 100);
    EXPECT_GE(found.boxes.min().item<float>(), 0);
    EXPECT_GT((found.boxes.narrow(1, 2, 2) - found.boxes.narrow(1, 0, 2)).min().item<float>(), 0);
}

TEST(Detect, RunsFromPicturesToMasks) {
    FakeDetector detector(2);
    detector.scoreRow = at::tensor({0.0f, 3.0f, 0.0f});
    detector.maskLogit = 2;
    const std::vector<Detections> found = detect(detector, at::zeros({2, 3, 128, 128}), {{128, 128}, {128, 96}});
    ASSERT_EQ(found.size(), 2u);
    for (const Detections& picture : found) {
        ASSERT_GT(picture.boxes.size(0), 0);
        EXPECT_LE(picture.boxes.size(0), 100);
        EXPECT_EQ(picture.labels[0].item<std::int64_t>(), 1);
        EXPECT_EQ(picture.masks.size(0), picture.boxes.size(0));
        EXPECT_NEAR(picture.masks.min().item<double>(), 0.880797, 1e-5);  // the sigmoid of 2
    }
    EXPECT_LE(found[1].boxes.select(1, 2).max().item<float>(), 96);
}

TEST(Detect, NothingFoundIsAnEmptyList) {
    FakeDetector detector(2);
    detector.scoreRow = at::tensor({-9.0f, -9.0f, 9.0f});
    const Detections found = detect(detector, at::zeros({1, 3, 64, 64}), {{64, 64}}).front();
    EXPECT_EQ(found.boxes.size(0), 0);
    EXPECT_EQ(found.masks.size(0), 0);
    const std::vector<Detections> none = detectInRegions(detector, detector.features(at::zeros({1, 3, 64, 64}), {}),
                                                         {{at::zeros({0, 4}), at::zeros({0})}}, {{64, 64}});
    EXPECT_EQ(none.front().boxes.size(0), 0);
}

}  // namespace
}  // namespace vl
