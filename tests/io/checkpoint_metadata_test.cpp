// SPDX-License-Identifier: Apache-2.0
#include "engine/io/checkpoint_metadata.h"

#include <gtest/gtest.h>

#include "engine/core/random.h"
#include "engine/io/safetensors.h"
#include "tests/core/expect_error.h"
#include "tests/core/scratch_folder.h"

namespace vl {
namespace {

using test::expectError;
using test::ScratchFolder;

CheckpointInfo sample() {
    CheckpointInfo info;
    info.spec = findPreset("illama_micro");
    info.spec.classToken = ClassToken::First;
    info.spec.alpha = 0.25;
    info.classNames = {"T-shirt/top", "na\xc3\xafve \"quoted\""};
    info.step = 4212;
    info.epoch = 4.491257;
    info.accuracy = 0.9012;
    info.alpha = 0.125;
    info.mean = 0.286;
    info.std = 0.353;
    info.dataset = "fashion-mnist";
    return info;
}

TEST(CheckpointMetadata, RoundTripsThroughAFile) {
    const ScratchFolder folder;
    const auto info = sample();
    writeSafetensors(folder / "a.safetensors", {}, toMetadata(info));
    const auto again = readCheckpointInfo(folder / "a.safetensors");
    EXPECT_EQ(again.file, folder / "a.safetensors");
    EXPECT_EQ(toMetadata(again), toMetadata(info));
    EXPECT_EQ(again.spec.dim, info.spec.dim);
    EXPECT_EQ(again.spec.classToken, ClassToken::First);
    EXPECT_EQ(again.classNames, info.classNames);
    EXPECT_EQ(again.step, 4212);
    EXPECT_EQ(again.accuracy, 0.9012);
}

TEST(CheckpointMetadata, SaysWhenAFileIsNoCheckpointOfOurs) {
    const ScratchFolder folder;
    writeSafetensors(folder / "a.safetensors", {}, {{"format", "pt"}});
    const auto error = expectError(ErrorCode::BadFile, [&] { readCheckpointInfo(folder / "a.safetensors"); });
    EXPECT_TRUE(test::has(error.message(), "a.safetensors"));
}

TEST(CheckpointMetadata, RefusesImpossibleValues) {
    const auto refuse = [](const std::string& key, const std::string& value) {
        auto metadata = toMetadata(sample());
        metadata[key] = value;
        expectError(ErrorCode::BadFile, [&] { fromMetadata(metadata, "x.safetensors"); });
    };
    refuse("visionllama.step", "-1");
    refuse("visionllama.step", "1e3");
    refuse("visionllama.std", "0");
    refuse("visionllama.mean", "nan");
    refuse("visionllama.classes", "{}");
    refuse("visionllama.classes", "[1]");
    refuse("visionllama.spec", "{}");
    refuse("visionllama.spec", "[");
    const auto spec = toMetadata(sample()).at("visionllama.spec");
    const auto with = [&](const std::string& from, const std::string& to) {
        auto changed = spec;
        const auto at = changed.find(from);
        EXPECT_NE(at, std::string::npos) << from << " in " << spec;
        refuse("visionllama.spec", changed.replace(at, from.size(), to));
    };
    with("\"dim\":", "\"dim\":0,\"was\":");
    with("\"heads\":", "\"heads\":7777777,\"was\":");
    with("\"depth\":", "\"depth\":\"12\",\"was\":");
    with("\"class_token\":\"first\"", "\"class_token\":\"middle\"");
}

TEST(CheckpointMetadata, KeepsTheOptionsOfEveryFamily) {
    auto info = sample();
    info.spec = findPreset("pllama_wols_small_patch16");
    info.spec.imageSize = 256;
    info.spec.rope.autoScale = true;
    info.spec.rope.ntk = 5;
    info.spec.pyramid.normAfterStage = true;
    info.spec.masked.maskRatio = 0.6;
    info.spec.diffusion.learnSigma = false;
    info.spec.segment.outLayers = {3, 5, 7, 11};
    info.spec.detect.windowBlocks = {0, 1};
    info.spec.detect.globalReduction = "conv";
    info.spec.autoencoder.multipliers = {1, 2, 4, 4};
    const auto again = fromMetadata(toMetadata(info), "x.safetensors");
    EXPECT_EQ(toMetadata(again), toMetadata(info));
    ASSERT_EQ(again.spec.pyramid.stages.size(), 4u);
    EXPECT_EQ(again.spec.pyramid.stages[2].depth, 10);
    EXPECT_EQ(again.spec.pyramid.stages[1].reduction, 4);
    EXPECT_EQ(again.spec.classToken, ClassToken::None);
    EXPECT_FALSE(again.spec.absolutePositions);
    EXPECT_TRUE(again.spec.layerScale);
    EXPECT_EQ(again.spec.rope.ntk, 5);
    EXPECT_EQ(again.spec.segment.outLayers, (std::vector<int>{3, 5, 7, 11}));
    EXPECT_EQ(again.spec.detect.globalReduction, "conv");
}

/// Written before any model had options: only the fields of that time.
TEST(CheckpointMetadata, ReadsFilesFromBeforeTheOptions) {
    const std::string spec = R"({"alpha":0.0,"citation":"","class_token":"last","depth":4,"dim":128,"family":"illama",)"
                             R"("ffn_hidden":256,"heads":4,"image_size":32,"in_channels":1,"name":"illama_micro",)"
                             R"("norm_eps":1e-06,"note":"","num_classes":10,"patch_size":4,"rope_theta":10000.0})";
    const auto info = fromMetadata({{"visionllama.spec", spec}}, "old.safetensors");
    EXPECT_EQ(info.spec.dim, 128);
    EXPECT_TRUE(info.spec.absolutePositions);
    EXPECT_FALSE(info.spec.layerScale);
    EXPECT_TRUE(info.spec.pyramid.stages.empty());
    EXPECT_EQ(toMetadata(info).at("visionllama.spec"), spec);  // a simple model's description did not grow
}

TEST(CheckpointMetadata, RefusesImpossibleOptions) {
    for (const char* options : {R"("rope":1)", R"("rope":{"ntk":"much"})", R"("pyramid":{"stages":{}})",
                                R"("pyramid":{"stages":[{"dim":-4}]})", R"("pyramid":{"stages":[{"dim":64}]})",
                                R"("pyramid":{"window":-1})", R"("segment":{"out_layers":[99999999]})",
                                R"("layout":{"layer_scale":1})", R"("diffusion":{"class_dropout":1e999})"}) {
        auto metadata = toMetadata(sample());
        auto& spec = metadata["visionllama.spec"];
        spec = "{" + std::string(options) + "," + spec.substr(1);
        expectError(ErrorCode::BadFile, [&] { fromMetadata(metadata, "x.safetensors"); });
    }
}

TEST(CheckpointMetadata, SurvivesDamagedText) {
    const RandomStream random(9, 0);
    for (std::uint64_t round = 0; round < 2000; ++round) {
        auto metadata = toMetadata(sample());
        auto entry = std::next(metadata.begin(), static_cast<std::ptrdiff_t>(random.below(8 * round, metadata.size())));
        for (std::uint64_t i = 0; i < 2 && !entry->second.empty(); ++i)
            entry->second[random.below(8 * round + 2 * i + 1, entry->second.size())] = static_cast<char>(random.bits(8 * round + 2 * i + 2));
        test::survives([&] { fromMetadata(metadata, "x.safetensors"); });
    }
}

}  // namespace
}  // namespace vl
