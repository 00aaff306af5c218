// SPDX-License-Identifier: Apache-2.0
#include "engine/data/video_frames.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "engine/core/error.h"
#include "engine/data/video_recorder.h"
#include "tests/core/expect_error.h"
#include "tests/core/scratch_folder.h"

namespace vl::test {
namespace {

namespace fs = std::filesystem;

/// Left half red, right half green, the lower right corner brighter with every frame.
Image shade(int width, int height, int step) {
    Image image{width, height, 3, {}};
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            const bool left = x < width / 2, corner = !left && y >= height / 2;
            image.pixels.insert(image.pixels.end(), {static_cast<std::uint8_t>(left ? 220 : 20),
                                                     static_cast<std::uint8_t>(left ? 20 : 200),
                                                     static_cast<std::uint8_t>(corner ? 8 * step : 20)});
        }
    return image;
}

class Videos : public testing::Test {
protected:
    /// False in builds that cannot write videos.
    bool record(const fs::path& file, int frames, int width = 64, int height = 48) {
        try {
            VideoRecorder recorder(file, width, height, 12.5);
            for (int i = 0; i < frames; ++i)
                recorder.add(shade(width, height, i));
            recorder.finish();
            return true;
        } catch (const Error& error) {
            reason_ = error.message();
            return false;
        }
    }
    static int blueOf(const Image& image, int x, int y) {
        return image.pixels[(static_cast<std::size_t>(y) * image.width + x) * 3 + 2];
    }
    static std::string bytesOf(const fs::path& file) {
        std::ifstream in(file, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    ScratchFolder folder_;
    std::string reason_;
};

TEST_F(Videos, GiveTheirFramesInOrderWithColoursInPlace) {
    for (const char* name : {"a.avi", "a.mp4"}) {
        const fs::path file = folder_ / name;
        if (!record(file, 20)) GTEST_SKIP() << reason_;
        VideoFrames video = VideoFrames::open(file);
        EXPECT_EQ(video.frames(), 20) << name;
        EXPECT_NEAR(video.framesPerSecond(), 12.5, 0.01) << name;
        for (int i = 0; i < 20; ++i) {
            const auto image = video.next();
            ASSERT_TRUE(image) << name << i;
            EXPECT_EQ(image->width, 64);
            EXPECT_EQ(image->height, 48);
            EXPECT_GT(image->pixels[0], 150) << name;  // red left, so red comes first
            EXPECT_LT(image->pixels[2], 100) << name;
            EXPECT_NEAR(blueOf(*image, 60, 44), 8 * i, 20) << name << i;
        }
        EXPECT_FALSE(video.next());
        EXPECT_FALSE(video.next());
        EXPECT_EQ(video.given(), 20);
        EXPECT_EQ(video.problem(), "");
    }
}

TEST_F(Videos, PassOverFramesThatNobodyWants) {
    if (!record(folder_ / "a.avi", 6)) GTEST_SKIP() << reason_;
    VideoFrames video = VideoFrames::open(folder_ / "a.avi");
    EXPECT_TRUE(video.skip());
    EXPECT_TRUE(video.skip());
    const auto third = video.next();
    ASSERT_TRUE(third);
    EXPECT_NEAR(blueOf(*third, 60, 44), 16, 10);
    EXPECT_EQ(video.given(), 3);
}

TEST_F(Videos, GrowByAPixelWhereASideIsOdd) {
    if (!record(folder_ / "a.avi", 2, 33, 17)) GTEST_SKIP() << reason_;
    const auto image = VideoFrames::open(folder_ / "a.avi").next();
    ASSERT_TRUE(image);
    EXPECT_EQ(image->width, 34);
    EXPECT_EQ(image->height, 18);
}

TEST_F(Videos, CutOffFilesGiveWhatTheyHaveAndSaySo) {
    if (!record(folder_ / "a.avi", 60)) GTEST_SKIP() << reason_;
    const std::string bytes = bytesOf(folder_ / "a.avi");
    std::ofstream(folder_ / "half.avi", std::ios::binary) << bytes.substr(0, bytes.size() / 2);
    VideoFrames video = VideoFrames::open(folder_ / "half.avi");
    int frames = 0;
    while (video.next())
        ++frames;
    EXPECT_GT(frames, 5);
    EXPECT_LT(frames, 55);
    EXPECT_NE(video.problem().find("half.avi is cut off or damaged"), std::string::npos) << video.problem();
}

TEST_F(Videos, RefuseWhatIsNoneInOneSentence) {
    if (!record(folder_ / "a.mp4", 5)) GTEST_SKIP() << reason_;
    EXPECT_TRUE(has(expectError(ErrorCode::NotFound, [&] { VideoFrames::open(folder_ / "nowhere.mp4"); }).message(), "nowhere.mp4"));
    EXPECT_TRUE(has(expectError(ErrorCode::NotFound, [&] { VideoFrames::open(folder_.path()); }).message(), "There is no video"));
    std::ofstream(folder_ / "text.mp4") << "no video at all";
    std::ofstream(folder_ / "empty.mp4");
    const std::string bytes = bytesOf(folder_ / "a.mp4");
    std::ofstream(folder_ / "head.mp4", std::ios::binary) << bytes.substr(0, 40);
    for (const char* name : {"text.mp4", "empty.mp4", "head.mp4"})
        EXPECT_TRUE(has(expectError(ErrorCode::BadFile, [&] { VideoFrames::open(folder_ / name); }).message(), name));
    EXPECT_TRUE(has(expectError(ErrorCode::BadFile, [&] { VideoFrames::open(folder_ / "a.mp4", 100); }).message(), "more than allowed"));
}

TEST_F(Videos, SurviveDamageAnywhere) {
    if (!record(folder_ / "a.avi", 12)) GTEST_SKIP() << reason_;
    const std::string bytes = bytesOf(folder_ / "a.avi");
    for (std::size_t at = 0; at < bytes.size(); at += bytes.size() / 23 + 1) {
        std::string damaged = bytes;
        for (std::size_t i = at; i < std::min(at + 32, damaged.size()); ++i)
            damaged[i] = static_cast<char>(~damaged[i]);
        std::ofstream(folder_ / "d.avi", std::ios::binary) << damaged;
        try {
            VideoFrames video = VideoFrames::open(folder_ / "d.avi", 1'000'000);
            for (int i = 0; i < 100 && video.next(); ++i) {}
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ErrorCode::BadFile) << error.message();
        }
    }
}

TEST(VideoNames, AreToldFromThoseOfPictures) {
    EXPECT_TRUE(isVideoName("a/b.MP4"));
    EXPECT_TRUE(isVideoName("b.gif"));
    EXPECT_FALSE(isVideoName("b.png"));
    EXPECT_FALSE(isVideoName("mp4"));
}

}  // namespace
}  // namespace vl::test
