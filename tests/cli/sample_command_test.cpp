// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <filesystem>

#include "engine/api/data_source.h"
#include "engine/api/run_folder.h"
#include "engine/api/sample_result.h"
#include "engine/core/error.h"
#include "engine/io/checkpoint_metadata.h"
#include "engine/io/npz_file.h"
#include "engine/nn/recorded_fill.h"
#include "engine/nn/weights_file.h"
#include "tests/cli/program.h"

namespace vl::test {
namespace {

namespace fs = std::filesystem;

/// A denoiser of 16 px pictures as a checkpoint of this program.
void writeDenoiser(const fs::path& file, const char* preset = "sitllama_micro") {
    CheckpointInfo info;
    info.spec = findPreset(preset);
    info.spec.name = "small";
    info.spec.dim = 32, info.spec.depth = 1, info.spec.heads = 2, info.spec.ffnHidden = 64, info.spec.imageSize = 16;
    for (int i = 0; i < 10; ++i)
        info.classNames.push_back("kind " + std::to_string(i));
    const auto model = makeModel(info.spec);
    fillRecorded(model->parameters());
    saveWeights(*model, file, toMetadata(info));
}

bool picturesCanBeWritten(const fs::path& folder) {
    try {
        writePng(folder / "probe.png", {1, 1, 1, {0}});
    } catch (const Error&) {
        return false;
    }
    return true;
}

std::vector<std::string> sample(std::vector<std::string> more) {
    std::vector<std::string> all{"sample", "--model", "m.safetensors", "--steps", "2"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

TEST(SampleCommand, WritesAGridThatSaysHowItWasMade) {
    const Scratch scratch;
    if (!picturesCanBeWritten(scratch.path())) GTEST_SKIP() << "this build has no OpenCV";
    writeDenoiser(scratch.path() / "m.safetensors");
    const Outcome first = runProgram(
        sample({"--classes", "kind 3,5", "--vary-rows", "guidance=1,4", "--seed", "7", "--frames", "dir"}), scratch.path());
    ASSERT_EQ(first.code, 0) << first.err;
    EXPECT_NE(first.out.find("2 x 2 samples of small"), std::string::npos) << first.out;
    const SampleRecord record = recordFromPicture(scratch.path() / "grid.png");
    EXPECT_EQ(record.grid.rowLabels, (std::vector<std::string>{"guidance 1", "guidance 4"}));
    EXPECT_EQ(record.grid.columnLabels, (std::vector<std::string>{"kind 3", "kind 5"}));
    EXPECT_EQ(record.modelHash.size(), 12u);
    EXPECT_TRUE(fs::exists(scratch.path() / "grid-frames" / "step-00000.png"));
    EXPECT_TRUE(fs::exists(scratch.path() / "grid-frames" / "step-00002.png"));

    const Outcome again = runProgram({"sample", "--like", "grid.png", "--out", "again.png"}, scratch.path());
    ASSERT_EQ(again.code, 0) << again.err;
    EXPECT_EQ(readImage(scratch.path() / "grid.png").pixels, readImage(scratch.path() / "again.png").pixels);
}

TEST(SampleCommand, NeverReplacesWithoutBeingTold) {
    const Scratch scratch;
    if (!picturesCanBeWritten(scratch.path())) GTEST_SKIP() << "this build has no OpenCV";
    writeDenoiser(scratch.path() / "m.safetensors");
    scratch.write("grid.png", "mine");
    const Outcome refused = runProgram(sample({"--classes", "1"}), scratch.path());
    EXPECT_EQ(refused.code, 2);
    EXPECT_NE(refused.err.find("--force"), std::string::npos);
    EXPECT_EQ(fs::file_size(scratch.path() / "grid.png"), 4u);
    EXPECT_EQ(runProgram(sample({"--classes", "1", "--force"}), scratch.path()).code, 0);
    EXPECT_GT(fs::file_size(scratch.path() / "grid.png"), 4u);
    EXPECT_FALSE(fs::exists(scratch.path() / "grid-2.png"));
}

TEST(SampleCommand, StreamsSinglesIntoAnArchive) {
    const Scratch scratch;
    writeDenoiser(scratch.path() / "m.safetensors", "ditllama_micro");
    const Outcome made =
        runProgram(sample({"--classes", "0-2", "--count", "7", "--batch", "3", "--npz", "s.npz"}), scratch.path());
    ASSERT_EQ(made.code, 0) << made.err;
    const NpzFile file = NpzFile::open(scratch.path() / "s.npz");
    ASSERT_NE(file.find("arr_0"), nullptr);
    ASSERT_NE(file.find("arr_1"), nullptr);
    EXPECT_EQ(file.find("arr_0")->shape, (std::vector<std::int64_t>{7, 16, 16, 3}));
    const auto labels = file.read(*file.find("arr_1"));
    EXPECT_EQ(static_cast<int>(labels[8 * 4]), 1);  // the fifth: 0 1 2 0 1
    // The same series in other batches.
    ASSERT_EQ(runProgram(sample({"--classes", "0-2", "--count", "7", "--batch", "7", "--npz", "t.npz"}), scratch.path()).code, 0);
    const NpzFile other = NpzFile::open(scratch.path() / "t.npz");
    EXPECT_EQ(file.read(*file.find("arr_0")), other.read(*other.find("arr_0")));
}

TEST(SampleCommand, SaysWhatIsWrongInOneLine) {
    const Scratch scratch;
    writeDenoiser(scratch.path() / "m.safetensors");
    for (const auto& wrong : std::vector<std::vector<std::string>>{{"--classes", "kind 12"},
                                                                    {"--sampler", "ddim"},
                                                                    {"--sampler", "oiler"},
                                                                    {"--grid", "3"},
                                                                    {"--vary-rows", "colour=1"},
                                                                    {"--count", "5"},
                                                                    {"--npz", "a.npz"}}) {
        const Outcome outcome = runProgram(sample(wrong), scratch.path());
        EXPECT_EQ(outcome.code, 2) << wrong[0] << outcome.err;
        EXPECT_EQ(outcome.errorLines(), 1) << outcome.err;
        EXPECT_FALSE(fs::exists(scratch.path() / "grid.png"));
    }
}

}  // namespace
}  // namespace vl::test
