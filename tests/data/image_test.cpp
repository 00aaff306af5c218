// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "engine/api/data_source.h"
#include "engine/core/random.h"
#include "engine/data/dataset.h"
#include "engine/data/image_header.h"
#include "engine/data/resize.h"
#include "tests/core/expect_error.h"
#include "tests/core/scratch_folder.h"

namespace vl {
namespace {

using test::expectError;
using test::has;
using test::put;
using test::ScratchFolder;

Image picture(int width, int height, int channels, std::uint64_t seed = 1) {
    Image image{width, height, channels, std::vector<std::uint8_t>(static_cast<std::size_t>(width * height * channels))};
    const RandomStream random(seed, 0);
    for (std::size_t i = 0; i < image.pixels.size(); ++i) image.pixels[i] = static_cast<std::uint8_t>(random.bits(i));
    return image;
}

Image plain(int width, int height, std::uint8_t value) {
    return {width, height, 1, std::vector<std::uint8_t>(static_cast<std::size_t>(width * height), value)};
}

bool canDecode() {
    const ScratchFolder folder;
    try {
        writePng(folder / "probe.png", plain(1, 1, 0));
        readImage(folder / "probe.png");
        return true;
    } catch (const Error&) {
        return false;
    }
}

#define NEEDS_CODEC \
    if (!canDecode()) GTEST_SKIP() << "this build has no OpenCV"

TEST(Png, RoundTripsGreyAndColour) {
    NEEDS_CODEC;
    const ScratchFolder folder;
    for (const int channels : {1, 3}) {
        const auto image = picture(17, 9, channels);
        writePng(folder / "a.png", image);
        const auto again = readImage(folder / "a.png");
        EXPECT_EQ(again.channels, channels);
        EXPECT_EQ(again.width, 17);
        EXPECT_EQ(again.pixels, image.pixels);
    }
}

TEST(ReadImage, KeepsRedFirst) {
    NEEDS_CODEC;
    const ScratchFolder folder;
    const auto image = readImage(put(folder / "a.ppm", std::string("P6\n# remark\n1 1\n255\n") + "\x0a\x14\x1e"));
    EXPECT_EQ(image.pixels, (std::vector<std::uint8_t>{10, 20, 30}));
}

TEST(ReadImage, BringsSixteenBitsDownToEight) {
    NEEDS_CODEC;
    const ScratchFolder folder;
    const auto image = readImage(put(folder / "a.pgm", std::string("P5\n2 1\n65535\n") + std::string("\xff\xff\x80\x80", 4)));
    EXPECT_EQ(image.channels, 1);
    EXPECT_EQ(image.pixels, (std::vector<std::uint8_t>{255, 128}));
}

TEST(ReadImage, RefusesABombBeforeDecodingIt) {
    NEEDS_CODEC;
    const ScratchFolder folder;
    const auto error = expectError(ErrorCode::BadFile, [&] { readImage(put(folder / "a.ppm", "P6\n100000 100000\n255\nx")); });
    EXPECT_TRUE(has(error.message(), "100,000 x 100,000")) << error.message();
    writePng(folder / "b.png", plain(20, 20, 1));
    expectError(ErrorCode::BadFile, [&] { readImage(folder / "b.png", 399); });
}

TEST(ReadImage, SurvivesDamagedFiles) {
    NEEDS_CODEC;
    const ScratchFolder folder;
    writePng(folder / "a.png", picture(24, 24, 3));
    const auto sound = test::bytesOf(folder / "a.png");
    const RandomStream random(2, 0);
    for (std::uint64_t round = 0; round < 300; ++round) {
        auto damaged = sound;
        for (std::uint64_t i = 0; i < 3; ++i) damaged[random.below(8 * round + 2 * i, damaged.size())] = static_cast<char>(random.bits(8 * round + 2 * i + 1));
        test::survives([&] { readImage(put(folder / "b.png", damaged), 1'000'000); });
    }
    expectError(ErrorCode::BadFile, [&] { readImage(put(folder / "c.png", "not a picture")); });
    expectError(ErrorCode::BadFile, [&] { readImage(put(folder / "c.png", "")); });
    expectError(ErrorCode::NotFound, [&] { readImage(folder / "none.png"); });
}

TEST(ImageHeader, ReadsTheSizeOfEveryFormat) {
    const auto size = [](std::string bytes) {
        const auto header = readImageHeader(bytes + std::string(32, '\0'));
        return header ? std::pair(header->width, header->height) : std::pair<std::int64_t, std::int64_t>(0, 0);
    };
    using Size = std::pair<std::int64_t, std::int64_t>;
    using namespace std::string_literals;
    EXPECT_EQ(size("\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\1\2\0\0\0\3"s), Size(258, 3));
    EXPECT_EQ(size("\xff\xd8\xff\xe0\0\4ab\xff\xc2\0\x11\x08\0\5\1\1"s), Size(257, 5));
    EXPECT_EQ(size("BM0000000000\0\0\x28\0\0\0\7\0\0\0\xf8\xff\xff\xff"s), Size(7, 8));
    EXPECT_EQ(size("RIFF0000WEBPVP8X0000\0\0\0\0\x09\0\0\x04\0\0"s), Size(10, 5));
    EXPECT_EQ(size("P5\n# two\n # remarks\n12 34\n255\n"s), Size(12, 34));
    EXPECT_EQ(size("\xff\xd8\xff\xe0\0\0"s), Size(0, 0));
    EXPECT_EQ(size("GIF89a"s), Size(0, 0));
}

TEST(FitImage, CropsTheMiddleOfAWidePicture) {
    Image wide = plain(30, 10, 100);
    for (int y = 0; y < 10; ++y)
        for (int x = 10; x < 20; ++x) wide.pixels[static_cast<std::size_t>(y * 30 + x)] = 200;
    EXPECT_EQ(fitImage(wide, 10, 1).pixels, plain(10, 10, 200).pixels);
}

TEST(FitImage, WarpsWhenAsked) {
    const auto warped = fitImage(picture(30, 10, 3), 16, 3, true);
    EXPECT_EQ(warped.width, 16);
    EXPECT_EQ(warped.height, 16);
}

TEST(FitImage, KeepsThePixelsOfANearlyLargeEnoughSquare) {
    const auto image = picture(28, 28, 1);
    const auto fitted = fitImage(image, 32, 1);
    EXPECT_EQ(cropImage(fitted, 2, 2, 28, 28).pixels, image.pixels);
    EXPECT_EQ(fitted.pixels[0], 0);
}

TEST(FitImage, SurvivesExtremeShapes) {
    EXPECT_EQ(fitImage(plain(1, 100000, 7), 32, 1).pixels, plain(32, 32, 7).pixels);
    EXPECT_EQ(fitImage(plain(1, 1, 7), 32, 3).pixels, std::vector<std::uint8_t>(3 * 32 * 32, 7));
    expectError(ErrorCode::Usage, [] { fitImage({}, 32, 1); });
    expectError(ErrorCode::Usage, [] { fitImage({10, 10, 1, {1, 2, 3}}, 32, 1); });
    expectError(ErrorCode::Unsupported, [] { fitImage({1, 1, 4, {1, 2, 3, 4}}, 32, 3); });
}

TEST(ResizeImage, LeavesAPlainPicturePlain) {
    for (const int size : {1, 5, 7, 13, 40}) EXPECT_EQ(resizeImage(plain(13, 13, 91), size, size).pixels, plain(size, size, 91).pixels);
}

TEST(ResizeImage, AveragesWhenShrinking) {
    Image stripes = plain(64, 64, 0);
    for (std::size_t i = 0; i < stripes.pixels.size(); i += 2) stripes.pixels[i] = 255;
    for (const auto value : resizeImage(stripes, 8, 8).pixels) EXPECT_NEAR(value, 127.5, 12);
}

TEST(ConvertChannels, WeighsColoursByLuma) {
    EXPECT_EQ(convertChannels({1, 1, 3, {255, 0, 0}}, 1).pixels[0], 76);  // 0.299 * 255
    EXPECT_EQ(convertChannels({1, 1, 3, {0, 255, 0}}, 1).pixels[0], 150);
    EXPECT_EQ(convertChannels({1, 1, 3, {9, 9, 9}}, 1).pixels[0], 9);
}

TEST(FolderDataset, SortsClassesAndLeavesOutWhatIsNoPicture) {
    NEEDS_CODEC;
    const ScratchFolder folder;
    for (const auto* name : {"train/zebra/b.png", "train/zebra/a.PNG", "train/Ant/x.png", "val/zebra/v.png", "val/Ant/v.png"}) {
        std::filesystem::create_directories((folder / name).parent_path());
        writePng(folder / name, plain(40, 40, name[6] == 'A' ? 10 : 20));
    }
    put(folder / "train/zebra/notes.txt", "hello");
    DataSettings settings;
    settings.dataset = "folder";
    settings.path = folder.path().string();
    const auto sets = openDatasets(settings, 32, 1, 0);
    EXPECT_EQ(sets.train->classNames(), (std::vector<std::string>{"Ant", "zebra"}));
    ASSERT_EQ(sets.train->size(), 3);
    EXPECT_EQ(sets.evaluation->size(), 2);
    EXPECT_EQ(sets.train->label(0), 0);
    EXPECT_EQ(sets.train->label(2), 1);
    EXPECT_EQ(sets.train->image(0).pixels, plain(32, 32, 10).pixels);
    const auto problems = sets.train->takeProblems();
    ASSERT_EQ(problems.size(), 1u);
    EXPECT_TRUE(has(problems[0], "notes.txt"));
}

TEST(FolderDataset, PutsASoundPictureInThePlaceOfADamagedOne) {
    NEEDS_CODEC;
    const ScratchFolder folder;
    writePng(put(folder / "cat/good.png", ""), plain(32, 32, 50));
    put(folder / "cat/bad.png", test::bytesOf(folder / "cat/good.png").substr(0, 30));
    writePng(put(folder / "dog/good.png", ""), plain(32, 32, 60));
    DataSettings settings;
    settings.dataset = "folder";
    settings.path = folder.path().string();
    settings.validationShare = 0.34;
    const auto sets = openDatasets(settings, 32, 1, 0);
    ASSERT_EQ(sets.train->size() + sets.evaluation->size(), 3);
    for (const auto& set : {sets.train, sets.evaluation})
        for (std::int64_t i = 0; i < set->size(); ++i) EXPECT_EQ(set->image(i).pixels[0], set->label(i) == 0 ? 50 : 60);
    const auto problems = sets.train->takeProblems();
    ASSERT_EQ(problems.size(), 1u);
    EXPECT_TRUE(has(problems[0], "bad.png"));
}

TEST(FolderDataset, ExplainsWhatIsMissing) {
    const ScratchFolder folder;
    DataSettings settings;
    settings.dataset = "folder";
    settings.path = (folder / "none").string();
    expectError(ErrorCode::NotFound, [&] { openDatasets(settings, 32, 1, 0); });
    settings.path = folder.path().string();
    expectError(ErrorCode::BadFile, [&] { openDatasets(settings, 32, 1, 0); });
    put(folder / "cat/a.png", "\x89PNG\r\n\x1a\n");
    const auto error = expectError(ErrorCode::NotFound, [&] { openDatasets(settings, 32, 1, 0); });
    EXPECT_TRUE(has(error.hint(), "validation_share"));
}

}  // namespace
}  // namespace vl
