// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include <ATen/TensorOperators.h>
#include <ATen/ops/full.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

#include "engine/tasks/segment_loss.h"
#include "engine/tasks/segment_window.h"
#include "tests/core/expect_error.h"

namespace vl {
namespace {

/// Answers every pixel with its own first channel, and counts calls.
class Echo final : public Segmenter {
public:
    const ModelSpec& spec() const override { return spec_; }
    SegmentOutput segment(const at::Tensor& images, const ForwardOptions&) override {
        sides.push_back({images.size(2), images.size(3)});
        SegmentOutput output;
        output.logits = images.narrow(1, 0, 1);
        return output;
    }
    void setHeadDropout(double) override {}
    std::span<Parameter> parameters() override { return {}; }
    void initialise(std::uint64_t) override {}
    void setDropPath(double) override {}
    void setAttention(AttentionKind) override {}
    AttentionGeometry attentionGeometry(int) const override { return {}; }

    std::vector<std::vector<std::int64_t>> sides;

private:
    ModelSpec spec_;
};

at::Tensor ramp(std::int64_t rows, std::int64_t columns) {
    at::Tensor image = at::zeros({1, 1, rows, columns});
    for (std::int64_t i = 0; i < rows * columns; ++i)
        image.data_ptr<float>()[i] = static_cast<float>(i % 97);
    return image;
}

TEST(SlidingWindows, AreShiftedBackInsideThePicture) {
    // 683 columns, crop 512, stride 341: max(683 - 512 + 340, 0) / 341 + 1 = 2, the second one ends at 683
    EXPECT_EQ(slidingWindows(512, 683, {}), (std::vector<PixelBox>{{0, 0, 512, 512}, {0, 171, 512, 683}}));
    // 10 rows, crop 4, stride 3: 3 windows, the last reaches row 10 exactly
    EXPECT_EQ(slidingWindows(10, 4, {4, 4, 3, 3}), (std::vector<PixelBox>{{0, 0, 4, 4}, {3, 0, 7, 4}, {6, 0, 10, 4}}));
}

TEST(SlidingWindows, SmallerPicturesAreOneWindow) {
    EXPECT_EQ(slidingWindows(100, 200, {}), (std::vector<PixelBox>{{0, 0, 100, 200}}));
    test::expectError(ErrorCode::Usage, [] { slidingWindows(10, 10, {4, 4, 0, 3}); });
}

TEST(SlidingSegmentation, AveragesOverlapsBackToThePicture) {
    Echo model;
    const at::Tensor image = ramp(23, 31);
    const at::Tensor logits = segmentBySlidingWindow(model, image, {8, 8, 5, 5});
    EXPECT_LT((logits - image).abs().max().item<double>(), 1e-5);
    EXPECT_EQ(model.sides.size(), slidingWindows(23, 31, {8, 8, 5, 5}).size());
    for (const auto& side : model.sides)
        EXPECT_EQ(side, (std::vector<std::int64_t>{8, 8}));
}

TEST(SlidingSegmentation, TellsProgressAndStops) {
    Echo model;
    std::size_t last = 0;
    const auto stopAtTwo = [&](std::size_t done, std::size_t all) {
        EXPECT_EQ(all, 3u);
        last = done;
        return done < 2;
    };
    test::expectError(ErrorCode::Cancelled, [&] {
        segmentBySlidingWindow(model, ramp(10, 4), {4, 4, 3, 3}, stopAtTwo);
    });
    EXPECT_EQ(last, 2u);
}

SegmentOutput twoClasses() {
    SegmentOutput output;
    // class 0 wins everywhere by ln 3, so its probability is 3/4
    output.logits = at::zeros({1, 2, 2, 2});
    output.logits.select(1, 0).fill_(std::log(3.0f));
    output.auxiliary = at::zeros({1, 2, 2, 2});
    return output;
}

TEST(SegmentLoss, DividesByAllPixelsAndWeighsTheHeads) {
    const at::Tensor labels = at::tensor({0, 1, 255, 255}, at::kLong).view({1, 2, 2});
    const SegmentLoss loss = segmentLoss(twoClasses(), labels);
    EXPECT_NEAR(loss.main.item<double>(), (std::log(4.0 / 3) + std::log(4.0)) / 4, 1e-6);
    EXPECT_NEAR(loss.auxiliary.item<double>(), 0.4 * 2 * std::log(2.0) / 4, 1e-6);
    EXPECT_NEAR(loss.total.item<double>(), loss.main.item<double>() + loss.auxiliary.item<double>(), 1e-7);
    EXPECT_NEAR(loss.accuracy, 50, 1e-4);  // of the two labelled pixels
}

TEST(SegmentLoss, NothingLabelledIsZeroAndFinite) {
    const SegmentLoss loss = segmentLoss(twoClasses(), at::full({1, 2, 2}, kIgnoredLabel, at::kLong));
    EXPECT_EQ(loss.total.item<double>(), 0);
    EXPECT_EQ(loss.accuracy, 0);
}

TEST(SegmentLoss, ResizesLogitsToTheLabels) {
    const SegmentLoss loss = segmentLoss(twoClasses(), at::zeros({1, 6, 4}, at::kLong));
    EXPECT_NEAR(loss.main.item<double>(), std::log(4.0 / 3), 1e-6);
    EXPECT_NEAR(loss.accuracy, 100, 1e-4);
}

TEST(SegmentLoss, StrangeLabelsAreOneSentence) {
    test::expectError(ErrorCode::Mismatch, [] { segmentLoss(twoClasses(), at::full({1, 2, 2}, 2, at::kLong)); });
    test::expectError(ErrorCode::Mismatch, [] { segmentLoss(twoClasses(), at::full({1, 2, 2}, -1, at::kLong)); });
    test::expectError(ErrorCode::Mismatch, [] { segmentLoss(twoClasses(), at::zeros({1, 2, 2})); });
    test::expectError(ErrorCode::Mismatch, [] { segmentLoss(twoClasses(), at::zeros({2, 2, 2}, at::kLong)); });
}

}  // namespace
}  // namespace vl
