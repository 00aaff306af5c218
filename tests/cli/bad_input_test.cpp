// SPDX-License-Identifier: Apache-2.0
// Every kind of bad input ends in one line with a hint and the right exit code, and nothing that was there is lost.
#include <fstream>

#include <gtest/gtest.h>

#include "engine/api/run_folder.h"
#include "tests/cli/program.h"

namespace vl::test {
namespace {

void expectOneLine(const Outcome& outcome, int code, const std::string& mentions, const std::string& hint) {
    EXPECT_EQ(outcome.code, code) << outcome.err;
    EXPECT_EQ(outcome.errorLines(), 1) << outcome.err;
    EXPECT_EQ(outcome.err.rfind("visionllama: ", 0), 0u) << outcome.err;
    EXPECT_NE(outcome.err.find(mentions), std::string::npos) << outcome.err;
    EXPECT_NE(outcome.err.find(hint), std::string::npos) << outcome.err;
}

/// A checkpoint of the small model, trained for one step.
std::string checkpoint(const Scratch& scratch) {
    const Outcome trained = runProgram(
        {"train", scratch.writeConfig().string(), "--set", "train.max_steps=1", "--out", "run"}, scratch.path());
    EXPECT_EQ(trained.code, 0) << trained.err;
    return (scratch.path() / "run" / "checkpoints" / "last.safetensors").string();
}

TEST(BadInput, MissingFiles) {
    const Scratch scratch;
    expectOneLine(runProgram({"train", "nowhere.toml"}, scratch.path()), 1, "nowhere.toml", ".");
    expectOneLine(runProgram({"eval", "nowhere.safetensors"}, scratch.path()), 1, "nowhere.safetensors",
                  "Check the path");
    expectOneLine(runProgram({"train", "--resume", "nowhere"}, scratch.path()), 1, "nowhere", "run");
    EXPECT_FALSE(std::filesystem::exists(scratch.path() / "runs"));
}

TEST(BadInput, AMissingPicture) {
    const Scratch scratch;
    const std::string model = checkpoint(scratch);
    expectOneLine(runProgram({"predict", "nowhere.png", "--model", model}, scratch.path()), 1, "nowhere.png", ".");
}

TEST(BadInput, ATextFileNamedPng) {
    const Scratch scratch;
    const std::string model = checkpoint(scratch);
    scratch.write("words.png", "This is no picture.\n");
    expectOneLine(runProgram({"predict", "words.png", "--model", model}, scratch.path()), 1, "words.png", ".");
    expectOneLine(runProgram({"inspect", "words.png", "--model", model, "--out", "map.png"}, scratch.path()), 1,
                  "words.png", ".");
    EXPECT_FALSE(std::filesystem::exists(scratch.path() / "map.png"));
}

TEST(BadInput, ATruncatedGzip) {
    const Scratch scratch;
    const std::string config = scratch.writeConfig().string();
    std::filesystem::remove(scratch.path() / "data" / "train-images-idx3-ubyte");
    scratch.write("data/train-images-idx3-ubyte.gz",
                  std::string("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xed\xc1", 12));
    const Outcome outcome = runProgram({"train", config, "--set", "train.max_steps=1", "--out", "run"}, scratch.path());
    expectOneLine(outcome, 1, "train-images-idx3-ubyte.gz", ".");
    EXPECT_FALSE(isRunFolder(scratch.path() / "run"));
}

TEST(BadInput, AnUnknownKeyNamesTheNearestOne) {
    const Scratch scratch;
    const std::string config = scratch.writeConfig("[train_]\nlr = 1\n").string();
    expectOneLine(runProgram({"train", config}, scratch.path()), 2, "config.toml", "train");
    const std::string good = scratch.writeConfig().string();
    expectOneLine(runProgram({"train", good, "--set", "train.lrr=1"}, scratch.path()), 2, "train.lrr", "train.lr");
    expectOneLine(runProgram({"train", good, "--set", "train.lr"}, scratch.path()), 2, "key=value", "train.lr=1e-3");
    expectOneLine(runProgram({"train", good, "--set", "train.lr=fast"}, scratch.path()), 2, "train.lr", ".");
}

TEST(BadInput, ACheckpointOfAnotherShape) {
    const Scratch scratch;
    const std::string model = checkpoint(scratch);
    const Outcome forward = runProgram({"forward", "--model", "illama_micro", "--num-classes", "7", "--image-size",
                                        "16", "--weights", model, "--input", model, "--output", "out.safetensors"},
                                       scratch.path());
    EXPECT_EQ(forward.code, 1);
    EXPECT_EQ(forward.errorLines(), 1) << forward.err;
    EXPECT_FALSE(std::filesystem::exists(scratch.path() / "out.safetensors"));
    const Outcome start =
        runProgram({"train", scratch.writeConfig().string(), "--set", "model.preset=illama_tiny_fmnist", "--set",
                    "model.init_from=" + model, "--set", "train.max_steps=1", "--out", "other"},
                   scratch.path());
    expectOneLine(start, 1, "", ".");
    EXPECT_FALSE(isRunFolder(scratch.path() / "other"));
    EXPECT_EQ(readCheckpointInfo(model).step, 1);
}

TEST(BadInput, ACheckpointThatIsCutOff) {
    const Scratch scratch;
    const std::string model = checkpoint(scratch);
    std::filesystem::resize_file(model, 1000);
    expectOneLine(runProgram({"eval", model}, scratch.path()), 1, "last.safetensors", ".");
}

TEST(BadInput, WrongUsage) {
    const Scratch scratch;
    expectOneLine(runProgram({}, scratch.path()), 2, "subcommand", "visionllama --help");
    expectOneLine(runProgram({"dance"}, scratch.path()), 2, "", "--help");
    expectOneLine(runProgram({"train"}, scratch.path()), 2, "--project", "visionllama train --help");
    expectOneLine(runProgram({"train", "--project", "no-such-project"}, scratch.path()), 1, "no-such-project", ".");
    expectOneLine(runProgram({"bench", "--model", "illama_micro", "--precision", "fp7"}, scratch.path()), 2, "fp7",
                  "--help");
}

}  // namespace
}  // namespace vl::test
