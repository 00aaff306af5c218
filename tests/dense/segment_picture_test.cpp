// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include <ATen/core/grad_mode.h>
#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/upsample_bilinear2d.h>

#include "engine/data/resize.h"
#include "engine/dense/predictor.h"
#include "engine/tasks/segment_window.h"
#include "tests/core/expect_error.h"
#include "tests/dense/tiny_dense_models.h"

namespace vl {
namespace {

using test::filledModel;
using test::noisyPicture;
using test::tinySegmenterSpec;

/// [1, 3, H, W] by the formula (value / 255 - mean) / deviation.
at::Tensor normalised(const Image& picture) {
    at::Tensor out = at::zeros({1, 3, picture.height, picture.width});
    float* to = out.data_ptr<float>();
    for (int c = 0; c < 3; ++c)
        for (int i = 0; i < picture.width * picture.height; ++i)
            *to++ = static_cast<float>((picture.pixels[static_cast<std::size_t>(3 * i + c)] / 255.0 - kImagenetMean[c]) / kImagenetStd[c]);
    return out;
}

/// The mean of windows, each padded with zeros up to `side` where it is smaller, as models.md 8.4 has it.
at::Tensor directLogits(Model& model, const at::Tensor& image, std::int64_t side) {
    const std::int64_t rows = image.size(2), columns = image.size(3);
    at::Tensor sum = at::zeros({1, model.spec().numClasses, rows, columns}), visits = at::zeros({1, 1, rows, columns});
    for (const PixelBox& box : slidingWindows(rows, columns, {side, side, side * 2 / 3, side * 2 / 3})) {
        const auto part = [&](const at::Tensor& x) {
            return x.narrow(2, box.top, box.bottom - box.top).narrow(3, box.left, box.right - box.left);
        };
        const std::int64_t h = box.bottom - box.top, w = box.right - box.left;
        const at::Tensor logits = model.forward(at::constant_pad_nd(part(image).contiguous(), {0, side - w, 0, side - h}));
        part(sum).add_(logits.narrow(2, 0, h).narrow(3, 0, w));
        part(visits).add_(1);
    }
    return sum / visits;
}

/// The answer is the best class and its probability; where two classes are as good as equal either will do.
void expectAgrees(const PixelClasses& found, const at::Tensor& shares) {
    const at::Tensor rows = shares[0].permute({1, 2, 0}).contiguous();
    const std::int64_t classes = rows.size(2);
    const float* p = rows.const_data_ptr<float>();
    int wrong = 0;
    for (std::size_t i = 0; i < found.labels.size(); ++i, p += classes) {
        const float best = *std::max_element(p, p + classes);
        if (found.labels[i] >= classes || p[found.labels[i]] < best - 1e-4f) ++wrong;
        if (std::abs(found.confidence[i] - 255 * best) > 0.51f + 0.03f) ++wrong;
        double entropy = 0;
        for (std::int64_t k = 0; k < classes; ++k)
            entropy -= p[k] * std::log(p[k]);
        if (std::abs(found.entropy[i] - 255 * entropy / std::log(classes)) > 0.6) ++wrong;
    }
    EXPECT_EQ(wrong, 0);
}

struct Shape {
    int width, height;
};
class EverySize : public ::testing::TestWithParam<Shape> {};
INSTANTIATE_TEST_SUITE_P(SegmentPicture, EverySize,
                         ::testing::Values(Shape{64, 64}, Shape{150, 96}, Shape{70, 180}, Shape{40, 150}, Shape{33, 20},
                                           Shape{1, 1}, Shape{200, 3}));

TEST_P(EverySize, EqualsWindowsOverThePaddedPicture) {
    const at::NoGradGuard noGrad;
    const auto model = filledModel(tinySegmenterSpec("upernet_pllama_as_small"));
    const Image picture = noisyPicture(GetParam().width, GetParam().height);
    const PixelClasses found = segmentPicture(*model, picture, {});
    ASSERT_EQ(found.width, picture.width);
    ASSERT_EQ(found.height, picture.height);
    // unit of the tiny pyramid: 4 px patches, three halvings: 32. Sides below 64 are padded to a multiple of it.
    const auto padded = [](int side) { return side >= 64 ? 64 : (side + 31) / 32 * 32; };
    if (padded(picture.width) == 64 && padded(picture.height) == 64) {
        expectAgrees(found, at::softmax(directLogits(*model, normalised(picture), 64), 1));
    } else if (picture.width <= 64 && picture.height <= 64) {
        const int w = padded(picture.width), h = padded(picture.height);
        const at::Tensor logits = model->forward(
            at::constant_pad_nd(normalised(picture), {0, w - picture.width, 0, h - picture.height}));
        expectAgrees(found, at::softmax(logits.narrow(2, 0, picture.height).narrow(3, 0, picture.width), 1));
    }
    for (std::size_t i = 0; i < found.labels.size(); ++i) {
        ASSERT_LT(found.labels[i], 5);
        ASSERT_NE(found.second[i], found.labels[i]);
        ASSERT_LE(found.secondConfidence[i], found.confidence[i]);
    }
}

TEST(SegmentPicture, ScalesAndMirrorImagesAverageProbabilities) {
    const at::NoGradGuard noGrad;
    const auto model = filledModel(tinySegmenterSpec("upernet_pllama_as_small"));
    for (const Image& picture : {noisyPicture(130, 70), noisyPicture(70, 130)}) {
        SegmentTesting how;
        how.scales = {1, 1.5};
        how.flip = true;
        at::Tensor sum = at::zeros({1, 5, picture.height, picture.width});
        for (const double scale : how.scales) {
            const Image resized =
                scale == 1 ? picture : resizeImage(picture, picture.width * 3 / 2, picture.height * 3 / 2);
            const at::Tensor image = normalised(resized);
            for (const at::Tensor& logits : {directLogits(*model, image, 64), directLogits(*model, image.flip({3}), 64).flip({3})})
                sum += at::softmax(at::upsample_bilinear2d(logits.contiguous(), {picture.height, picture.width}, false), 1);
        }
        expectAgrees(segmentPicture(*model, picture, how), sum / 4);
    }
}

TEST(SegmentPicture, WholePicturesAreOnePass) {
    const at::NoGradGuard noGrad;
    const auto model = filledModel(tinySegmenterSpec("upernet_pllama_as_small"));
    const Image picture = noisyPicture(96, 128);  // multiples of 32: nothing is padded
    SegmentTesting how;
    how.way = SegmentTesting::Way::Whole;
    int tiles = 0;
    const auto count = [&](int, int all, const PixelClasses*) {
        tiles = all;
        return true;
    };
    expectAgrees(segmentPicture(*model, picture, how, count), at::softmax(model->forward(normalised(picture)), 1));
    EXPECT_EQ(tiles, 1);
}

TEST(SegmentPicture, IsTheSameEveryTime) {
    const auto model = filledModel(tinySegmenterSpec("upernet_illama_tiny"));
    const Image picture = noisyPicture(90, 50);
    const PixelClasses first = segmentPicture(*model, picture, {}), again = segmentPicture(*model, picture, {});
    EXPECT_EQ(first.labels, again.labels);
    EXPECT_EQ(first.confidence, again.confidence);
    EXPECT_EQ(first.entropy, again.entropy);
}

TEST(SegmentPicture, FixedBackbonesSlideAndRefuseLargePicturesWhole) {
    for (const char* preset : {"upernet_vision_llama_base", "upernet_illama_tiny"}) {
        const at::NoGradGuard noGrad;
        const auto model = filledModel(tinySegmenterSpec(preset));
        expectAgrees(segmentPicture(*model, noisyPicture(75, 20), {}),
                     at::softmax(directLogits(*model, normalised(noisyPicture(75, 20)), 32), 1));
        SegmentTesting how;
        how.way = SegmentTesting::Way::Whole;
        test::expectError(ErrorCode::Mismatch, [&] { segmentPicture(*model, noisyPicture(33, 10), how); });
        EXPECT_EQ(segmentPicture(*model, noisyPicture(32, 10), how).labels.size(), 320u);
    }
}

TEST(SegmentPicture, TellsTilesAsTheyComeAndStops) {
    test::BrightSegmenter model(8);
    const Image picture = noisyPicture(40, 16);  // 8 px windows every 5: 8 across, 3 down
    int calls = 0, last = -1;
    std::size_t unknown = picture.pixels.size();
    segmentPicture(model, picture, {}, [&](int done, int all, const PixelClasses* soFar) {
        EXPECT_EQ(all, 24);
        EXPECT_EQ(done, ++last);
        const auto left = static_cast<std::size_t>(std::ranges::count(soFar->labels, kNoClass));
        EXPECT_LE(left, unknown);
        EXPECT_EQ(done == 0, left == soFar->labels.size());
        unknown = left;
        ++calls;
        return true;
    });
    EXPECT_EQ(calls, 25);
    EXPECT_EQ(unknown, 0u);
    model.calls = 0;
    test::expectError(ErrorCode::Cancelled, [&] {
        segmentPicture(model, picture, {}, [](int done, int, const PixelClasses*) { return done < 3; });
    });
    EXPECT_EQ(model.calls, 3);
}

TEST(SegmentPicture, WidePicturesComeOutAsTheyAre) {
    test::BrightSegmenter model(64);
    Image picture{30'000, 7, 1, {}};
    for (int i = 0; i < 30'000 * 7; ++i)
        picture.pixels.push_back(i / 1000 % 2 == 0 ? 250 : 5);
    const PixelClasses found = segmentPicture(model, picture, {});
    EXPECT_EQ(model.calls, (30'000 - 64 + 41) / 42 + 1);
    for (std::size_t i = 0; i < found.labels.size(); ++i)
        ASSERT_EQ(found.labels[i], picture.pixels[i] > 100 ? 1 : 0) << i;
}

TEST(SegmentPicture, RefusesWhatItCannotUseInOneSentence) {
    test::BrightSegmenter model(8);
    test::expectError(ErrorCode::Usage, [&] { segmentPicture(model, {}, {}); });
    test::expectError(ErrorCode::Usage, [&] { segmentPicture(model, {4, 4, 3, {1, 2, 3}}, {}); });
    SegmentTesting how;
    how.scales = {};
    test::expectError(ErrorCode::Usage, [&] { segmentPicture(model, noisyPicture(9, 9), how); });
    how.scales = {1, std::nan("")};
    test::expectError(ErrorCode::Usage, [&] { segmentPicture(model, noisyPicture(9, 9), how); });
    const auto detector = filledModel(test::tinyDetectorSpec("mask_rcnn_pllama_base"));
    test::expectError(ErrorCode::Mismatch, [&] { segmentPicture(*detector, noisyPicture(9, 9), {}); });
    test::expectError(ErrorCode::Mismatch, [&] { detectPicture(model, noisyPicture(9, 9), {}); });
}

}  // namespace
}  // namespace vl
