// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cctype>
#include <ostream>

#include <ATen/core/grad_mode.h>

#include "engine/nn/pyramid_backbone.h"
#include "tests/models/table_fill.h"

namespace vl {
namespace {

/// Sizes an input, an output of the published model definitions, and what to change in the preset.
struct Case {
    const char* name;
    const char* preset;
    std::vector<std::int64_t> input;
    void (*change)(ModelSpec& spec);
    test::TableRow row;
};

void PrintTo(const Case& one, std::ostream* out) { *out << one.name; }

void unchanged(ModelSpec&) {}

constexpr const char* kPlain = "vit_llama_rope_small_patch16";
constexpr const char* kPyramid = "pllama_wols_small_patch16";

/// models.md B.2.
const std::vector<Case> kPlainCases{
    {"Plain224",
     kPlain,
     {2, 3, 224, 224},
     unchanged,
     {{-1.490837, 1.092939, 1.868604, 0.355259, 1.458179, 0.085940}, -0.518131, -0.0257623, 41.24842}},
    {"Plain192",
     kPlain,
     {2, 3, 192, 192},
     [](ModelSpec& spec) { spec.imageSize = 192; },
     {{-1.671732, -1.598691, -0.094959, -0.757498, 0.652834, -0.494131}, -1.606571, -0.0037778, 40.30427}},
    {"Plain128AutoScale",
     kPlain,
     {2, 3, 128, 128},
     [](ModelSpec& spec) { spec.imageSize = 128, spec.rope.autoScale = true; },
     {{-0.310239, -1.101430, 0.841924, 1.241961, 0.534455, 0.251955}, 0.659035, -0.0104517, 40.94901}},
    {"PlainFrequenciesOfTheirOwn",
     kPlain,
     {2, 3, 224, 224},
     [](ModelSpec& spec) { spec.rope.sharedOverHeads = false; },
     {{1.564176, 0.869376, -0.540490, -0.093659, 0.328623, -0.031043}, 0.420157, -0.0256463, 40.12645}},
    {"PlainClassTokenAtZero",
     kPlain,
     {2, 3, 224, 224},
     [](ModelSpec& spec) { spec.rope.classTokenPosition = 0; },
     {{-0.284644, 2.081939, 1.072211, -0.491697, 0.861502, 1.028435}, 0.402882, -0.0051904, 41.67530}},
    {"PlainWithoutClassToken",
     kPlain,
     {2, 3, 224, 224},
     [](ModelSpec& spec) { spec.classToken = ClassToken::None; },
     {{0.604072, 1.708794, -1.772810, -0.920492, 1.125679, 0.470435}, 0.323459, -0.0109163, 40.09466}},
    {"PlainAbsolutePositions",
     kPlain,
     {2, 3, 224, 224},
     [](ModelSpec& spec) { spec.absolutePositions = true; },
     {{-0.224905, 0.263415, 0.654556, 0.211596, 2.403462, -0.680685}, -1.159129, -0.0547661, 41.85952}}};

/// models.md B.3, one picture each but the first.
const std::vector<Case> kPyramidCases{
    {"Pyramid224",
     kPyramid,
     {2, 3, 224, 224},
     unchanged,
     {{-0.298322, 1.553848, 0.653188, -0.741304, -0.255157, 0.422481}, -0.969340, -0.0255917, 46.76332}},
    {"PyramidPaddedWindows",
     kPyramid,
     {1, 3, 256, 256},
     unchanged,
     {{-1.899103, 2.532965, -1.627225, -0.486641, -0.013859, 0.890630}, -1.795823, -0.0204217, 32.56097}},
    {"Pyramid224AutoScale",
     kPyramid,
     {1, 3, 224, 224},
     [](ModelSpec& spec) { spec.rope.autoScale = true; },
     {{-0.287906, 1.500067, 0.623126, -0.737280, -0.299791, 0.393668}, -0.891814, -0.0111008, 32.53434}},
    {"Pyramid256AutoScale",
     kPyramid,
     {1, 3, 256, 256},
     [](ModelSpec& spec) { spec.rope.autoScale = true; },
     {{-1.973014, 2.570213, -1.572932, -0.449996, -0.039058, 0.916026}, -1.710847, -0.0209923, 32.56849}},
    {"PyramidLyingAutoScale",
     kPyramid,
     {1, 3, 192, 256},
     [](ModelSpec& spec) { spec.rope.autoScale = true; },
     {{-1.178025, 2.532934, -1.144350, 0.482085, -0.566979, 0.765011}, -1.189520, 0.0002600, 32.62641}},
    {"PyramidNtk",
     kPyramid,
     {1, 3, 224, 224},
     [](ModelSpec& spec) { spec.rope.ntk = 5; },
     {{-0.286888, 1.550164, 0.640993, -0.765065, -0.272251, 0.424271}, -0.905723, -0.0121833, 32.54282}},
    {"PyramidLying",
     kPyramid,
     {1, 3, 192, 256},
     unchanged,
     {{-1.145409, 2.575216, -1.180016, 0.431597, -0.559396, 0.697648}, -1.071536, -0.0017367, 32.66683}},
    {"PyramidStanding",
     kPyramid,
     {1, 3, 256, 192},
     unchanged,
     {{-0.846653, 0.968145, -0.637625, 1.665971, 1.182084, -1.011007}, -1.719710, 0.0080055, 33.41823}}};

class PublishedTable : public ::testing::TestWithParam<Case> {};

TEST_P(PublishedTable, LogitsAreThePublishedOnes) {
    const at::NoGradGuard noGrad;
    ModelSpec spec = findPreset(GetParam().preset);
    GetParam().change(spec);
    const auto model = makeModel(spec);
    test::fillForTables(model->parameters());
    test::expectRow(model->forward(test::tableStream("input", GetParam().input)), GetParam().row);
}

const auto kName = [](const ::testing::TestParamInfo<Case>& info) { return std::string(info.param.name); };
INSTANTIATE_TEST_SUITE_P(Plain, PublishedTable, ::testing::ValuesIn(kPlainCases), kName);
INSTANTIATE_TEST_SUITE_P(Pyramid, PublishedTable, ::testing::ValuesIn(kPyramidCases), kName);

TEST(PyramidTables, FollowThePictureSizeAndNotItsTokenCount) {
    // 192 x 256 and 256 x 192 have equally many tokens; the published code would keep the first one's positions (Q9).
    const at::NoGradGuard noGrad;
    const auto model = makeModel(findPreset(kPyramid));
    test::fillForTables(model->parameters());
    model->forward(test::tableStream("input", {1, 3, 192, 256}));
    test::expectRow(model->forward(test::tableStream("input", {1, 3, 256, 192})), kPyramidCases.back().row);
}

ModelSpec backboneSpec(bool autoScale) {
    ModelSpec spec = findPreset(kPyramid);
    spec.name = "backbone";
    spec.imageSize = 128;
    spec.pyramid.stages = {{16, 2, 1, 256, 8}, {32, 2, 2, 256, 4}, {64, 2, 4, 256, 2}, {128, 2, 8, 512, 1}};
    spec.dim = 128;
    spec.depth = 8;
    spec.heads = 8;
    spec.ffnHidden = 512;
    spec.rope.autoScale = autoScale;
    return spec;
}

std::vector<at::Tensor> stageOutputs(bool autoScale, at::IntArrayRef shape) {
    const at::NoGradGuard noGrad;
    ParameterList parameters;
    PyramidBackbone backbone(parameters, "", backboneSpec(autoScale), /*withNormList=*/true);
    test::fillForTables(parameters.items());
    return backbone.features(test::tableStream("input", shape), {});
}

TEST(PyramidBackbone, StageOutputsOfTheSegmentationBackboneAreThePublishedOnes) {
    const auto scaled = stageOutputs(true, {1, 3, 128, 128});
    ASSERT_EQ(scaled.size(), 4u);
    EXPECT_EQ(scaled[1].sizes().vec(), (std::vector<std::int64_t>{1, 32, 16, 16}));
    test::expectRow(scaled[0], {{1.198219, -1.306109, 2.789945, 0.661834}, -1.577138, 0.0125171, 128.29846});
    test::expectRow(scaled[1], {{-2.263622, -0.895950, -1.297777, 0.432169}, 1.393429, -0.0086023, 90.67470});
    test::expectRow(scaled[2], {{0.781519, 0.506801, 1.105965, 1.902534}, 0.611025, -0.0043831, 63.97649});
    test::expectRow(scaled[3], {{1.146142, 0.340751, 0.021893, 0.433220}, 0.436899, 0.0007552, 44.86945});
    const auto plain = stageOutputs(false, {1, 3, 128, 128});
    test::expectRow(plain[2], {{0.783491, 0.507879, 1.105671, 1.902932}, 0.610090, -0.0043829, 63.97663});
    test::expectRow(plain[3], {{1.145678, 0.344750, 0.020784, 0.438623}, 0.438522, 0.0007521, 44.86954});
}

TEST(PyramidBackbone, StageOutputsOfTheDetectionBackboneAreThePublishedOnes) {
    const auto maps = stageOutputs(true, {1, 3, 128, 160});
    ASSERT_EQ(maps.size(), 4u);
    EXPECT_EQ(maps[3].sizes().vec(), (std::vector<std::int64_t>{1, 128, 4, 5}));
    test::expectRow(maps[0], {{0.996852, -0.572350, 0.733984, 2.107553}, -1.163718, 0.0125172, 143.31111});
    test::expectRow(maps[1], {{-1.618024, -0.111264, 0.039148, -1.478775}, -0.047240, -0.0066322, 101.57529});
    test::expectRow(maps[2], {{-0.610452, 1.208631, 1.030742, 1.498039}, 1.754751, -0.0052471, 71.41388});
    test::expectRow(maps[3], {{-0.621377, -0.158842, -0.413933, 2.294235}, 0.608110, 0.0047044, 50.09740});
}

}  // namespace
}  // namespace vl
