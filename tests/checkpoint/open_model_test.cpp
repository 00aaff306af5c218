// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <ATen/TensorOperators.h>
#include <ATen/ops/full.h>
#include <ATen/ops/zeros.h>

#include "engine/checkpoint/checkpoint.h"
#include "engine/io/checkpoint_metadata.h"
#include "tests/checkpoint/checkpoint_builder.h"
#include "tests/core/expect_error.h"
#include "tests/core/scratch_folder.h"

namespace vl {
namespace {

using test::differing;
using test::expectError;
using test::filledModel;
using test::has;
using test::ScratchFolder;
using Names = std::vector<std::string>;

ModelSpec micro() { return findPreset("illama_micro"); }

TEST(OpenModel, ReadsTrainingCheckpointsOfPyTorch) {
    const ScratchFolder folder;
    const auto model = filledModel(micro());
    auto tensors = test::tensorsOf(*model, "module.");
    test::writePthTensors(folder / "x.pth", tensors, {"model", {{"epoch", std::int64_t{299}}, {"best", 75.0}}});
    const auto opened = openModel(folder / "x.pth");
    EXPECT_EQ(opened->spec().name, "illama_micro");
    EXPECT_TRUE(differing(*opened, *model).empty());

    const auto report = inspectCheckpoint(folder / "x.pth");
    ASSERT_EQ(report.weights.size(), 1u);
    EXPECT_EQ(report.weights[0].prefix, "model.module.");
    EXPECT_TRUE(report.weights[0].chosen);
    ASSERT_EQ(report.scalars.size(), 2u);
    EXPECT_EQ(report.scalars[0].name, "epoch");
    EXPECT_EQ(report.scalars[0].text, "299");
    EXPECT_EQ(report.tensors[0].name, "model.module.cls_token");
    EXPECT_EQ(report.tensors[0].modelName, "cls_token");
    EXPECT_EQ(openCheckpoint(folder / "x.pth").info.epoch, 299);
}

TEST(OpenModel, ConvertsHalfPrecision) {
    const ScratchFolder folder;
    const auto model = filledModel(micro());
    TensorMap halves = stateDict(*model);
    for (auto& [name, tensor] : halves)
        tensor = tensor.to(at::kBFloat16);
    writeTensors(folder / "x.safetensors", halves);
    const auto opened = openModel(folder / "x.safetensors");
    for (const Parameter& parameter : opened->parameters()) {
        EXPECT_EQ(parameter.tensor.scalar_type(), at::kFloat);
        EXPECT_TRUE(parameter.tensor.equal(halves.at(parameter.name).to(at::kFloat))) << parameter.name;
    }
}

TEST(OpenModel, TakesAveragedWeightsWhenAsked) {
    const ScratchFolder folder;
    const auto model = filledModel(micro());
    TensorMap both;
    for (const auto& [name, tensor] : stateDict(*model)) {
        both["model." + name] = tensor;
        both["ema." + name] = tensor * 2;
    }
    writeTensors(folder / "x.safetensors", both);
    CheckpointOptions averaged;
    averaged.averaged = true;
    EXPECT_TRUE(differing(*openModel(folder / "x.safetensors"), *model).empty());
    const auto opened = openModel(folder / "x.safetensors", nullptr, averaged);
    EXPECT_TRUE(opened->parameters()[0].tensor.equal(model->parameters()[0].tensor * 2));
    const auto report = inspectCheckpoint(folder / "x.safetensors", averaged);
    EXPECT_EQ(report.tensors[0].role == TensorRole::Averaged, report.tensors[0].name.starts_with("ema."));
}

TEST(OpenModel, FitsWeightsToAnotherSizeAndAnotherHead) {
    const ScratchFolder folder;
    const auto source = filledModel(micro());
    test::writePthTensors(folder / "x.pth", test::tensorsOf(*source));
    ModelSpec spec = micro();
    spec.imageSize = 48;
    spec.numClasses = 3;
    const auto opened = openModel(folder / "x.pth", &spec);
    const auto start = makeModel(spec);
    start->initialise(0);
    for (std::size_t i = 0; i < opened->parameters().size(); ++i) {
        const Parameter& parameter = opened->parameters()[i];
        at::Tensor expected = source->parameters()[i].tensor;
        if (parameter.name == "pos_embed") expected = resizePositions(expected, 12, ClassToken::Last);
        if (parameter.name.starts_with("head.")) expected = start->parameters()[i].tensor;
        EXPECT_TRUE(parameter.tensor.equal(expected)) << parameter.name;
        EXPECT_TRUE(parameter.tensor.requires_grad());
    }
}

TEST(OpenModel, FillsMissingGammasWithOnes) {
    ModelSpec spec = findPreset("pllama_wols_small_patch16");
    for (PyramidStage& stage : spec.pyramid.stages)
        stage.depth = 2;
    spec.depth = 8;
    std::unique_ptr<Model> source;
    try {
        source = filledModel(spec);
    } catch (const Error&) {
        GTEST_SKIP() << "not in this build";
    }
    TensorMap tensors = stateDict(*source);
    std::erase_if(tensors, [](const auto& entry) { return has(entry.first, "gamma_"); });
    const ScratchFolder folder;
    writeTensors(folder / "x.safetensors", tensors);
    const auto opened = openModel(folder / "x.safetensors");
    for (const Parameter& parameter : opened->parameters()) {
        const bool gamma = has(parameter.name, "gamma_");
        EXPECT_TRUE(
            parameter.tensor.equal(gamma ? at::full(parameter.tensor.sizes(), 1.0) : tensors.at(parameter.name)))
            << parameter.name;
    }
}

// models.md 6.5: the encoder of masked pre-training becomes a classifier with a new norm and head.
TEST(OpenModel, LoadsMaskedPreTrainingIntoTheClassifier) {
    const ModelSpec* masked = nullptr;
    for (const ModelSpec& preset : modelPresets())
        if (preset.family == "mae") masked = masked ? masked : &preset;
    if (!masked) GTEST_SKIP() << "not in this build";
    ModelSpec from = *masked, to = findPreset("vision_llama_base_patch16_mae");
    for (ModelSpec* spec : {&from, &to}) {
        spec->dim = 64;
        spec->heads = 2;
        spec->depth = 2;
        spec->ffnHidden = 256;
        spec->imageSize = 64;
    }
    from.masked.decoderDim = 64;
    from.masked.decoderDepth = 1;
    from.masked.decoderHeads = 2;
    std::unique_ptr<Model> source, start;
    try {
        source = filledModel(from);
        start = makeModel(to);
    } catch (const Error& error) {
        GTEST_SKIP() << error.message();
    }
    start->initialise(0);
    const ScratchFolder folder;
    test::writePthTensors(folder / "x.pth", test::tensorsOf(*source), {"state_dict", {}});
    const auto report = inspectCheckpoint(folder / "x.pth");
    EXPECT_EQ(report.recognition.spec.family, "mae") << report.recognition.explanation;
    const auto opened = openModel(folder / "x.pth", &to);
    const TensorMap given = stateDict(*source), fresh = stateDict(*start);
    for (const auto& [name, tensor] : stateDict(*opened)) {
        const bool isNew = name.starts_with("head.") || name.starts_with("backbone.ln2.");
        at::Tensor expected = isNew ? fresh.at(name) : given.at(name);
        if (name == "backbone.pos_embed") expected = expected.narrow(1, 1, 16);
        EXPECT_TRUE(tensor.equal(expected)) << name;
    }
}

TEST(OpenModel, RefusesWeightsThatAreNotThereAndShapesThatDoNotFit) {
    const ScratchFolder folder;
    const auto model = filledModel(micro());
    TensorMap tensors = stateDict(*model);
    tensors.erase("blocks.1.mlp.fc2.weight");
    tensors["blocks.0.norm1.weight"] = at::zeros({3});
    writeTensors(folder / "x.safetensors", tensors);
    const auto error = expectError(ErrorCode::Mismatch, [&] { openModel(folder / "x.safetensors"); });
    EXPECT_TRUE(has(error.message(), "blocks.1.mlp.fc2.weight is missing")) << error.message();
    EXPECT_TRUE(has(error.message(), "blocks.0.norm1.weight is [3] instead of [128]")) << error.message();
}

TEST(OpenModel, UsesTheDescriptionOfOurOwnFiles) {
    const ScratchFolder folder;
    CheckpointInfo info;
    info.spec = micro();
    info.spec.classToken = ClassToken::First;  // which nobody can see in shapes
    info.alpha = 0.5;
    info.classNames = {"a", "b"};
    const auto model = filledModel(info.spec);
    saveWeights(*model, folder / "x.safetensors", toMetadata(info));
    const auto opened = openCheckpoint(folder / "x.safetensors");
    EXPECT_EQ(opened.info.classNames, info.classNames);
    EXPECT_EQ(opened.model->spec().classToken, ClassToken::First);
    EXPECT_EQ(opened.model->softMask(), 0.5);
    EXPECT_TRUE(differing(*opened.model, *model).empty());
}

TEST(OpenModel, TellsHowFarItIsAndStops) {
    const ScratchFolder folder;
    writeTensors(folder / "x.safetensors", stateDict(*filledModel(micro())));
    std::uint64_t last = 0, total = 0;
    CheckpointOptions options;
    options.statistics = true;
    const auto report = inspectCheckpoint(folder / "x.safetensors", options, [&](const ReadProgress& p) {
        EXPECT_GE(p.doneBytes, last);
        last = p.doneBytes;
        total = p.totalBytes;
        return true;
    });
    EXPECT_TRUE(report.statisticsDone);
    EXPECT_GT(total, 0u);
    EXPECT_EQ(last, total);
    for (const TensorRow& row : report.tensors)
        ASSERT_TRUE(row.statistics) << row.name;
    const auto no = [](const ReadProgress&) { return false; };
    expectError(ErrorCode::Cancelled, [&] { inspectCheckpoint(folder / "x.safetensors", options, no); });
    expectError(ErrorCode::Cancelled, [&] { openModel(folder / "x.safetensors", nullptr, {}, no); });
    expectError(ErrorCode::Cancelled, [&] { readCheckpoint(folder / "x.safetensors", {}, no); });
}

TEST(ReadCheckpoint, GivesTheModelsNames) {
    const ScratchFolder folder;
    const auto model = filledModel(micro());
    TensorMap tensors;
    for (const auto& [name, tensor] : stateDict(*model))
        tensors["backbone." + name] = tensor;
    writeTensors(folder / "x.safetensors", tensors);
    const auto read = readCheckpoint(folder / "x.safetensors");
    EXPECT_EQ(read.report.recognition.spec.name, "illama_micro") << read.report.recognition.explanation;
    EXPECT_TRUE(read.tensors.at("norm.weight").equal(tensors.at("backbone.norm.weight")));
}

}  // namespace
}  // namespace vl
