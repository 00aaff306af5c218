// SPDX-License-Identifier: Apache-2.0
#include <ATen/ops/ones.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "engine/api/data_source.h"
#include "engine/api/model_spec.h"
#include "engine/nn/model.h"
#include "engine/nn/weights_file.h"
#include "tests/cli/program.h"

namespace vl::test {
namespace {

TEST(ModelsCommand, ListsEveryPreset) {
    const Scratch scratch;
    const Outcome table = runProgram({"models"}, scratch.path());
    const Outcome json = runProgram({"models", "--json"}, scratch.path());
    ASSERT_EQ(table.code, 0);
    ASSERT_EQ(json.code, 0);
    const auto list = nlohmann::json::parse(json.out);
    ASSERT_EQ(list.size(), modelPresets().size());
    for (std::size_t i = 0; i < list.size(); ++i) {
        const ModelSpec& spec = modelPresets()[i];
        EXPECT_EQ(list[i].at("name"), spec.name);
        EXPECT_EQ(list[i].at("parameters"), spec.parameterCount());
        EXPECT_NE(table.out.find(spec.name), std::string::npos);
    }
}

TEST(InfoCommand, NamesTheDeviceAndVersions) {
    const Scratch scratch;
    const auto info = nlohmann::json::parse(runProgram({"info", "--json"}, scratch.path()).out);
    EXPECT_GE(info.at("cores").get<int>(), 1);
    EXPECT_FALSE(info.at("torch").get<std::string>().empty());
    EXPECT_FALSE(info.at("cpu").get<std::string>().empty());
    EXPECT_NE(info.at("gpus").empty(), info.at("gpu_reason").get<std::string>().empty());  // either a GPU or the reason
    EXPECT_NE(runProgram({"info"}, scratch.path()).out.find("illama_micro"), std::string::npos);
}

TEST(ForwardCommand, WritesLogitsAndEveryBlock) {
    const Scratch scratch;
    ModelSpec spec = findPreset("illama_micro");
    spec.imageSize = 16;
    spec.numClasses = 7;
    const auto model = makeModel(spec);
    model->initialise(3);
    saveWeights(*model, scratch.path() / "w.safetensors");
    writeTensors(scratch.path() / "x.safetensors", {{"input", at::ones({2, 1, 16, 16})}});
    const Outcome outcome =
        runProgram({"forward", "--model", "illama_micro", "--num-classes", "7", "--image-size", "16", "--alpha", "0.5",
                    "--weights", "w.safetensors", "--input", "x.safetensors", "--output", "y.safetensors"},
                   scratch.path());
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    const TensorMap results = readTensors(scratch.path() / "y.safetensors");
    EXPECT_EQ(results.size(), 5u);
    EXPECT_EQ(results.at("logits").sizes(), (std::vector<std::int64_t>{2, 7}));
    for (int block = 0; block < 4; ++block)
        EXPECT_EQ(results.at("blocks." + std::to_string(block)).sizes(), (std::vector<std::int64_t>{2, 17, 128}));
}

TEST(BenchCommand, SpeaksTheHarnessProtocol) {
    const Scratch scratch;
    const Outcome fp32 = runProgram({"bench", "--model", "illama_micro", "--batch", "2", "--precision", "fp32",
                                     "--mode", "train", "--seconds", "0.05"},
                                    scratch.path());
    ASSERT_EQ(fp32.code, 0) << fp32.err;
    const auto row = nlohmann::json::parse(fp32.out);
    EXPECT_EQ(row.at("model"), "illama_micro");
    EXPECT_EQ(row.at("batch"), 2);
    EXPECT_EQ(row.at("precision"), "fp32");
    EXPECT_GT(row.at("img_per_s").get<double>(), 0);
    const Outcome int8 =
        runProgram({"bench", "--model", "illama_micro", "--precision", "int8", "--mode", "infer"}, scratch.path());
    EXPECT_EQ(int8.code, 0);
    EXPECT_EQ(nlohmann::json::parse(int8.out).at("unsupported"), true);
}

/// Needs a build that can write and read pictures.
TEST(PictureCommands, PredictAndInspectAnswer) {
    const Scratch scratch;
    const Outcome trained = runProgram(
        {"train", scratch.writeConfig().string(), "--set", "train.max_steps=1", "--out", "run"}, scratch.path());
    ASSERT_EQ(trained.code, 0) << trained.err;
    try {
        writePng(scratch.path() / "grey.png", Image{4, 4, 1, std::vector<std::uint8_t>(16, 90)});
    } catch (const std::exception& reason) {
        GTEST_SKIP() << reason.what();
    }
    const Outcome predicted =
        runProgram({"predict", "grey.png", "--model", "run", "--json", "--top", "3"}, scratch.path());
    ASSERT_EQ(predicted.code, 0) << predicted.err;
    const auto answers = nlohmann::json::parse(predicted.out);
    ASSERT_EQ(answers[0].at("predictions").size(), 3u);
    EXPECT_GE(answers[0]["predictions"][0]["probability"].get<double>(),
              answers[0]["predictions"][1]["probability"].get<double>());

    const Outcome inspected =
        runProgram({"inspect", "grey.png", "--model", "run", "--layer", "1", "--head", "2", "--query", "0,1", "--alpha",
                    "0", "--out", "map.png", "--size", "64", "--json"},
                   scratch.path());
    ASSERT_EQ(inspected.code, 0) << inspected.err;
    const auto answer = nlohmann::json::parse(inspected.out);
    EXPECT_EQ(answer.at("query"), 1);
    const auto weights = answer.at("weights").get<std::vector<double>>();
    ASSERT_EQ(weights.size(), 17u);
    for (std::size_t key = 2; key < weights.size(); ++key)
        EXPECT_EQ(weights[key], 0);  // causal: nothing after the query
    EXPECT_EQ(readImage(scratch.path() / "map.png").width, 64);
    EXPECT_EQ(runProgram({"inspect", "grey.png", "--model", "run", "--layer", "9"}, scratch.path()).code, 2);
}

}  // namespace
}  // namespace vl::test
