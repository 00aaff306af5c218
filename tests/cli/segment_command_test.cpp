// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>

#include "engine/data/index_mask.h"
#include "engine/data/video_frames.h"
#include "engine/data/video_recorder.h"
#include "tests/cli/dense_fixture.h"
#include "tests/cli/program.h"

namespace vl::test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

class SegmentCommand : public testing::Test {
protected:
    void SetUp() override {
        if (!writeScene(folder() / "in" / "a.png", 96, 64, 1)) GTEST_SKIP() << "this build has no OpenCV";
        writeDenseModel(folder() / "m.safetensors", ModelTask::Segment, 3);
    }
    const fs::path& folder() const { return scratch_.path(); }
    Outcome segment(std::vector<std::string> more) const {
        std::vector<std::string> all{"segment", "--model", "m.safetensors"};
        all.insert(all.end(), more.begin(), more.end());
        return runProgram(all, folder());
    }
    Scratch scratch_;
};

TEST_F(SegmentCommand, WritesOverlayMaskAndSharesThatAgree) {
    const Outcome made = segment({"in/a.png", "--out", "o.png", "--mask-png", "--json"});
    ASSERT_EQ(made.code, 0) << made.err;
    const Image overlay = readImage(folder() / "o.png");
    EXPECT_EQ(overlay.width, 96);
    EXPECT_EQ(overlay.height, 64);
    const IndexMask mask = readIndexMask(folder() / "o-mask.png");
    EXPECT_EQ(mask.width, 96);
    EXPECT_EQ(mask.height, 64);
    std::map<int, int> counted;
    for (const std::uint8_t label : mask.indices)
        ++counted[label];
    const Json answer = Json::parse(made.out).at(0);
    double shares = 0;
    std::map<int, int> said;
    for (const Json& one : answer.at("classes")) {
        EXPECT_EQ(one.at("class"), "kind " + std::to_string(one.at("index").get<int>()));
        said[one.at("index").get<int>()] = one.at("pixels").get<int>();
        shares += one.at("share").get<double>();
    }
    EXPECT_EQ(said, counted);
    EXPECT_NEAR(shares, 1, 1e-9);
}

TEST_F(SegmentCommand, TakesScalesMirroringAndBothWays) {
    for (const std::vector<std::string>& how : std::vector<std::vector<std::string>>{
             {"--scales", "0.5,1", "--flip"}, {"--sliding"}, {"--whole"}}) {
        std::vector<std::string> all{"in/a.png"};
        all.insert(all.end(), how.begin(), how.end());
        const Outcome made = segment(all);
        EXPECT_EQ(made.code, 0) << how[0] << made.err;
        EXPECT_NE(made.out.find("kind "), std::string::npos) << made.out;
    }
}

TEST_F(SegmentCommand, GoesOnPastWhatCannotBeRead) {
    scratch_.write("in/b.png", "no picture");
    writeScene(folder() / "in" / "c.png", 40, 50, 2);
    const Outcome made = segment({"in", "--out", "out"});
    EXPECT_EQ(made.code, 1);
    EXPECT_EQ(made.errorLines(), 1) << made.err;
    EXPECT_NE(made.err.find("b.png"), std::string::npos) << made.err;
    EXPECT_EQ(readImage(folder() / "out" / "a.png").width, 96);
    EXPECT_EQ(readImage(folder() / "out" / "c.png").width, 40);
    EXPECT_FALSE(fs::exists(folder() / "out" / "b.png"));
}

TEST_F(SegmentCommand, NeverReplacesWithoutBeingTold) {
    scratch_.write("o.png", "mine");
    const Outcome refused = segment({"in/a.png", "--out", "o.png"});
    EXPECT_EQ(refused.code, 2);
    EXPECT_NE(refused.err.find("--force"), std::string::npos);
    EXPECT_EQ(fs::file_size(folder() / "o.png"), 4u);
    EXPECT_EQ(segment({"in/a.png", "--out", "o.png", "--force"}).code, 0);
    EXPECT_GT(fs::file_size(folder() / "o.png"), 4u);
}

TEST_F(SegmentCommand, MakesAVideoOfAVideo) {
    try {
        VideoRecorder recorder(folder() / "clip.avi", 64, 48, 10);
        for (int i = 0; i < 5; ++i)
            recorder.add({64, 48, 1, std::vector<std::uint8_t>(64 * 48, static_cast<std::uint8_t>(40 * i))});
        recorder.finish();
    } catch (const Error& error) {
        GTEST_SKIP() << error.message();
    }
    const Outcome made = segment({"clip.avi", "--every", "2", "--out", "o.avi"});
    ASSERT_EQ(made.code, 0) << made.err;
    EXPECT_NE(made.out.find("clip.avi frame 2"), std::string::npos) << made.out;
    VideoFrames overlay = VideoFrames::open(folder() / "o.avi");
    EXPECT_NEAR(overlay.framesPerSecond(), 5, 0.01);
    int frames = 0;
    while (overlay.next())
        ++frames;
    EXPECT_EQ(frames, 3);
    EXPECT_FALSE(fs::exists(folder() / "o.partial.avi"));
    ASSERT_EQ(segment({"clip.avi", "--every", "3", "--out", "frames"}).code, 0);
    EXPECT_TRUE(fs::exists(folder() / "frames" / "clip-00000.png"));
    EXPECT_TRUE(fs::exists(folder() / "frames" / "clip-00003.png"));
}

TEST_F(SegmentCommand, SaysWhatIsWrongInOneLine) {
    writeScene(folder() / "in" / "c.png", 40, 50, 2);
    fs::create_directories(folder() / "empty");
    const std::vector<std::pair<std::vector<std::string>, int>> cases = {
        {{"in/a.png", "--scales", "1,x"}, 2},
        {{"in/a.png", "--scales", "0"}, 2},
        {{"in/a.png", "--sliding", "--whole"}, 2},
        {{"in/a.png", "--mask-png"}, 2},
        {{"in/a.png", "--out", "o.jpg"}, 2},
        {{"in", "--out", "o.png"}, 2},
        {{"nowhere.png"}, 1},
        {{"empty"}, 1},
    };
    for (const auto& [arguments, code] : cases) {
        const Outcome outcome = segment(arguments);
        EXPECT_EQ(outcome.code, code) << arguments.back() << ": " << outcome.err;
        EXPECT_EQ(outcome.errorLines(), 1) << outcome.err;
    }
    writeDenseModel(folder() / "d.safetensors", ModelTask::Detect, 2);
    const Outcome other = runProgram({"segment", "in/a.png", "--model", "d.safetensors"}, folder());
    EXPECT_EQ(other.code, 1);
    EXPECT_EQ(other.errorLines(), 1) << other.err;
}

}  // namespace
}  // namespace vl::test
