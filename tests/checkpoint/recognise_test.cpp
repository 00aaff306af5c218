// SPDX-License-Identifier: Apache-2.0
// Every preset of the registry, as a file of nothing but its names and shapes.
#include <gtest/gtest.h>

#include <algorithm>

#include "engine/checkpoint/checkpoint.h"
#include "tests/checkpoint/checkpoint_builder.h"
#include "tests/core/expect_error.h"
#include "tests/core/scratch_folder.h"

namespace vl {
namespace {

using test::NamesAndShapes;
using test::ScratchFolder;

NamesAndShapes shapesOf(const ModelSpec& spec) {
    try {
        return test::namesOf(describeParameters(spec));
    } catch (const Error& error) {
        if (error.code() != ErrorCode::Unsupported) throw;
        return {};  // a row whose model is not part of this build
    }
}

Recognition recognised(const std::filesystem::path& file) { return inspectCheckpoint(file).recognition; }

/// Renames and reshapes of a list, for hand-made variants.
template <typename Change>
NamesAndShapes changed(NamesAndShapes list, Change&& change) {
    NamesAndShapes kept;
    for (auto& row : list)
        if (change(row)) kept.push_back(row);
    return kept;
}

class EveryPreset : public testing::TestWithParam<ModelSpec> {};

TEST_P(EveryPreset, IsRecognisedFromNamesAndShapes) {
    const ModelSpec& spec = GetParam();
    const auto shapes = shapesOf(spec);
    if (shapes.empty()) GTEST_SKIP() << "not in this build";
    const ScratchFolder folder;
    const auto r = recognised(test::writeHollow(folder / "weights.safetensors", shapes));
    EXPECT_TRUE(r.known);
    EXPECT_TRUE(r.preset) << r.explanation;
    EXPECT_EQ(r.confidence, 1) << r.explanation;
    EXPECT_TRUE(r.missing.empty() && r.unexpected.empty() && r.differences.empty());
    EXPECT_EQ(shapesOf(r.spec), shapes) << r.spec.name;
    EXPECT_EQ(r.spec.imageSize, spec.imageSize);
    EXPECT_EQ(r.spec.heads, spec.heads);

    // Where two presets share their shapes, the file's name tells them apart.
    auto name = spec.name;
    std::replace(name.begin(), name.end(), '/', '-');
    EXPECT_EQ(recognised(test::writeHollow(folder / (name + ".safetensors"), shapes)).spec.name, spec.name);
}

INSTANTIATE_TEST_SUITE_P(Registry, EveryPreset, testing::ValuesIn(modelPresets().begin(), modelPresets().end()),
                         [](const auto& param) {
                             auto name = param.param.name;
                             for (char& c : name)
                                 if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
                             return name + "_" + std::to_string(param.index);
                         });

TEST(Recognition, ReadsSizesNoPresetHas) {
    ModelSpec spec = findPreset("illama_micro");
    spec.dim = 192;
    spec.heads = 3;
    spec.depth = 2;
    spec.ffnHidden = 320;
    spec.numClasses = 7;
    spec.imageSize = 24;
    const ScratchFolder folder;
    const auto r = recognised(test::writeHollow(folder / "x.safetensors", shapesOf(spec)));
    EXPECT_TRUE(r.known);
    EXPECT_FALSE(r.preset);
    EXPECT_EQ(r.confidence, 1);
    EXPECT_EQ(r.spec.family, "illama");
    EXPECT_EQ(r.spec.heads, 3);
    EXPECT_EQ(r.spec.ffnHidden, 320);
    EXPECT_EQ(r.spec.numClasses, 7);
    EXPECT_EQ(r.spec.imageSize, 24);
    EXPECT_TRUE(test::has(r.explanation, "no preset")) << r.explanation;
}

TEST(Recognition, KeepsThePresetsNameForOtherClassesAndSizes) {
    ModelSpec spec = findPreset("illama_tiny");
    spec.numClasses = 10'450;
    spec.imageSize = 384;
    const ScratchFolder folder;
    const auto r = recognised(test::writeHollow(folder / "x.safetensors", shapesOf(spec)));
    EXPECT_EQ(r.spec.name, "illama_tiny");
    EXPECT_EQ(r.spec.numClasses, 10'450);
    EXPECT_EQ(r.spec.imageSize, 384);
    EXPECT_TRUE(std::any_of(r.notes.begin(), r.notes.end(), [](const auto& n) { return test::has(n, "10,450"); }));
}

TEST(Recognition, SaysWhatIsMissingAndExtra) {
    auto shapes = shapesOf(findPreset("illama_micro"));
    shapes = changed(shapes, [](auto& row) { return row.first != "norm.weight"; });
    shapes.emplace_back("extra.weight", std::vector<std::int64_t>{3});
    const ScratchFolder folder;
    const auto r = recognised(test::writeHollow(folder / "x.safetensors", shapes));
    EXPECT_EQ(r.spec.name, "illama_micro");
    EXPECT_EQ(r.missing, std::vector<std::string>{"norm.weight"});
    EXPECT_EQ(r.unexpected, std::vector<std::string>{"extra.weight"});
    const auto n = static_cast<double>(shapes.size());
    EXPECT_DOUBLE_EQ(r.confidence, (n - 1) / (n + 1));
}

TEST(Recognition, FillsGammasAPyramidWasSavedWithout) {
    const auto shapes = changed(shapesOf(findPreset("pllama_wols_small_patch16")),
                                [](auto& row) { return row.first.find("gamma_") == std::string::npos; });
    if (shapes.empty()) GTEST_SKIP() << "not in this build";
    const ScratchFolder folder;
    const auto r = recognised(test::writeHollow(folder / "x.safetensors", shapes));
    EXPECT_EQ(r.spec.name, "pllama_wols_small_patch16");
    EXPECT_TRUE(r.missing.empty());
    ASSERT_FALSE(r.differences.empty());
    EXPECT_EQ(r.differences[0].remedy, "filled with 1");
}

TEST(Recognition, ComparesWithAPresetOnRequest) {
    ModelSpec spec = findPreset("illama_tiny");
    spec.imageSize = 384;
    spec.numClasses = 21;
    const ScratchFolder folder;
    CheckpointOptions options;
    options.preset = "illama_tiny";
    const auto file = test::writeHollow(folder / "x.safetensors", shapesOf(spec));
    const auto r = inspectCheckpoint(file, options).recognition;
    ASSERT_EQ(r.differences.size(), 3u);
    EXPECT_EQ(r.differences[0].name, "pos_embed");
    EXPECT_EQ(r.differences[0].remedy, "resized from 24 x 24 to 14 x 14");
    EXPECT_EQ(r.differences[1].name, "head.weight");
    EXPECT_EQ(r.differences[1].remedy, "new head");
    options.preset = "no_such";
    test::expectError(ErrorCode::NotFound, [&] { inspectCheckpoint(file, options); });
}

TEST(Recognition, KnowsLanguageModelsAsSuch) {
    const ScratchFolder folder;
    const NamesAndShapes shapes{{"model.embed_tokens.weight", {10, 8}},
                                {"model.layers.0.self_attn.q_proj.weight", {8, 8}},
                                {"model.layers.0.mlp.gate_proj.weight", {12, 8}},
                                {"model.layers.1.mlp.gate_proj.weight", {12, 8}},
                                {"lm_head.weight", {10, 8}}};
    const auto file = test::writeHollow(folder / "x.safetensors", shapes);
    const auto r = recognised(file);
    EXPECT_FALSE(r.known);
    EXPECT_EQ(r.naming, "LLaMA");
    EXPECT_TRUE(test::has(r.explanation, "2 layers of width 8")) << r.explanation;
    const auto error = test::expectError(ErrorCode::Mismatch, [&] { openModel(file); });
    EXPECT_TRUE(test::has(error.message(), "language model"));
}

TEST(Recognition, TellsWhatItDoesNotKnow) {
    const ScratchFolder folder;
    const auto file =
        test::writeHollow(folder / "x.safetensors", {{"conv1.weight", {64, 3, 7, 7}}, {"fc.weight", {10, 64}}});
    const auto report = inspectCheckpoint(file);
    EXPECT_FALSE(report.recognition.known);
    EXPECT_FALSE(report.recognition.explanation.empty());
    EXPECT_EQ(report.tensors.size(), 2u);
    test::expectError(ErrorCode::Mismatch, [&] { openModel(file); });
}

}  // namespace
}  // namespace vl
