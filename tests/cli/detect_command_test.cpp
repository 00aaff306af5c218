// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "engine/data/run_mask.h"
#include "tests/cli/dense_fixture.h"
#include "tests/cli/program.h"

namespace vl::test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

class DetectCommand : public testing::Test {
protected:
    void SetUp() override {
        if (!writeScene(folder() / "in" / "000000000139.png", 96, 64, 1)) GTEST_SKIP() << "this build has no OpenCV";
        writeScene(folder() / "in" / "000000000285.png", 70, 90, 2);
        writeDenseModel(folder() / "m.safetensors", ModelTask::Detect, 3);
    }
    const fs::path& folder() const { return scratch_.path(); }
    Json file(const char* name) const {
        std::ifstream in(folder() / name);
        return Json::parse(in);
    }
    /// Random weights are sure of nothing: everything counts.
    Outcome detect(std::vector<std::string> more) const {
        std::vector<std::string> all{"detect", "--model", "m.safetensors", "--threshold", "0", "--most", "7"};
        all.insert(all.end(), more.begin(), more.end());
        return runProgram(all, folder());
    }
    Scratch scratch_;
};

TEST_F(DetectCommand, WritesWhatCocosToolsRead) {
    const Outcome made = detect({"in", "--coco-json", "r.json", "--json", "--masks", "--out", "out"});
    ASSERT_EQ(made.code, 0) << made.err;
    const Json answers = Json::parse(made.out), results = file("r.json");
    ASSERT_EQ(answers.size(), 2u);
    ASSERT_FALSE(answers[0].at("objects").empty());
    EXPECT_LE(answers[0].at("objects").size(), 7u);
    std::size_t at = 0;
    for (const Json& picture : answers) {
        const int width = picture.at("width"), height = picture.at("height");
        double before = 2;
        for (const Json& object : picture.at("objects")) {
            const Json& result = results.at(at++);
            EXPECT_EQ(result.at("image_id"), width == 96 ? 139 : 285);
            EXPECT_EQ(result.at("category_id"), object.at("index").get<int>() + 1);
            EXPECT_EQ(object.at("class"), "kind " + std::to_string(object.at("index").get<int>()));
            EXPECT_LE(object.at("score"), before);
            before = object.at("score");
            const auto box = object.at("box").get<std::vector<double>>();
            EXPECT_NEAR(result.at("bbox")[0], box[0], 0.006);
            EXPECT_NEAR(result.at("bbox")[3], box[3] - box[1], 0.006);
            EXPECT_EQ(object.at("mask"), result.at("segmentation"));
            EXPECT_EQ(object.at("mask").at("size"), Json({height, width}));
            const RunMask mask = runMaskFromText(object.at("mask").at("counts").get<std::string>(), width, height);
            EXPECT_EQ(pixelsOf(mask).size(), static_cast<std::size_t>(width * height));
        }
    }
    EXPECT_EQ(at, results.size());
    EXPECT_EQ(readImage(folder() / "out" / "000000000139.png").width, 96);
    EXPECT_EQ(readImage(folder() / "out" / "000000000285.png").height, 90);
}

TEST_F(DetectCommand, PrintsATableAndLeavesMasksOutUnlessAsked) {
    const Outcome table = detect({"in/000000000139.png"});
    ASSERT_EQ(table.code, 0) << table.err;
    EXPECT_NE(table.out.find("96 x 64"), std::string::npos);
    EXPECT_NE(table.out.find("kind "), std::string::npos) << table.out;
    const Outcome json = detect({"in/000000000139.png", "--json"});
    EXPECT_EQ(json.out.find("mask"), std::string::npos);
    const Outcome none = runProgram({"detect", "--model", "m.safetensors", "--threshold", "1", "in", "--json"}, folder());
    ASSERT_EQ(none.code, 0) << none.err;
    EXPECT_TRUE(Json::parse(none.out)[1].at("objects").empty());
}

TEST_F(DetectCommand, GoesOnPastWhatCannotBeReadAndNeverReplaces) {
    scratch_.write("in/b.png", "no picture");
    scratch_.write("mine.json", "mine");
    EXPECT_EQ(detect({"in", "--coco-json", "mine.json"}).code, 2);
    EXPECT_EQ(fs::file_size(folder() / "mine.json"), 4u);
    const Outcome made = detect({"in", "--coco-json", "mine.json", "--force"});
    EXPECT_EQ(made.code, 1);
    EXPECT_EQ(made.errorLines(), 1) << made.err;
    EXPECT_FALSE(file("mine.json").empty());
    for (const std::vector<std::string>& wrong :
         std::vector<std::vector<std::string>>{{"in", "--threshold", "2"}, {"in", "--out", "o.png"}, {"in", "--most", "0"}}) {
        const Outcome outcome = runProgram([&] {
            std::vector<std::string> all{"detect", "--model", "m.safetensors"};
            all.insert(all.end(), wrong.begin(), wrong.end());
            return all;
        }(), folder());
        EXPECT_EQ(outcome.code, 2) << wrong[1];
        EXPECT_EQ(outcome.errorLines(), 1) << outcome.err;
    }
}

}  // namespace
}  // namespace vl::test
