// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "engine/api/model_spec.h"
#include "engine/io/pth_writer.h"
#include "engine/nn/recorded_fill.h"
#include "engine/nn/weights_file.h"
#include "tests/cli/program.h"

namespace vl::test {
namespace {

/// A training checkpoint of illama_micro as PyTorch writes it.
void writeMicroPth(const std::filesystem::path& file) {
    const auto model = makeModel(findPreset("illama_micro"));
    fillRecorded(model->parameters());
    std::vector<at::Tensor> kept;
    std::vector<TensorView> views;
    for (const Parameter& parameter : model->parameters()) {
        kept.push_back(parameter.tensor.detach());
        views.push_back(viewOf(parameter.name, kept.back()));
    }
    writePth(file, views, {"model", {{"epoch", std::int64_t{299}}, {"best_acc", 75.0}}});
}

TEST(InfoCommand, SaysWhatACheckpointIs) {
    const Scratch scratch;
    writeMicroPth(scratch.path() / "a.pth");
    const Outcome outcome = runProgram({"info", "a.pth"}, scratch.path());
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    for (const char* part :
         {"PyTorch zip", "illama_micro", "official names, 100 % sure", "* model.", "best_acc = 75.0", "10 classes"})
        EXPECT_NE(outcome.out.find(part), std::string::npos) << part << " in\n" << outcome.out;
    EXPECT_EQ(outcome.out.find("qkv"), std::string::npos);
    EXPECT_NE(runProgram({"info", "a.pth", "--tensors"}, scratch.path()).out.find("model.blocks.3.attn.qkv.weight"),
              std::string::npos);
}

TEST(InfoCommand, GivesStatisticsAndDifferencesAsJson) {
    const Scratch scratch;
    writeMicroPth(scratch.path() / "a.pth");
    const Outcome outcome =
        runProgram({"info", "a.pth", "--statistics", "--preset", "illama_tiny_fmnist", "--json"}, scratch.path());
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    const auto report = nlohmann::json::parse(outcome.out);
    EXPECT_EQ(report.at("format"), "PyTorch zip");
    EXPECT_EQ(report.at("values").at("epoch"), "299");
    EXPECT_EQ(report.at("recognition").at("model"), "illama_tiny_fmnist");
    EXPECT_FALSE(report.at("recognition").at("missing").empty());
    EXPECT_FALSE(report.at("recognition").at("differences").empty());
    for (const auto& tensor : report.at("tensors")) {
        EXPECT_EQ(tensor.at("statistics").at("nan"), 0);
        EXPECT_EQ(tensor.at("statistics").at("histogram").size(), 64u);
    }
}

TEST(InfoCommand, SaysInOneLineWhatIsWrong) {
    const Scratch scratch;
    scratch.write("x.pth", "hello");
    for (const std::vector<std::string>& arguments :
         {std::vector<std::string>{"info", "none.pth"}, {"info", "x.pth"}, {"info", "--tensors"}}) {
        const Outcome outcome = runProgram(arguments, scratch.path());
        EXPECT_NE(outcome.code, 0);
        EXPECT_EQ(outcome.errorLines(), 1) << outcome.err;
    }
}

TEST(PredictCommand, TakesForeignClassifiersOnly) {
    const Scratch scratch;
    writeMicroPth(scratch.path() / "a.pth");
    const auto sample = std::string(VL_SOURCE_DIR) + "/resources/samples";
    std::string picture;
    for (const auto& entry : std::filesystem::directory_iterator(sample))
        if (entry.path().extension() == ".png") picture = entry.path().string();
    if (picture.empty()) GTEST_SKIP() << "no sample picture";
    const Outcome outcome = runProgram({"predict", picture, "--model", "a.pth", "--json"}, scratch.path());
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_EQ(nlohmann::json::parse(outcome.out)[0].at("predictions").size(), 5u);
}

}  // namespace
}  // namespace vl::test
