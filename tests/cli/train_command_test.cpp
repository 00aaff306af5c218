// SPDX-License-Identifier: Apache-2.0
#include <limits>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "engine/api/run_folder.h"
#include "engine/nn/model.h"
#include "engine/nn/weights_file.h"
#include "tests/cli/program.h"

namespace vl::test {
namespace {

TEST(TrainCommand, TrainsResumesAndEvaluates) {
    const Scratch scratch;
    const std::string config = scratch.writeConfig().string();
    const Outcome first = runProgram({"train", config, "--set", "train.max_steps=20", "--out", "run"}, scratch.path());
    ASSERT_EQ(first.code, 0) << first.err;
    EXPECT_NE(first.out.find("finished at step 20 of 20"), std::string::npos) << first.out;
    const auto checkpoints = scratch.path() / "run" / "checkpoints";
    EXPECT_TRUE(std::filesystem::exists(checkpoints / "best.safetensors"));
    EXPECT_EQ(readCheckpointInfo(checkpoints / "last.safetensors").step, 20);

    const Outcome again = runProgram({"train", "--resume", "run", "--set", "train.max_steps=24"}, scratch.path());
    ASSERT_EQ(again.code, 0) << again.err;
    const RunRecord record = readRunFolder(scratch.path() / "run");
    EXPECT_EQ(record.steps.size(), 24u);
    EXPECT_EQ(record.state, RunState::Finished);
    EXPECT_EQ(readCheckpointInfo(checkpoints / "last.safetensors").step, 24);

    const Outcome measured = runProgram({"eval", "run", "--json"}, scratch.path());
    ASSERT_EQ(measured.code, 0) << measured.err;
    const auto answer = nlohmann::json::parse(measured.out);
    EXPECT_EQ(answer.at("images"), 16);
    EXPECT_GE(answer.at("accuracy").get<double>(), 0);
}

TEST(TrainCommand, WithoutOutTheRunsAreNumbered) {
    const Scratch scratch;
    const std::string config = scratch.writeConfig().string();
    for (const char* name : {"small-001", "small-002"}) {
        ASSERT_EQ(runProgram({"train", config, "--set", "train.max_steps=1"}, scratch.path()).code, 0);
        EXPECT_TRUE(isRunFolder(scratch.path() / "runs" / name)) << name;
    }
}

TEST(TrainCommand, AnInterruptWritesACheckpointAndIsASuccess) {
    const Scratch scratch;
    const std::string config = scratch.writeConfig().string();
    const auto metrics = scratch.path() / "run" / "metrics.jsonl";
    const Outcome outcome = interruptProgram({"train", config, "--set", "train.max_steps=100000000", "--out", "run"},
                                             scratch.path(), metrics);
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_NE(outcome.out.find("continue with: visionllama train --resume run"), std::string::npos) << outcome.out;
    const CheckpointInfo saved = readCheckpointInfo(scratch.path() / "run" / "checkpoints" / "last.safetensors");
    EXPECT_GT(saved.step, 0);
    EXPECT_EQ(readRunFolder(scratch.path() / "run").steps.back().step, saved.step);
}

TEST(TrainCommand, DoesNotWriteOverARun) {
    const Scratch scratch;
    const std::string config = scratch.writeConfig().string();
    ASSERT_EQ(runProgram({"train", config, "--set", "train.max_steps=2", "--out", "run"}, scratch.path()).code, 0);
    const Outcome second = runProgram({"train", config, "--set", "train.max_steps=5", "--out", "run"}, scratch.path());
    EXPECT_EQ(second.code, 2);
    EXPECT_NE(second.err.find("already holds a run"), std::string::npos) << second.err;
    EXPECT_EQ(readCheckpointInfo(scratch.path() / "run" / "checkpoints" / "last.safetensors").step, 2);
}

TEST(TrainCommand, ALossThatIsNotANumberFailsWithAdvice) {
    const Scratch scratch;
    ModelSpec spec = findPreset("illama_micro");
    spec.imageSize = 16;
    const auto model = makeModel(spec);
    model->initialise(1);
    for (Parameter& parameter : model->parameters())
        if (parameter.name == "head.bias") parameter.tensor.detach().fill_(std::numeric_limits<double>::infinity());
    saveWeights(*model, scratch.path() / "broken.safetensors");
    const Outcome outcome = runProgram(
        {"train", scratch.writeConfig().string(), "--set", "model.init_from=broken.safetensors", "--out", "run"},
        scratch.path());
    EXPECT_EQ(outcome.code, 1);
    EXPECT_NE(outcome.err.find("visionllama: The loss became not a number at step 1."), std::string::npos)
        << outcome.err;
    EXPECT_NE(outcome.err.find("train.lr"), std::string::npos) << outcome.err;
    const RunRecord record = readRunFolder(scratch.path() / "run");
    EXPECT_EQ(record.state, RunState::Failed);
    EXPECT_TRUE(record.checkpoints.empty());
}

}  // namespace
}  // namespace vl::test
