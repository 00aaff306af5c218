// SPDX-License-Identifier: Apache-2.0
#include "engine/data/dense_augment.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "engine/data/run_mask.h"

namespace vl {
namespace {
using Bytes = std::vector<std::uint8_t>;

/// A grey picture in three channels.
Image greyOf(int width, int height, const Bytes& values) {
    Image image{width, height, 3, {}};
    for (const std::uint8_t value : values) image.pixels.insert(image.pixels.end(), 3, value);
    return image;
}

Bytes redOf(const Image& image) {
    Bytes red;
    for (std::size_t i = 0; i < image.pixels.size(); i += 3) red.push_back(image.pixels[i]);
    return red;
}

Image flat(int width, int height, std::uint8_t value) {
    return greyOf(width, height, Bytes(static_cast<std::size_t>(width) * static_cast<std::size_t>(height), value));
}

DenseSample labelled(int width, int height, const Bytes& values, const Bytes& labels) {
    DenseSample sample;
    sample.picture = greyOf(width, height, values);
    sample.labels = labels;
    return sample;
}

/// Nothing but scaling by `ratio` and cutting out `crop`.
SegmentAugment plain(int crop, int baseLong, int baseShort, double ratio = 1) {
    SegmentAugment how;
    how.crop = crop;
    how.baseLong = baseLong;
    how.baseShort = baseShort;
    how.minRatio = how.maxRatio = ratio;
    how.mostOfOneClass = 1;
    how.flip = how.photometric = false;
    return how;
}

DetectAugment jitterOf(int size, double scale) {
    DetectAugment how;
    how.size = size;
    how.minScale = how.maxScale = scale;
    how.flip = false;
    return how;
}

DenseSample withObject(Image picture, const Box& box, bool withMask) {
    DenseSample sample;
    TrueObject object;
    object.box = box;
    object.label = 3;
    object.area = (box[2] - box[0]) * (box[3] - box[1]);
    if (withMask) object.mask = runMaskOfBox({box[0], box[1], box[2] - box[0], box[3] - box[1]}, picture.width, picture.height);
    sample.picture = std::move(picture);
    sample.objects.push_back(object);
    return sample;
}

TEST(SegmentPipeline, LeavesAPictureOfTheRightSizeAsItIs) {
    const DenseSample sample = labelled(2, 2, {10, 20, 30, 40}, {0, 1, 2, 3});
    const DenseSample out = augmentSegment(sample, plain(2, 2, 2), RandomStream(1, 1));
    EXPECT_EQ(out.picture.pixels, sample.picture.pixels);
    EXPECT_EQ(out.labels, sample.labels);
}

TEST(SegmentPipeline, ScalesPicturesBetweenPixelsAndLabelsToTheNearestAndPads) {
    // Twice as wide: columns lie at -0.25, 0.25, 0.75, 1.25 of the two source centres.
    const DenseSample out = augmentSegment(labelled(2, 1, {0, 100}, {4, 7}), plain(4, 2, 1, 2), RandomStream(1, 1));
    const Bytes red = redOf(out.picture);
    EXPECT_EQ(Bytes(red.begin(), red.begin() + 4), (Bytes{0, 25, 75, 100}));
    EXPECT_EQ(out.labels, (Bytes{4, 4, 7, 7, 4, 4, 7, 7, 255, 255, 255, 255, 255, 255, 255, 255}));
    // ImageNet's mean of red, 0.485 of 255, is 0 after normalisation.
    EXPECT_EQ(red[8], 124);
    EXPECT_EQ(out.picture.pixels[8 * 3 + 1], 116);
    EXPECT_EQ(out.picture.pixels[8 * 3 + 2], 104);
}

TEST(SegmentPipeline, RatioOneFitsIntoTheLongAndTheShortSide) {
    // 8 x 2 into 4 x 2: the long side decides, 4 x 1.
    const DenseSample out = augmentSegment(labelled(8, 2, Bytes(16, 9), Bytes(16, 1)), plain(4, 4, 2), RandomStream(1, 1));
    EXPECT_EQ(std::ranges::count(out.labels, 1), 4);
    EXPECT_EQ(std::ranges::count(out.labels, 255), 12);
}

TEST(SegmentPipeline, TriesAgainWhereOneClassFillsThreeQuarters) {
    // 40 x 4, class 0 to the left of 20: of 37 places of a part only one has less than three quarters of either class.
    Bytes labels;
    for (int i = 0; i < 160; ++i) labels.push_back(i % 40 < 20 ? 0 : 1);
    const DenseSample sample = labelled(40, 4, Bytes(160, 9), labels);
    SegmentAugment how = plain(4, 40, 4);
    const auto even = [&] {
        int found = 0;
        for (std::uint64_t i = 0; i < 600; ++i) found += std::ranges::count(augmentSegment(sample, how, RandomStream(7, i)).labels, 0) == 8;
        return found / 600.0;
    };
    EXPECT_NEAR(even(), 1 / 37.0, 0.03);
    how.mostOfOneClass = 0.75;
    EXPECT_NEAR(even(), 0.26, 0.06);  // 1 - (36 / 37)^11
}

TEST(SegmentPipeline, PixelsWithoutAClassDoNotCountInTheShare) {
    // Parts of two columns: one of class 0 with a quarter of class 1, one without a class. Of all pixels class 0 has
    // 3 / 8, of those that count 3 / 4: too much, whichever part is tried, so the last of eleven is taken.
    Bytes labels;
    for (int i = 0; i < 160; ++i) labels.push_back(i % 2 == 1 ? kNoClass : i / 40 == 0 ? 1 : 0);
    SegmentAugment how = plain(4, 40, 4);
    Bytes columns(160);
    for (int i = 0; i < 160; ++i) columns[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(i % 40);
    const DenseSample told = labelled(40, 4, columns, labels);
    int same = 0;
    for (std::uint64_t i = 0; i < 100; ++i) {
        const auto first = redOf(augmentSegment(told, how, RandomStream(1, i)).picture);
        how.mostOfOneClass = 0.75;
        same += first == redOf(augmentSegment(told, how, RandomStream(1, i)).picture);
        how.mostOfOneClass = 1;
    }
    EXPECT_LT(same, 15);  // by chance one of 37
}

TEST(SegmentPipeline, MirrorsHalfOfThePicturesWithTheirLabels) {
    SegmentAugment how = plain(2, 2, 1);
    how.flip = true;
    int mirrored = 0;
    for (std::uint64_t i = 0; i < 400; ++i) {
        const DenseSample out = augmentSegment(labelled(2, 1, {10, 90}, {1, 2}), how, RandomStream(3, i));
        const bool turned = out.labels[0] == 2;
        EXPECT_EQ(redOf(out.picture)[0], turned ? 90 : 10);
        EXPECT_EQ(redOf(out.picture)[1], turned ? 10 : 90);
        EXPECT_EQ(out.labels[1], turned ? 1 : 2);
        mirrored += turned;
    }
    EXPECT_NEAR(mirrored / 400.0, 0.5, 0.08);
}

TEST(SegmentPipeline, DistortsColoursWithinTheirLimits) {
    SegmentAugment how = plain(1, 1, 1);
    how.photometric = true;
    int untouched = 0;
    for (std::uint64_t i = 0; i < 400; ++i) {
        const Image grey = augmentSegment(labelled(1, 1, {100}, {0}), how, RandomStream(5, i)).picture;
        EXPECT_EQ(grey.pixels[0], grey.pixels[1]);  // saturation and hue leave grey alone
        EXPECT_EQ(grey.pixels[1], grey.pixels[2]);
        EXPECT_GE(grey.pixels[0], 33);              // (100 - 32) * 0.5, cut to a byte
        EXPECT_LE(grey.pixels[0], 198);             // (100 + 32) * 1.5
        untouched += grey.pixels[0] == 100;
    }
    EXPECT_NEAR(untouched / 400.0, 0.25, 0.08);  // neither brightness nor contrast, each one half
}

TEST(SegmentPipeline, DependsOnItsRandomNumbersAlone) {
    Bytes values, labels;
    for (int i = 0; i < 400; ++i) {
        values.push_back(static_cast<std::uint8_t>(i * 7));
        labels.push_back(static_cast<std::uint8_t>(i % 5));
    }
    const DenseSample sample = labelled(20, 20, values, labels);
    SegmentAugment how;
    how.crop = 16;
    how.baseLong = 40;
    how.baseShort = 20;
    const auto out = [&](std::uint64_t stream) { return augmentSegment(sample, how, RandomStream(1, stream)); };
    EXPECT_EQ(out(4).picture.pixels, out(4).picture.pixels);
    EXPECT_EQ(out(4).labels, out(4).labels);
    EXPECT_NE(out(4).picture.pixels, out(5).picture.pixels);
}

TEST(JitterPipeline, SmallPicturesStandInTheTopLeftCornerOnGrey) {
    const DetectCanvas out = augmentDetect(withObject(flat(8, 4, 200), {2, 0, 6, 4}, true), jitterOf(8, 0.5), RandomStream(1, 1));
    EXPECT_EQ(out.width, 4);
    EXPECT_EQ(out.height, 2);
    ASSERT_EQ(out.sample.picture.width, 8);
    ASSERT_EQ(out.sample.picture.height, 8);
    const Bytes red = redOf(out.sample.picture);
    for (int i = 0; i < 64; ++i) EXPECT_EQ(red[static_cast<std::size_t>(i)], i % 8 < 4 && i / 8 < 2 ? 200 : 114) << i;
    ASSERT_EQ(out.sample.objects.size(), 1u);
    EXPECT_EQ(out.sample.objects[0].box, (Box{1, 0, 3, 2}));
    EXPECT_EQ(out.sample.objects[0].label, 3);
    EXPECT_EQ(out.sample.objects[0].mask, runMaskOfBox({1, 0, 2, 2}, 8, 8));
    EXPECT_EQ(out.sample.objects[0].area, 4);
}

TEST(JitterPipeline, BoxesWithoutMasksFollowToo) {
    const DetectCanvas out = augmentDetect(withObject(flat(8, 4, 200), {2, 1, 6, 4}, false), jitterOf(8, 0.5), RandomStream(1, 1));
    ASSERT_EQ(out.sample.objects.size(), 1u);
    EXPECT_EQ(out.sample.objects[0].box, (Box{1, 0.5f, 3, 2}));
    EXPECT_EQ(out.sample.objects[0].area, 3);
    EXPECT_TRUE(out.sample.objects[0].mask.empty());
}

TEST(JitterPipeline, LargePicturesAreCutAndObjectsOutsideDropped) {
    // 4 x 4 becomes 8 x 8; a part of 4 x 4 at 0..4 of each axis; the object fills 4..8 of both.
    const DenseSample sample = withObject(flat(4, 4, 200), {2, 2, 4, 4}, true);
    int dropped = 0;
    for (std::uint64_t i = 0; i < 100; ++i) {
        const DetectCanvas out = augmentDetect(sample, jitterOf(4, 2), RandomStream(9, i));
        EXPECT_EQ(out.width, 4);
        EXPECT_EQ(out.height, 4);
        if (out.sample.objects.empty()) {
            ++dropped;
            continue;
        }
        const TrueObject& object = out.sample.objects[0];
        EXPECT_EQ(object.box[2], 4);  // it reaches the far corner whenever it shows
        EXPECT_EQ(object.box[3], 4);
        EXPECT_EQ(object.area, (4 - object.box[0]) * (4 - object.box[1]));
        EXPECT_EQ(static_cast<double>(area(object.mask)), object.area);
    }
    EXPECT_NEAR(dropped / 100.0, 0.36, 0.15);  // 1 - (4 / 5)^2: one of five places of an axis leaves nothing
}

TEST(JitterPipeline, MirrorsBoxesWithThePicture) {
    DetectAugment how = jitterOf(4, 1);
    how.flip = true;
    DenseSample sample = withObject(greyOf(4, 1, {10, 20, 30, 40}), {0, 0, 1, 1}, true);
    int mirrored = 0;
    for (std::uint64_t i = 0; i < 200; ++i) {
        const DetectCanvas out = augmentDetect(sample, how, RandomStream(2, i));
        const bool turned = out.sample.picture.pixels[0] == 40;
        ASSERT_EQ(out.sample.objects.size(), 1u);
        EXPECT_EQ(out.sample.objects[0].box, turned ? (Box{3, 0, 4, 1}) : (Box{0, 0, 1, 1}));
        EXPECT_EQ(out.sample.objects[0].mask, runMaskOfBox({turned ? 3.0 : 0.0, 0, 1, 1}, 4, 4));
        mirrored += turned;
    }
    EXPECT_NEAR(mirrored / 200.0, 0.5, 0.12);
}

TEST(JitterPipeline, DropsBoxesThinnerThanTheLimit) {
    const auto left = [](float width) {
        return augmentDetect(withObject(flat(8, 8, 1), {1, 1, 1 + width, 5}, false), jitterOf(8, 0.25), RandomStream(1, 1)).sample.objects.size();
    };
    EXPECT_EQ(left(0.06f), 1u);   // 0.015 pixels on the canvas
    EXPECT_EQ(left(0.02f), 0u);   // 0.005
}

TEST(MultiScalePipeline, ShortSideIsOneOfTheListUnlessTheLongOneIsTooLong) {
    DetectAugment how;
    how.size = 64;
    how.shortSides = {20, 30};
    how.maxLong = 40;
    how.flip = false;
    const DenseSample sample = withObject(flat(50, 50, 90), {10, 10, 40, 40}, true);
    int whole = 0;
    for (std::uint64_t i = 0; i < 200; ++i) {
        const DetectCanvas out = augmentDetect(sample, how, RandomStream(4, i));
        const int small = std::min(out.width, out.height), large = std::max(out.width, out.height);
        EXPECT_TRUE(small == 20 || small == 30 || large == 40) << out.width << " x " << out.height;
        EXPECT_LE(large, 40);
        whole += out.sample.objects.size() == 1 && out.sample.objects[0].area == (small == 20 ? 144 : 324) && small == large;
    }
    EXPECT_GE(whole, 70);  // half of them are not cut: 0.6^2 of the canvas is the object
}

TEST(TestPipelines, FitAPictureAsPublished) {
    const Image wide = fitForTesting(flat(1000, 500, 1), 2048, 512);  // 512 / 500 is less than 2048 / 1000
    EXPECT_EQ(wide.width, 1024);
    EXPECT_EQ(wide.height, 512);
    const Image wider = fitForTesting(flat(4000, 500, 1), 2048, 512);
    EXPECT_EQ(wider.width, 2048);
    EXPECT_EQ(wider.height, 256);
    const TestCanvas pyramid = fitForDetection(flat(640, 480, 1), 800, 1333, 32);  // by 800 / 480
    EXPECT_EQ(pyramid.width, 1067);
    EXPECT_EQ(pyramid.height, 800);
    EXPECT_EQ(pyramid.picture.width, 1088);
    EXPECT_EQ(pyramid.picture.height, 800);
    EXPECT_DOUBLE_EQ(pyramid.scaleX, 1067.0 / 640);
    EXPECT_DOUBLE_EQ(pyramid.scaleY, 800.0 / 480);
    const TestCanvas plainOne = fitForDetection(flat(640, 480, 1), 1024, 1024, 1024, 114);
    EXPECT_EQ(plainOne.height, 768);
    EXPECT_EQ(plainOne.picture.height, 1024);
    EXPECT_EQ(plainOne.picture.pixels.back(), 114);
}

TEST(TestPipelines, StripsOfOnePixelSurvive) {
    const Image strip = fitForTesting(flat(30000, 1, 1), 2048, 512);
    EXPECT_EQ(strip.width, 2048);
    EXPECT_EQ(strip.height, 1);
    EXPECT_EQ(augmentSegment(labelled(1, 1, {5}, {3}), plain(2, 2, 2), RandomStream(1, 1)).labels, (Bytes{3, 3, 3, 3}));
}

}  // namespace
}  // namespace vl
