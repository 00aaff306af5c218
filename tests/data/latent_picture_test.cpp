// SPDX-License-Identifier: Apache-2.0
#include "engine/data/latent_picture.h"

#include <gtest/gtest.h>

#include <numeric>

#include "engine/core/random.h"
#include "engine/data/resize.h"
#include "tests/core/expect_error.h"

namespace vl {
namespace {

Image noise(int width, int height, std::uint64_t seed) {
    Image image{width, height, 3, std::vector<std::uint8_t>(static_cast<std::size_t>(3 * width * height))};
    const RandomStream random(seed, 0);
    for (std::size_t i = 0; i < image.pixels.size(); ++i) image.pixels[i] = static_cast<std::uint8_t>(random.bits(i));
    return image;
}

/// What the published preprocessing makes of noise(width, height, width), computed with Pillow.
struct Recorded {
    int width, height, size;
    std::vector<int> first, last;
    int sum;
};

TEST(LatentPicture, AgreesWithThePublishedPreprocessing) {
    const std::vector<Recorded> cases{
        {40, 33, 16, {81, 144, 181, 125, 98, 193, 152, 104, 168, 126, 138, 107}, {71, 114, 163}, 99120},
        {67, 50, 12, {99, 141, 105, 63, 103, 132, 137, 117, 149, 130, 136, 102}, {137, 122, 91}, 55026},
        {20, 15, 16, {187, 10, 70, 83, 158, 93, 125, 116, 189, 244, 130, 83}, {34, 213, 63}, 95400},
        {129, 65, 8, {135, 129, 138, 139, 121, 131, 139, 120, 144, 128, 141, 119}, {125, 127, 118}, 24838},
    };
    for (const auto& c : cases) {
        const Image made = latentPicture(noise(c.width, c.height, static_cast<std::uint64_t>(c.width)), c.size);
        ASSERT_EQ(made.pixels.size(), static_cast<std::size_t>(3 * c.size * c.size));
        // Weights are rounded differently, which may move a byte by one now and then.
        for (std::size_t i = 0; i < c.first.size(); ++i) EXPECT_NEAR(made.pixels[i], c.first[i], 1) << c.width << " " << i;
        for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(made.pixels[made.pixels.size() - 3 + i], c.last[i], 1) << c.width;
        EXPECT_NEAR(std::accumulate(made.pixels.begin(), made.pixels.end(), 0), c.sum, c.size * c.size / 8) << c.width;
    }
}

TEST(LatentPicture, GreyPicturesBecomeColouredAndFittingOnesStay) {
    Image grey{8, 8, 1, std::vector<std::uint8_t>(64, 9)};
    EXPECT_EQ(latentPicture(grey, 4).pixels, std::vector<std::uint8_t>(48, 9));
    const Image square = noise(8, 8, 3);
    EXPECT_EQ(latentPicture(square, 8).pixels, square.pixels);
}

TEST(LatentPicture, StripsAndEmptyPicturesAreRefused) {
    test::expectError(ErrorCode::BadFile, [] { latentPicture(noise(130, 2, 1), 16); });
    test::expectError(ErrorCode::Usage, [] { latentPicture(Image(), 16); });
}

TEST(ResizeByBox, HalvesByTheMeanOfTwoByTwo) {
    const Image image{4, 2, 1, {0, 10, 100, 101, 20, 30, 102, 103}};
    const Image half = resizeByBox(image, 2, 1);
    EXPECT_EQ(half.pixels, (std::vector<std::uint8_t>{15, 102}));  // across: 5 101 / 25 103, then down
}

TEST(Mirrored, ExchangesLeftAndRight) {
    const Image image{2, 2, 3, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}};
    EXPECT_EQ(mirrored(image).pixels, (std::vector<std::uint8_t>{4, 5, 6, 1, 2, 3, 10, 11, 12, 7, 8, 9}));
    EXPECT_EQ(mirrored(mirrored(image)).pixels, image.pixels);
}

}  // namespace
}  // namespace vl
