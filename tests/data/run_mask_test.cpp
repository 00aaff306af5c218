// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "engine/core/random.h"
#include "engine/data/run_mask.h"
#include "tests/core/expect_error.h"

namespace vl {
namespace {

using test::expectError;
using Pixels = std::vector<std::uint8_t>;

/// Blobs: a few random boxes set or cleared.
Pixels blobs(const RandomStream& random, std::uint64_t& draw, int width, int height) {
    Pixels pixels(static_cast<std::size_t>(width * height), 0);
    const auto below = [&](int n) { return static_cast<int>(random.below(draw++, static_cast<std::uint64_t>(n))); };
    for (int box = below(6); box >= 0; --box) {
        const int left = below(width), top = below(height), right = left + 1 + below(width - left),
                  bottom = top + 1 + below(height - top);
        const auto value = static_cast<std::uint8_t>(below(3) > 0 ? 1 : 0);
        for (int y = top; y < bottom; ++y)
            for (int x = left; x < right; ++x)
                pixels[static_cast<std::size_t>(y * width + x)] = value;
    }
    return pixels;
}

TEST(RunMask, RunsGoDownTheColumnsZerosFirst) {
    const Pixels pixels{0, 1, 1,  //
                        0, 1, 0};
    EXPECT_EQ(runMaskOf(pixels, 3, 2).runs, (std::vector<std::uint32_t>{2, 3, 1}));
    EXPECT_EQ(runMaskOf(Pixels{5, 0}, 1, 2).runs, (std::vector<std::uint32_t>{0, 1, 1}));
    EXPECT_EQ(runMaskOf(Pixels(6, 0), 3, 2).runs, (std::vector<std::uint32_t>{6}));
}

TEST(RunMask, AgreesWithPixelByPixelCounting) {
    const RandomStream random(1, 1);
    std::uint64_t draw = 0;
    for (int round = 0; round < 300; ++round) {
        const int width = 1 + static_cast<int>(random.below(draw++, 14)),
                  height = 1 + static_cast<int>(random.below(draw++, 14));
        const Pixels a = blobs(random, draw, width, height), b = blobs(random, draw, width, height);
        const RunMask first = runMaskOf(a, width, height), second = runMaskOf(b, width, height);
        EXPECT_EQ(pixelsOf(first), a);
        Pixels either(a.size());
        std::int64_t both = 0, any = 0;
        for (std::size_t i = 0; i < a.size(); ++i) {
            either[i] = a[i] | b[i];
            both += a[i] & b[i];
            any += either[i];
        }
        const std::array pair{first, second};
        EXPECT_EQ(unite(pair), runMaskOf(either, width, height));
        const auto inside = std::count(a.begin(), a.end(), 1);
        EXPECT_EQ(area(first), inside);
        EXPECT_DOUBLE_EQ(overlap(first, second, false),
                         both == 0 ? 0 : static_cast<double>(both) / static_cast<double>(any));
        EXPECT_DOUBLE_EQ(overlap(first, second, true),
                         both == 0 ? 0 : static_cast<double>(both) / static_cast<double>(inside));
        EXPECT_EQ(runMaskFromText(runMaskText(first), width, height), first);
    }
}

TEST(RunMask, TheBoxHoldsEveryPixelAndNoMore) {
    const RandomStream random(2, 1);
    std::uint64_t draw = 0;
    for (int round = 0; round < 200; ++round) {
        const int width = 3 + static_cast<int>(random.below(draw++, 12)),
                  height = 3 + static_cast<int>(random.below(draw++, 12));
        // A pixel column free of the mask above and below keeps runs inside their columns.
        const int left = static_cast<int>(random.below(draw++, static_cast<std::uint64_t>(width))), top = 1;
        const int right = left + 1 + static_cast<int>(random.below(draw++, static_cast<std::uint64_t>(width - left))),
                  bottom = height - 1;
        Pixels pixels(static_cast<std::size_t>(width * height), 0);
        for (int y = top; y < bottom; ++y)
            for (int x = left; x < right; ++x)
                pixels[static_cast<std::size_t>(y * width + x)] = 1;
        EXPECT_EQ(boundingBox(runMaskOf(pixels, width, height)),
                  (std::array<double, 4>{1.0 * left, 1, 1.0 * (right - left), height - 2.0}));
    }
    EXPECT_EQ(boundingBox(runMaskOf(Pixels(9, 0), 3, 3)), (std::array<double, 4>{}));
    EXPECT_EQ(boundingBox(runMaskOf(Pixels(9, 1), 3, 3)), (std::array<double, 4>{0, 0, 3, 3}));
    EXPECT_EQ(boundingBox({}), (std::array<double, 4>{}));
}

TEST(RunMask, TextHoldsDifferencesInGroupsOfFiveBits) {
    // 2 -> '2'; 3 -> '3'; 1 -> '1'; the fourth run 40 as 40 - 3 = 37 = 5 + 1 * 32: '0' + 5 + 32, '1'.
    EXPECT_EQ(runMaskText({1, 46, {2, 3, 1, 40}}), "231U1");
    // 16 needs its sign bit clear: a second group. The fourth run 0 after 3 is -3 = ...11101: one group.
    EXPECT_EQ(runMaskText({1, 20, {16, 3, 1, 0}}), "`031M");
    EXPECT_EQ(runMaskFromText("`031M", 1, 20), (RunMask{1, 20, {16, 3, 1, 0}}));
}

TEST(RunMask, OutlinesFillToTheSameMaskHolesIncluded) {
    const RandomStream random(3, 1);
    std::uint64_t draw = 0;
    for (int round = 0; round < 400; ++round) {
        const int width = 1 + static_cast<int>(random.below(draw++, 16)),
                  height = 1 + static_cast<int>(random.below(draw++, 16));
        Pixels pixels = blobs(random, draw, width, height);
        if (round % 4 == 0)
            for (auto& pixel : pixels)
                pixel = static_cast<std::uint8_t>(random.below(draw++, 2));
        const RunMask mask = runMaskOf(pixels, width, height);
        std::vector<RunMask> parts{runMaskOf(Pixels(pixels.size(), 0), width, height)};
        for (const auto& polygon : polygonsOf(mask))
            parts.push_back(runMaskOfPolygon(polygon, width, height));
        EXPECT_EQ(unite(parts), mask) << width << " x " << height << ", round " << round;
    }
}

TEST(RunMask, ABoxOfWholePixelsIsFilledWhole) {
    const RunMask mask = runMaskOfBox({2, 1, 3, 4}, 8, 7);
    EXPECT_EQ(area(mask), 12);
    EXPECT_EQ(boundingBox(mask), (std::array<double, 4>{2, 1, 3, 4}));
    EXPECT_EQ(area(runMaskOfBox({-5, -5, 100, 100}, 8, 7)), 56);
    EXPECT_EQ(area(runMaskOfBox({2, 1, 0, 4}, 8, 7)), 0);
}

TEST(RunMask, PolygonsThatCannotBeAreRefused) {
    const auto refuse = [](std::vector<double> corners, int width = 8, int height = 8) {
        expectError(ErrorCode::BadFile, [&] { runMaskOfPolygon(corners, width, height); });
    };
    refuse({});
    refuse({1, 1, 5, 5});
    refuse({1, 1, 5, 5, 3});
    refuse({1, 1, 5, 5, 3, NAN});
    refuse({1, 1, 5, 5, 3, INFINITY});
    refuse({1, 1, 5, 5, 3, 1e300});
    refuse({1, 1, 5, 5, 5, 1}, 0, 8);
    refuse({1, 1, 5, 5, 5, 1}, 2000000000, 2000000000);
    std::vector<double> endless;
    for (int i = 0; i < 1000; ++i)
        endless.insert(endless.end(), {i % 2 == 0 ? -1e6 : 1e6, 0});
    refuse(endless);
}

TEST(RunMask, RunsThatDoNotFillThePictureAreRefused) {
    expectError(ErrorCode::Mismatch, [] { pixelsOf({3, 3, {4, 4}}); });
    expectError(ErrorCode::Mismatch, [] { pixelsOf({3, 3, {4, 4, 4}}); });
    expectError(ErrorCode::Mismatch, [] { pixelsOf({-3, -3, {9}}); });
    expectError(ErrorCode::Mismatch, [] { pixelsOf({1 << 30, 1 << 30, {9}}); });
    expectError(ErrorCode::Mismatch, [] { runMaskOf(Pixels(5), 2, 2); });
    const std::array unlike{RunMask{2, 2, {4}}, RunMask{2, 3, {6}}};
    expectError(ErrorCode::Mismatch, [&] { unite(unlike); });
    const std::array shorter{RunMask{2, 2, {4}}, RunMask{2, 2, {1, 2}}};
    expectError(ErrorCode::Mismatch, [&] { unite(shorter); });
    EXPECT_EQ(overlap(unlike[0], unlike[1], false), -1);
}

TEST(RunMask, TextThatIsNoMaskIsRefused) {
    for (const char* text :
         {"", "2", "231U", "99999", "~", " ", "2\n", "oooooooooooooooooooo", "PPPPPPPPP1", "4", "1O0"})
        expectError(ErrorCode::BadFile, [&] { runMaskFromText(text, 1, 46); });
    expectError(ErrorCode::BadFile, [] { runMaskFromText("0", 0, 0); });
    expectError(ErrorCode::BadFile, [] { runMaskFromText("0", -1, 5); });
}

TEST(RunMask, AnyTextIsAMaskOrASentence) {
    const RandomStream random(4, 1);
    std::uint64_t draw = 0;
    int good = 0;
    for (int round = 0; round < 20000; ++round) {
        std::string text;
        for (std::uint64_t n = random.below(draw++, 6); n > 0; --n)
            text.push_back(static_cast<char>('0' + random.below(draw++, 64)));
        good += test::survives([&] {
            const RunMask mask = runMaskFromText(text, 5, 4);
            EXPECT_EQ(pixelsOf(mask).size(), 20u);
            EXPECT_EQ(runMaskFromText(runMaskText(mask), 5, 4), mask);
        });
    }
    EXPECT_GT(good, 5);
}

}  // namespace
}  // namespace vl
