// SPDX-License-Identifier: Apache-2.0
#include "engine/data/animation.h"

#include <gtest/gtest.h>

#ifdef VL_HAVE_GIF
#include <gif_lib.h>
#endif
#ifdef VL_HAVE_VIDEO
#include <opencv2/videoio.hpp>
#endif

#include <cmath>

#include "engine/core/random.h"
#include "engine/data/animation_palette.h"
#include "tests/core/expect_error.h"
#include "tests/core/scratch_folder.h"

namespace vl::test {
namespace {

Image noise(int width, int height, int channels, std::uint64_t seed) {
    Image image{width, height, channels, {}};
    const RandomStream random(seed, 0);
    for (std::size_t i = 0; i < static_cast<std::size_t>(width) * height * channels; ++i)
        image.pixels.push_back(static_cast<std::uint8_t>(random.below(i, 256)));
    return image;
}

Animation of(std::vector<Image> images) {
    Animation animation;
    animation.width = images[0].width;
    animation.height = images[0].height;
    animation.channels = images[0].channels;
    animation.frames = images.size();
    animation.frame = [images](std::size_t index) { return images.at(index); };
    return animation;
}

TEST(Palette, GreysAreExact) {
    PaletteChooser chooser;
    chooser.look(noise(16, 16, 1, 1));
    PaletteMapper mapper(chooser.choose());
    EXPECT_EQ(mapper.map(noise(16, 16, 1, 1)), noise(16, 16, 1, 1).pixels);
    EXPECT_EQ(mapper.palette().colours[77], (std::array<std::uint8_t, 3>{77, 77, 77}));
}

TEST(Palette, FewColoursAreExact) {
    const Image image = noise(10, 10, 3, 3);  // 100 colours
    PaletteChooser chooser;
    chooser.look(image);
    PaletteMapper mapper(chooser.choose());
    const auto entries = mapper.map(image);
    for (std::size_t i = 0; i < entries.size(); ++i)
        for (std::size_t c = 0; c < 3; ++c) ASSERT_EQ(mapper.palette().colours[entries[i]][c], image.pixels[3 * i + c]);
}

TEST(Palette, ManyColoursAreCloseToTheTrueOnesOnAverage) {
    Image image{256, 64, 3, {}};  // a smooth ramp: what banding shows in
    for (int y = 0; y < image.height; ++y)
        for (int x = 0; x < image.width; ++x)
            for (const int level : {x, 255 - x, 2 * y})
                image.pixels.push_back(static_cast<std::uint8_t>(level));
    PaletteChooser chooser;
    chooser.look(image);
    PaletteMapper mapper(chooser.choose());
    EXPECT_FALSE(mapper.palette().exact);
    EXPECT_EQ(mapper.palette().colours.size(), 256u);
    const auto entries = mapper.map(image);
    double squares = 0;
    for (std::size_t i = 0; i < entries.size(); ++i)
        for (std::size_t c = 0; c < 3; ++c)
            squares += std::pow(static_cast<double>(mapper.palette().colours[entries[i]][c]) - image.pixels[3 * i + c], 2);
    // 256 boxes over a surface of 256 x 128 levels: cells of about 11 x 11, a deviation of 11 / sqrt(12) = 3.3, plus 2.3 of dither.
    EXPECT_LT(std::sqrt(squares / (3.0 * static_cast<double>(entries.size()))), 6);
}

TEST(Palette, WhatStandsStillKeepsItsEntriesWhateverMovesBesideIt) {
    Image first = noise(32, 32, 3, 5), second = noise(32, 32, 3, 6);
    std::copy_n(first.pixels.begin(), 32 * 16 * 3, second.pixels.begin());  // the upper half stands still
    PaletteChooser chooser;
    chooser.look(first);
    chooser.look(second);
    PaletteMapper mapper(chooser.choose());
    const auto a = mapper.map(first), b = mapper.map(second);
    EXPECT_TRUE(std::equal(a.begin(), a.begin() + 32 * 16, b.begin()));
}

TEST(Animation, WhatCannotBeAnimatedIsRefused) {
    const ScratchFolder folder;
    for (const auto write : {&writeGif, &writeMp4}) {
        Animation none;
        EXPECT_FALSE(survives([&] { write(folder / "a", none, {}); }));
        Animation fast = of({noise(4, 4, 1, 1)});
        fast.framesPerSecond = 1000;
        EXPECT_FALSE(survives([&] { write(folder / "a", fast, {}); }));
    }
}

#ifdef VL_HAVE_GIF
/// A GIF as a player shows it: each frame drawn over the one before.
struct Player {
    explicit Player(const std::filesystem::path& file) {
        int error = 0;
        GifFileType* gif = DGifOpenFileName(file.c_str(), &error);
        EXPECT_NE(gif, nullptr);
        EXPECT_EQ(DGifSlurp(gif), GIF_OK);
        Image canvas{gif->SWidth, gif->SHeight, 3, {}};
        canvas.pixels.resize(static_cast<std::size_t>(canvas.width) * canvas.height * 3);
        for (int i = 0; i < gif->ImageCount; ++i) {
            const SavedImage& saved = gif->SavedImages[i];
            const GifImageDesc& part = saved.ImageDesc;
            drawn.push_back(part.Width * part.Height);
            for (int y = 0; y < part.Height; ++y)
                for (int x = 0; x < part.Width; ++x) {
                    const GifColorType& colour = gif->SColorMap->Colors[saved.RasterBits[y * part.Width + x]];
                    const auto at = 3 * static_cast<std::size_t>((part.Top + y) * canvas.width + part.Left + x);
                    canvas.pixels[at] = colour.Red;
                    canvas.pixels[at + 1] = colour.Green;
                    canvas.pixels[at + 2] = colour.Blue;
                }
            frames.push_back(canvas);
            GraphicsControlBlock control;
            EXPECT_EQ(DGifSavedExtensionToGCB(gif, i, &control), GIF_OK);
            delays.push_back(control.DelayTime);
        }
        DGifCloseFile(gif, &error);
    }
    std::vector<Image> frames;
    std::vector<int> delays, drawn;
};

TEST(Gif, GreyPicturesComeBackExactly) {
    const ScratchFolder folder;
    const std::vector<Image> images = {noise(21, 13, 1, 1), noise(21, 13, 1, 2), noise(21, 13, 1, 2)};
    Animation animation = of(images);
    animation.framesPerSecond = 10;
    animation.holdLast = 1.5;
    writeGif(folder / "a.gif", animation);
    const Player player(folder / "a.gif");
    ASSERT_EQ(player.frames.size(), 3u);
    for (std::size_t i = 0; i < 3; ++i)
        for (std::size_t p = 0; p < images[i].pixels.size(); ++p)
            for (std::size_t c = 0; c < 3; ++c) ASSERT_EQ(player.frames[i].pixels[3 * p + c], images[i].pixels[p]);
    EXPECT_EQ(player.delays, (std::vector<int>{10, 10, 160}));
    EXPECT_EQ(player.drawn[2], 1);  // nothing changed
    EXPECT_TRUE(has(bytesOf(folder / "a.gif"), "NETSCAPE2.0"));
}

TEST(Gif, OnlyTheChangedPartIsStored) {
    const ScratchFolder folder;
    Image first = noise(30, 20, 3, 1), second = first;
    for (int y = 5; y < 9; ++y)
        for (int x = 10; x < 13; ++x) second.pixels[static_cast<std::size_t>(3 * (30 * y + x))] ^= 0x80;
    writeGif(folder / "a.gif", of({first, second}));
    const Player player(folder / "a.gif");
    EXPECT_EQ(player.drawn[0], 600);
    EXPECT_LE(player.drawn[1], 12);
}

TEST(Gif, CancellingEndsIt) {
    const ScratchFolder folder;
    int asked = 0;
    expectError(ErrorCode::Cancelled, [&] {
        writeGif(folder / "a.gif", of({noise(4, 4, 1, 1), noise(4, 4, 1, 2)}), [&](double) { return ++asked < 2; });
    });
}

TEST(Gif, AFolderThatIsNotThereIsAnError) {
    const ScratchFolder folder;
    expectError(ErrorCode::BadFile, [&] { writeGif(folder / "none/a.gif", of({noise(4, 4, 1, 1)})); });
}
#endif

#ifdef VL_HAVE_VIDEO
TEST(Mp4, HasTheFramesTheHoldAndAnEvenSize) {
    const ScratchFolder folder;
    Animation animation = of(std::vector<Image>(6, Image{33, 41, 1, std::vector<std::uint8_t>(33 * 41, 200)}));
    animation.framesPerSecond = 4;
    animation.holdLast = 1;
    writeMp4(folder / "a.mp4", animation);
    cv::VideoCapture video((folder / "a.mp4").string());
    ASSERT_TRUE(video.isOpened());
    cv::Mat frame;
    int frames = 0;
    while (video.read(frame)) {
        ++frames;
        EXPECT_EQ(frame.cols, 34);
        EXPECT_EQ(frame.rows, 42);
        EXPECT_NEAR(frame.at<cv::Vec3b>(20, 20)[0], 200, 4);
    }
    EXPECT_EQ(frames, 6 + 4);
}
#endif

}  // namespace
}  // namespace vl::test
