// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>

#include "engine/api/model_spec.h"
#include "engine/checkpoint/checkpoint.h"
#include "engine/io/checkpoint_file.h"
#include "engine/io/pth_writer.h"
#include "engine/nn/recorded_fill.h"
#include "engine/nn/weights_file.h"
#include "tests/cli/program.h"

namespace vl::test {
namespace {

std::unique_ptr<Model> micro() {
    auto model = makeModel(findPreset("illama_micro"));
    fillRecorded(model->parameters());
    return model;
}

/// A training checkpoint: weights under "model.", averaged ones under "ema.".
TensorMap training(Model& model) {
    TensorMap both;
    for (const auto& [name, tensor] : stateDict(model)) {
        both["model." + name] = tensor;
        both["ema." + name] = tensor + tensor;
    }
    return both;
}

void writeTrainingPth(const std::filesystem::path& file) {
    const auto model = micro();
    std::vector<at::Tensor> kept;
    std::vector<TensorView> views;
    for (const Parameter& parameter : model->parameters()) {
        kept.push_back(parameter.tensor.detach());
        views.push_back(viewOf(parameter.name, kept.back()));
    }
    writePth(file, views, {"model", {{"epoch", std::int64_t{3}}}});
}

TEST(ConvertCommand, WritesPthInTheFilesOrderAndBack) {
    const Scratch scratch;
    writeTrainingPth(scratch.path() / "a.pth");
    const Outcome there = runProgram({"convert", "a.pth", "b.safetensors"}, scratch.path());
    ASSERT_EQ(there.code, 0) << there.err;
    EXPECT_NE(there.out.find("under model. written to b.safetensors"), std::string::npos) << there.out;
    EXPECT_NE(there.out.find("epoch"), std::string::npos) << there.out;
    ASSERT_EQ(runProgram({"convert", "b.safetensors", "c.pth"}, scratch.path()).code, 0);
    const auto model = micro();
    for (const char* name : {"b.safetensors", "c.pth"}) {
        const auto read = readCheckpoint(scratch.path() / name);
        EXPECT_EQ(read.report.recognition.spec.name, "illama_micro");
        for (const Parameter& parameter : model->parameters())
            EXPECT_TRUE(read.tensors.at(parameter.name).equal(parameter.tensor)) << name << " " << parameter.name;
    }
    ASSERT_EQ(runProgram({"convert", "a.pth", "d.pth"}, scratch.path()).code, 0);
    EXPECT_EQ(CheckpointFile::open(scratch.path() / "d.pth").tensors()[0].name, "cls_token");
}

TEST(ConvertCommand, TakesAveragedWeightsAndAnotherType) {
    const Scratch scratch;
    const auto model = micro();
    auto both = training(*model);
    both["model.counter"] = at::arange(2, at::kLong);
    both["ema.counter"] = at::arange(2, at::kLong);
    writeTensors(scratch.path() / "a.safetensors", both);
    const Outcome outcome =
        runProgram({"convert", "a.safetensors", "b.safetensors", "--ema", "--dtype", "bf16"}, scratch.path());
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_NE(outcome.out.find("averaged"), std::string::npos) << outcome.out;
    const TensorMap written = readTensors(scratch.path() / "b.safetensors");
    EXPECT_EQ(written.size(), model->parameters().size() + 1);
    EXPECT_TRUE(written.at("norm.weight").equal((stateDict(*model).at("norm.weight") * 2).to(at::kBFloat16)));
    EXPECT_EQ(written.at("counter").scalar_type(), at::kLong);
}

TEST(ConvertCommand, StripsPrefixesAndSpeaksOfficialNames) {
    const Scratch scratch;
    TensorMap tensors;
    for (const auto& [name, tensor] : stateDict(*micro()))
        tensors["backbone." + name] = tensor;
    writeTensors(scratch.path() / "a.safetensors", tensors);
    ASSERT_EQ(runProgram({"convert", "a.safetensors", "b.safetensors", "--strip", "backbone."}, scratch.path()).code,
              0);
    ASSERT_EQ(runProgram({"convert", "a.safetensors", "c.safetensors", "--names", "official"}, scratch.path()).code, 0);
    ASSERT_EQ(runProgram({"convert", "a.safetensors", "d.safetensors"}, scratch.path()).code, 0);
    EXPECT_TRUE(readTensors(scratch.path() / "b.safetensors").contains("norm.weight"));
    EXPECT_TRUE(readTensors(scratch.path() / "c.safetensors").contains("norm.weight"));
    EXPECT_TRUE(readTensors(scratch.path() / "d.safetensors").contains("backbone.norm.weight"));
}

TEST(ConvertCommand, KeepsFilesThatAreThereAndSaysWhatIsWrong) {
    const Scratch scratch;
    writeTrainingPth(scratch.path() / "a.pth");
    scratch.write("b.safetensors", "precious");
    const auto fails = [&](const std::vector<std::string>& arguments, int code) {
        const Outcome outcome = runProgram(arguments, scratch.path());
        EXPECT_EQ(outcome.code, code) << outcome.err;
        EXPECT_EQ(outcome.errorLines(), 1) << outcome.err;
    };
    fails({"convert", "a.pth", "b.safetensors"}, 2);
    EXPECT_EQ(std::filesystem::file_size(scratch.path() / "b.safetensors"), 8u);
    fails({"convert", "a.pth", "a.pth", "--force"}, 2);
    fails({"convert", "a.pth", "c.onnx"}, 2);
    fails({"convert", "a.pth", "c.pth", "--ema"}, 1);
    fails({"convert", "a.pth", "c.pth", "--strip", "nothing."}, 2);
    fails({"convert", "a.pth", "c.pth", "--dtype", "int4"}, 2);
    fails({"convert", "none.pth", "c.pth"}, 1);
    fails({"convert", "b.safetensors", "c.pth"}, 1);
    EXPECT_EQ(runProgram({"convert", "a.pth", "b.safetensors", "--force"}, scratch.path()).code, 0);
    EXPECT_GT(std::filesystem::file_size(scratch.path() / "b.safetensors"), 8u);
    EXPECT_FALSE(std::filesystem::exists(scratch.path() / "c.pth"));
}

/// Runs convert_reference.py with a Python that has torch (VISIONLLAMA_PYTHON, else python3); what it says, "" when it
/// failed.
std::string runPython(const std::string& what, const std::filesystem::path& folder) {
    const char* chosen = std::getenv("VISIONLLAMA_PYTHON");
    const std::string program = chosen && *chosen ? chosen : "python3";
    const auto command = what.empty() ? "'" + program + "' -c 'import torch; print(1)' 2>&1"
                                      : "'" + program + "' '" VL_SOURCE_DIR "/tests/cli/convert_reference.py' " + what +
                                            " '" + folder.string() + "' 2>&1";
    std::string text;
    FILE* pipe = ::popen(command.c_str(), "r");
    char buffer[1024];
    for (std::size_t got; pipe && (got = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;)
        text.append(buffer, got);
    const bool good = pipe && ::pclose(pipe) == 0;
    EXPECT_TRUE(good || what.empty()) << text;
    return good ? text + " " : "";
}

TEST(ConvertCommand, AgreesWithPyTorchOnBothEnds) {
    if (runPython("", "").empty()) GTEST_SKIP() << "no Python with torch: set VISIONLLAMA_PYTHON to one to run this";
    const Scratch scratch;
    ASSERT_FALSE(runPython("make", scratch.path()).empty());
    const std::vector<std::vector<std::string>> conversions{
        {"zip.pth", "out-zip.pth"},
        {"legacy.pth", "out-legacy.pth"},
        {"zip.pth", "out-ema.pth", "--ema"},
        {"legacy.pth", "out-f16.pth", "--dtype", "f16"},
    };
    for (auto arguments : conversions) {
        arguments.insert(arguments.begin(), "convert");
        const Outcome outcome = runProgram(arguments, scratch.path());
        ASSERT_EQ(outcome.code, 0) << outcome.err;
    }
    EXPECT_NE(runPython("check", scratch.path()).find("checked"), std::string::npos);
    const Outcome info = runProgram({"info", "zip.pth"}, scratch.path());
    for (const char* part : {"args.lr = 0.1", "epoch = 5", "model_ema."})
        EXPECT_NE(info.out.find(part), std::string::npos) << part << " in\n" << info.out;
}

}  // namespace
}  // namespace vl::test
