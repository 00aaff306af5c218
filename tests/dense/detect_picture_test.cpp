// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>

#include <ATen/core/grad_mode.h>
#include <ATen/ops/tensor.h>

#include "engine/data/run_mask.h"
#include "engine/dense/predictor.h"
#include "engine/tasks/detect_masks.h"
#include "tests/core/expect_error.h"
#include "tests/dense/tiny_dense_models.h"
#include "tests/tasks/fake_detector.h"

namespace vl {
namespace {

using test::filledModel;
using test::noisyPicture;

class EveryDetector : public ::testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(DetectPicture, EveryDetector,
                         ::testing::Values("mask_rcnn_pllama_base", "vitdet_vision_llama_base"));

TEST_P(EveryDetector, FindsTheSameObjectsInsideThePictureEveryTime) {
    const auto model = filledModel(test::tinyDetectorSpec(GetParam()));
    for (const Image& picture : {noisyPicture(150, 90), noisyPicture(31, 77), noisyPicture(1, 1)}) {
        DetectTesting how;
        how.threshold = 0.01;
        how.most = 20;
        how.proposals = true;
        const FoundObjects found = detectPicture(*model, picture, how), again = detectPicture(*model, picture, how);
        ASSERT_LE(found.objects.size(), 20u);
        ASSERT_EQ(found.objects.size(), again.objects.size());
        EXPECT_FALSE(found.proposals.empty());
        for (std::size_t i = 0; i < found.objects.size(); ++i) {
            const FoundObject& object = found.objects[i];
            EXPECT_EQ(object.box, again.objects[i].box);
            EXPECT_EQ(object.mask, again.objects[i].mask);
            EXPECT_TRUE(i == 0 || object.score <= found.objects[i - 1].score);
            EXPECT_GT(object.score, 0.01f);
            EXPECT_TRUE(object.box[0] >= 0 && object.box[2] <= static_cast<float>(picture.width));
            EXPECT_TRUE(object.box[1] >= 0 && object.box[3] <= static_cast<float>(picture.height));
            EXPECT_EQ(object.mask.width, picture.width);
            EXPECT_EQ(pixelsOf(object.mask).size(), static_cast<std::size_t>(picture.width * picture.height));
        }
    }
}

/// Says class 1 of everything; its regions are the anchors that the proposal network's zeros leave.
struct SureDetector {
    SureDetector() : model(2) {
        auto& spec = const_cast<ModelSpec&>(model.spec());
        spec.family = "mask_rcnn";
        spec.imageSize = 64;
        spec.patchSize = 4;
        spec.pyramid.stages = {{16, 2, 1, 64, 8}, {32, 2, 2, 64, 4}, {64, 2, 4, 64, 2}, {64, 2, 4, 64, 1}};
        model.scoreRow = at::tensor({0.0f, 3.0f, 0.0f});
        model.maskLogit = 9;
    }
    test::FakeDetector model;
};

TEST(DetectPicture, BringsBoxesBackToThePictureAndFillsTheirMasks) {
    SureDetector sure;
    const Image picture = noisyPicture(256, 128);  // short side 64, scale one half; long side 107 at most: 0.4167
    const FoundObjects found = detectPicture(sure.model, picture, {});
    ASSERT_FALSE(found.objects.empty());
    float right = 0, bottom = 0;
    for (const FoundObject& object : found.objects) {
        EXPECT_EQ(object.label, 1);
        EXPECT_NEAR(object.score, std::exp(3.0) / (std::exp(3.0) + 2), 1e-5);
        right = std::max(right, object.box[2]);
        bottom = std::max(bottom, object.box[3]);
        // The mask of a sure head is its box: a pixel counts when its centre lies inside, but for the half probability
        // that bilinear sampling leaves along the rim.
        const auto inside = boundingBox(object.mask);
        EXPECT_NEAR(inside[0], object.box[0], 1.5);
        EXPECT_NEAR(inside[1], object.box[1], 1.5);
        EXPECT_NEAR(inside[0] + inside[2], object.box[2], 1.5);
        EXPECT_NEAR(inside[1] + inside[3], object.box[3], 1.5);
    }
    EXPECT_EQ(right, 256.0f);  // large anchors reach every edge
    EXPECT_EQ(bottom, 128.0f);
}

TEST(DetectPicture, MasksEqualThoseLaidOverTheWholePicture) {
    SureDetector sure;
    sure.model.maskLogit = 0.5;
    const Image picture = noisyPicture(97, 61);
    for (const FoundObject& object : detectPicture(sure.model, picture, {}).objects) {
        const at::Tensor box = at::tensor({object.box[0], object.box[1], object.box[2], object.box[3]});
        const at::Tensor whole =
            pasteMask(at::zeros({28, 28}).add(0.5).sigmoid(), box, picture.height, picture.width).to(at::kByte).contiguous();
        const RunMask expected =
            runMaskOf({whole.const_data_ptr<std::uint8_t>(), static_cast<std::size_t>(whole.numel())}, 97, 61);
        EXPECT_EQ(object.mask, expected);
    }
}

TEST(DetectPicture, StopsBetweenItsStages) {
    SureDetector sure;
    int calls = 0;
    test::expectError(ErrorCode::Cancelled, [&] {
        detectPicture(sure.model, noisyPicture(64, 64), {}, [&](int done, int all, const PixelClasses* soFar) {
            EXPECT_EQ(all, 3);
            EXPECT_EQ(soFar, nullptr);
            ++calls;
            return done < 1;
        });
    });
    EXPECT_EQ(calls, 2);
    test::expectError(ErrorCode::Usage, [&] { detectPicture(sure.model, {}, {}); });
    DetectTesting none;
    none.most = 0;
    test::expectError(ErrorCode::Usage, [&] { detectPicture(sure.model, noisyPicture(64, 64), none); });
}

}  // namespace
}  // namespace vl
