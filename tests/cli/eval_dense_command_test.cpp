// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "engine/data/index_mask.h"
#include "tests/cli/dense_fixture.h"
#include "tests/cli/program.h"

namespace vl::test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

std::string textOf(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

class EvalDenseCommand : public testing::Test {
protected:
    void SetUp() override {
        if (!writeScene(folder() / "probe.png", 8, 8, 0)) GTEST_SKIP() << "this build has no OpenCV";
    }
    const fs::path& folder() const { return scratch_.path(); }

    /// One object of the first class a picture; the second never occurs.
    void writeCoco(int pictures) const {
        Json coco = {{"images", Json::array()},
                     {"annotations", Json::array()},
                     {"categories", {{{"id", 1}, {"name", "square"}}, {{"id", 2}, {"name", "disc"}}}}};
        for (int i = 0; i < pictures; ++i) {
            const std::string name = "p" + std::to_string(i) + ".png";
            writeScene(folder() / "coco" / "val" / name, 96, 64, i);
            coco["images"].push_back({{"id", i + 1}, {"file_name", name}, {"width", 96}, {"height", 64}});
            coco["annotations"].push_back({{"id", 2 * i + 1}, {"image_id", i + 1}, {"category_id", 1}, {"iscrowd", 0},
                                           {"area", 24 * 16}, {"bbox", {24, 16, 24, 16}},
                                           {"segmentation", {{24, 16, 48, 16, 48, 32, 24, 32}}}});
        }
        scratch_.write("coco/annotations/instances_val.json", coco.dump());
        writeDenseModel(folder() / "d.safetensors", ModelTask::Detect, 2);
    }
    /// Upper half class 0, lower half class 1, a row that counts for nothing.
    void writeVoc(int pictures) const {
        std::string list;
        for (int i = 0; i < pictures; ++i) {
            const std::string name = "p" + std::to_string(i);
            writeScene(folder() / "voc" / "JPEGImages" / (name + ".png"), 48, 40, i);
            fs::rename(folder() / "voc" / "JPEGImages" / (name + ".png"), folder() / "voc" / "JPEGImages" / (name + ".jpg"));
            std::vector<std::uint8_t> labels(48 * 40, 0);
            std::fill(labels.begin() + 48 * 20, labels.end(), std::uint8_t{1});
            std::fill(labels.begin() + 48 * 39, labels.end(), kNoClass);
            std::vector<Colour> palette(256);
            scratch_.write("voc/SegmentationClass/" + name + ".png", indexMaskPng(48, 40, labels, palette));
            list += name + "\n";
        }
        scratch_.write("voc/ImageSets/Segmentation/val.txt", list);
        writeDenseModel(folder() / "s.safetensors", ModelTask::Segment, 21);
    }
    Json answer(const char* name) const {
        Json json = Json::parse(textOf(folder() / name));
        json.erase("seconds");
        return json;
    }
    std::vector<std::string> evalCoco(const std::string& json) const {
        return {"eval", "d.safetensors", "--dataset", "coco", "--path", "coco", "--json", json};
    }
    Scratch scratch_;
};

TEST_F(EvalDenseCommand, MeasuresADetectorAsTextJsonAndCsv) {
    writeCoco(3);
    const Outcome made = runProgram({"eval", "d.safetensors", "--dataset", "coco", "--path", "coco", "--json", "r.json",
                                     "--csv", "r.csv"}, folder());
    ASSERT_EQ(made.code, 0) << made.err;
    for (const char* word : {"square", "disc", "mask AP50", "AR100", "on 3 pictures of coco"})
        EXPECT_NE(made.out.find(word), std::string::npos) << word << made.out;
    const Json json = answer("r.json");
    EXPECT_EQ(json.at("pictures"), 3);
    EXPECT_EQ(json.at("left_out"), 0);
    EXPECT_TRUE(json.at("boxes").at("ap").is_number());
    EXPECT_TRUE(json.at("boxes").at("ap_large").is_null());  // no object has 96 x 96 pixels
    ASSERT_EQ(json.at("classes").size(), 2u);
    EXPECT_EQ(json.at("classes")[0].at("class"), "square");
    EXPECT_EQ(json.at("classes")[0].at("box_ap"), json.at("boxes").at("ap"));  // the only class that occurs
    EXPECT_EQ(json.at("classes")[0].at("mask_ap50"), json.at("masks").at("ap50"));
    EXPECT_TRUE(json.at("classes")[1].at("box_ap").is_null());
    const std::string csv = textOf(folder() / "r.csv");
    EXPECT_EQ(csv.substr(0, csv.find('\n')), "class,box_ap,box_ap50,mask_ap,mask_ap50");
    EXPECT_NE(csv.find("\ndisc,,,,\n"), std::string::npos) << csv;
    EXPECT_FALSE(fs::exists(folder() / "r.json.journal"));
}

TEST_F(EvalDenseCommand, ContinuesWhereItWasStopped) {
    writeCoco(8);
    ASSERT_EQ(runProgram(evalCoco("whole.json"), folder()).code, 0);
    const Outcome stopped = interruptProgram(evalCoco("r.json"), folder(), folder() / "r.json.journal");
    if (stopped.code == 0) GTEST_SKIP() << "it was done before the signal came";
    EXPECT_EQ(stopped.code, 1);
    EXPECT_NE(stopped.err.find("The same command continues"), std::string::npos) << stopped.err;
    EXPECT_FALSE(fs::exists(folder() / "r.json"));
    ASSERT_TRUE(fs::exists(folder() / "r.json.journal"));
    // As after a crash in the middle of a line.
    std::ofstream(folder() / "r.json.journal", std::ios::app) << "{\"picture\":7,\"resu";
    const Outcome done = runProgram(evalCoco("r.json"), folder());
    ASSERT_EQ(done.code, 0) << done.err;
    EXPECT_EQ(answer("r.json"), answer("whole.json"));
    EXPECT_FALSE(fs::exists(folder() / "r.json.journal"));
}

TEST_F(EvalDenseCommand, AJournalOfAnotherEvaluationIsNotMixedIn) {
    writeCoco(2);
    const std::string header = "{\"evaluation\":1,\"model\":\"other\"}\n";
    scratch_.write("r.json.journal", header);
    const Outcome refused = runProgram(evalCoco("r.json"), folder());
    EXPECT_EQ(refused.code, 2);
    EXPECT_NE(refused.err.find("another evaluation"), std::string::npos) << refused.err;
    EXPECT_EQ(textOf(folder() / "r.json.journal"), header);
    std::vector<std::string> forced = evalCoco("r.json");
    forced.push_back("--force");
    EXPECT_EQ(runProgram(forced, folder()).code, 0);
}

TEST_F(EvalDenseCommand, MeasuresASegmenterAndContinues) {
    writeVoc(4);
    const std::vector<std::string> all{"eval", "s.safetensors", "--dataset", "voc", "--path", "voc", "--csv", "r.csv"};
    const auto with = [&](std::vector<std::string> more) {
        more.insert(more.begin(), all.begin(), all.end());
        return more;
    };
    const Outcome made = runProgram(with({"--json", "whole.json"}), folder());
    ASSERT_EQ(made.code, 0) << made.err;
    EXPECT_NE(made.out.find("mIoU "), std::string::npos) << made.out;
    const Json json = answer("whole.json");
    EXPECT_EQ(json.at("pictures"), 4);
    EXPECT_EQ(json.at("classes").size(), 21u);
    const double iou = json.at("mean_iou");
    EXPECT_GE(iou, 0);
    EXPECT_LE(iou, 1);
    EXPECT_EQ(runProgram(with({}), folder()).code, 2);  // r.csv is there
    const Outcome again = runProgram({"eval", "s.safetensors", "--dataset", "voc", "--path", "voc", "--json"}, folder());
    ASSERT_EQ(again.code, 0) << again.err;
    EXPECT_EQ(Json::parse(again.out).at("mean_iou"), json.at("mean_iou"));

    const std::vector<std::string> second{"eval", "s.safetensors", "--dataset", "voc", "--path", "voc", "--json", "r.json"};
    const Outcome stopped = interruptProgram(second, folder(), folder() / "r.json.journal");
    if (stopped.code == 0) GTEST_SKIP() << "it was done before the signal came";
    ASSERT_EQ(runProgram(second, folder()).code, 0);
    EXPECT_EQ(answer("r.json"), json);
}

TEST_F(EvalDenseCommand, LeavesOutWhatCannotBeReadAndSaysSo) {
    writeCoco(3);
    scratch_.write("coco/val/p1.png", "no picture");
    const Outcome made = runProgram(evalCoco("r.json"), folder());
    EXPECT_EQ(made.code, 1);
    EXPECT_EQ(made.errorLines(), 1) << made.err;
    EXPECT_NE(made.err.find("p1.png"), std::string::npos) << made.err;
    EXPECT_EQ(answer("r.json").at("pictures"), 2);
    EXPECT_EQ(answer("r.json").at("left_out"), 1);
}

TEST_F(EvalDenseCommand, SaysWhatIsWrongInOneLine) {
    writeCoco(1);
    writeVoc(1);
    const std::vector<std::pair<std::vector<std::string>, int>> cases = {
        {{"eval", "d.safetensors"}, 2},
        {{"eval"}, 2},
        {{"eval", "d.safetensors", "--dataset", "voc", "--path", "voc"}, 1},
        {{"eval", "s.safetensors", "--dataset", "coco", "--path", "coco"}, 1},
        {{"eval", "d.safetensors", "--dataset", "coco", "--path", "nowhere"}, 1},
        {{"eval", "d.safetensors", "--dataset", "coco", "--path", "coco", "--flip"}, 2},
        {{"eval", "s.safetensors", "--dataset", "voc", "--path", "voc", "--fit", "wide"}, 2},
    };
    for (const auto& [arguments, code] : cases) {
        const Outcome outcome = runProgram(arguments, folder());
        EXPECT_EQ(outcome.code, code) << arguments.back() << ": " << outcome.err;
        EXPECT_EQ(outcome.errorLines(), 1) << outcome.err;
    }
}

}  // namespace
}  // namespace vl::test
