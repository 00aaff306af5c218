// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "engine/data/run_mask.h"
#include "engine/dense/predictor.h"
#include "tests/core/expect_error.h"

namespace vl {
namespace {

using Pixel = std::array<int, 3>;

Pixel pixel(const Image& image, int x, int y) {
    const std::uint8_t* at = image.pixels.data() + (y * image.width + x) * 3;
    return {at[0], at[1], at[2]};
}

TEST(Overlay, BlendsInsideAndDrawsRimsInFull) {
    const Image grey{4, 3, 1, std::vector<std::uint8_t>(12, 100)};
    PixelClasses classes{4, 3, {0, 0, 1, 255, 0, 0, 1, 255, 0, 0, 1, 255}, {}, {}, {}, {}};
    const ClassList list{{"a", "b"}, {{{200, 0, 0}, {0, 0, 240}}}};
    const Image out = overlayOf(grey, classes, list, 0.5);
    EXPECT_EQ(out.channels, 3);
    EXPECT_EQ(pixel(out, 0, 0), (Pixel{150, 50, 50}));     // half way to the class's colour
    EXPECT_EQ(pixel(out, 1, 1), (Pixel{200, 0, 0}));       // beside another class
    EXPECT_EQ(pixel(out, 2, 1), (Pixel{0, 0, 240}));
    EXPECT_EQ(pixel(out, 3, 2), (Pixel{100, 100, 100}));   // no class: the picture
    classes.width = 3;
    test::expectError(ErrorCode::Mismatch, [&] { overlayOf(grey, classes, list); });
}

TEST(Overlay, ObjectsBelowTheThresholdAreNotThere) {
    const Image grey{60, 40, 3, std::vector<std::uint8_t>(60 * 40 * 3, 100)};
    FoundObject object;
    object.box = {20, 10, 50, 35};
    object.label = 7;  // without a colour or name of its own
    object.score = 0.4f;
    object.mask = runMaskOfBox({25, 15, 20, 15}, 60, 40);
    EXPECT_EQ(overlayOf(grey, {object}, {}, 0.5).pixels, grey.pixels);
    const Image out = overlayOf(grey, {object}, {}, 0.3, 0);
    const Colour colour = classColour(7);
    EXPECT_EQ(pixel(out, 49, 39), (Pixel{100, 100, 100}));
    EXPECT_EQ(pixel(out, 50, 34), (Pixel{colour[0], colour[1], colour[2]}));  // the box
    EXPECT_EQ(pixel(out, 44, 29), (Pixel{colour[0], colour[1], colour[2]}));  // the mask's rim
    EXPECT_EQ(pixel(out, 40, 25), (Pixel{100, 100, 100}));                    // inside, at opacity 0
}

TEST(Overlay, BoxesOutsideThePictureDoNoHarm) {
    const Image grey{5, 5, 3, std::vector<std::uint8_t>(75, 100)};
    std::vector<FoundObject> objects(2);
    objects[0].box = {-1e9f, -5, 1e9f, 1e30f};
    objects[1].box = {4, 4, 2, 2};
    objects[0].score = objects[1].score = 1;
    EXPECT_EQ(overlayOf(grey, objects, {}).pixels.size(), 75u);
}

}  // namespace
}  // namespace vl
