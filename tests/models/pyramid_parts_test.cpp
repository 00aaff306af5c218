// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/eye.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

#include "engine/core/error.h"
#include "engine/nn/pyramid_stages.h"
#include "engine/nn/recorded_fill.h"

namespace vl {
namespace {

/// The small pyramid with heads of eight channels, so that a table has the four columns of the worked numbers.
ModelSpec narrowHeads() {
    ModelSpec spec = findPreset("pllama_wols_small_patch16");
    for (PyramidStage& stage : spec.pyramid.stages)
        stage.heads = stage.dim / 8;
    return spec;
}

void expectAngles(const RopeTable& table, std::int64_t row, const std::vector<double>& angles) {
    for (std::size_t i = 0; i < angles.size(); ++i) {
        const auto column = static_cast<std::int64_t>(i);
        EXPECT_NEAR(table.cosine[row][column].item<double>(), std::cos(angles[i]), 3e-5) << "pair " << i;
        EXPECT_NEAR(table.sine[row][column].item<double>(), std::sin(angles[i]), 3e-5) << "pair " << i;
    }
}

TEST(PyramidTables, KeysCountColumnsByTheFullWidth) {  // Q5, Q6 and the table of models.md 2.4
    const ModelSpec spec = narrowHeads();
    const RopeTable first = rotaryTables(spec, 0, {56, 56}).key;
    ASSERT_EQ(first.cosine.sizes().vec(), (std::vector<std::int64_t>{49, 4}));
    expectAngles(first, 48, {384.875, 0.875, 3.84875, 0.00875});
    expectAngles(first, 8, {64.875, 0.875});
    expectAngles(first, 0, {0.875, 0.875});
    expectAngles(rotaryTables(spec, 1, {28, 28}).key, 48, {80.75, 4.75});
    expectAngles(rotaryTables(spec, 2, {14, 14}).key, 48, {12.5, 6.5});
    expectAngles(rotaryTables(spec, 3, {7, 7}).key, 48, {6, 6});
}

TEST(PyramidTables, ScaleIsRelativeToTheStage) {  // Q7
    ModelSpec spec = narrowHeads();
    spec.rope.autoScale = true;
    const StageTables first = rotaryTables(spec, 0, {56, 56});
    expectAngles(first.query, 55, {13.75, 0});
    expectAngles(first.key, 48, {96.21875, 0.21875});
    expectAngles(rotaryTables(spec, 3, {7, 7}).query, 6, {12, 0});
    expectAngles(first.window, 48, {6, 6});  // never scaled
}

TEST(PyramidTables, NtkSlowsTheQueriesAlone) {  // Q8
    ModelSpec spec = narrowHeads();
    spec.rope.autoScale = true;  // forced to 1
    spec.rope.ntk = 5;
    const StageTables tables = rotaryTables(spec, 0, {56, 56});
    expectAngles(tables.query, 55, {55, 0, 55 / std::sqrt(50000.0), 0});
    expectAngles(tables.key, 0, {0.875, 0.875, 0.00875, 0.00875});
}

TEST(LocalAttention, PaddedPlacesTakePartInTheSoftmax) {  // Q10
    const at::NoGradGuard noGrad;
    ParameterList parameters;
    const LocalAttention attention(parameters, "attn", 4, 1, 7);
    const auto items = parameters.items();
    ASSERT_EQ(items[0].name, "attn.qkv.weight");
    items[0].tensor.narrow(0, 8, 4).copy_(at::eye(4));  // values are the tokens, queries and keys nothing
    items[2].tensor.copy_(at::eye(4));
    const at::Tensor x = recordedInput({1, 64, 4});
    const StageTables tables{ropeTableIdentity(49, 4), {}, {}};
    const ForwardOptions options;
    for (const AttentionKind kind : {AttentionKind::Explicit, AttentionKind::Fused}) {
        const StageContext context{{8, 8}, tables, options, kind};
        const at::Tensor corner = attention.forward(x, 0, context).select(1, 63);
        EXPECT_LE((corner - x.select(1, 63) / 49).abs().max().item<double>(), 1e-7);
    }
    items[0].tensor.narrow(0, 0, 8).copy_(at::cat({at::eye(4), at::eye(4)}));
    const StageContext context{{8, 8}, tables, options, AttentionKind::Fused};
    const double score = x.select(1, 63).square().sum().item<double>() / 2;
    const double weight = std::exp(score) / (std::exp(score) + 48);
    const at::Tensor corner = attention.forward(x, 0, context).select(1, 63);
    EXPECT_LE((corner - weight * x.select(1, 63)).abs().max().item<double>(), 1e-6);
}

TEST(TokenGrid, WindowsComeRowByRowAndGoBack) {
    const at::Tensor x = at::arange(2 * 3 * 4, at::kFloat).view({2, 12, 1});
    const WindowGrid windows{{3, 4}, 2};
    const at::Tensor parts = toWindows(x, windows);
    ASSERT_EQ(parts.sizes().vec(), (std::vector<std::int64_t>{8, 4, 1}));
    EXPECT_TRUE(parts[1].flatten().equal(at::tensor({2.f, 3.f, 6.f, 7.f})));
    EXPECT_TRUE(parts[2].flatten().equal(at::tensor({8.f, 9.f, 0.f, 0.f})));  // past the lower edge
    EXPECT_TRUE(fromWindows(parts, windows).equal(x));
}

TEST(TokenGrid, MergedSquaresAreTheStridedConvolution) {
    const at::NoGradGuard noGrad;
    ParameterList parameters;
    const Conv2d conv(parameters, "conv", 3, 5, {.kernel = 2, .stride = 2});
    fillRecorded(parameters.items());
    const at::Tensor x = recordedInput({2, 4 * 6, 3});
    const at::Tensor expected = mapToTokens(conv(tokensToMap(x, {4, 6})));
    EXPECT_LE((mergeSquares(x, {4, 6}, conv.weight, conv.bias) - expected).abs().max().item<double>(), 1e-6);
}

TEST(StageLayer, CountsThroughAllStages) {
    const ModelSpec& spec = findPreset("pllama_wols_small_patch16");
    EXPECT_EQ(pyramidLayers(spec.pyramid), 18);
    EXPECT_EQ(stageLayer(spec.pyramid, 3).stage, 1);
    EXPECT_FALSE(stageLayer(spec.pyramid, 3).local());
    EXPECT_EQ(stageLayer(spec.pyramid, 14).stage, 3);
    EXPECT_TRUE(stageLayer(spec.pyramid, 14).local());
    EXPECT_THROW(stageLayer(spec.pyramid, 18), Error);
}

TEST(PyramidGeometry, SaysHowWindowsAndPooledKeysLie) {
    const ModelSpec& spec = findPreset("pllama_wols_small_patch16");
    const auto grids = stageGrids(spec, 256, 320);
    const AttentionGeometry local = pyramidGeometry(spec, 0, grids), global = pyramidGeometry(spec, 1, grids);
    EXPECT_EQ(local.queryRows, 64);
    EXPECT_EQ(local.queryCols, 80);
    EXPECT_EQ(local.window, 7);
    EXPECT_EQ(local.windowRows, 10);
    EXPECT_EQ(local.windowCols, 12);
    EXPECT_EQ(global.window, 0);
    EXPECT_EQ(global.keyStep, 8);
    EXPECT_EQ(global.keyRows, 8);
    EXPECT_EQ(global.keyCols, 10);
    EXPECT_EQ(pyramidGeometry(spec, 17, grids).pixelsPerPatch, 32);
}

TEST(LayerNormEps, TheFamiliesDifferVisibly) {  // Q13
    const at::NoGradGuard noGrad;
    const at::Tensor x = at::tensor({0.f, 0.002f});
    for (const auto& [preset, expected] :
         {std::pair{"vit_llama_rope_small_patch16", 0.707107}, std::pair{"pllama_wols_small_patch16", 0.301511}}) {
        const at::Tensor y = layerNormWithoutAffine(x, findPreset(preset).normEps);
        EXPECT_NEAR(y[1].item<double>(), expected, 1e-6) << preset;
        EXPECT_NEAR(y[0].item<double>(), -expected, 1e-6) << preset;
    }
}

TEST(DropPath, IsConstantInThePlainModelAndLinearInTheOthers) {  // Q16
    const at::NoGradGuard noGrad;
    for (const auto& [preset, acts] :
         {std::pair{"vit_llama_rope_small_patch16", true}, std::pair{"deit_tiny_patch16_224", false}}) {
        ModelSpec spec = findPreset(preset);
        spec.depth = 1;  // the first layer's rate is 0 under the linear rule
        spec.imageSize = 32;
        const auto model = makeModel(spec);
        fillRecorded(model->parameters());
        model->setDropPath(0.9);
        const at::Tensor input = recordedInput({8, 3, 32, 32});
        EXPECT_EQ(!model->forward(input, {.training = true}).equal(model->forward(input)), acts) << preset;
    }
}

TEST(Initialisation, PyramidsDrawTheirConvolutionsByFanOut) {
    const auto model = makeModel(findPreset("pllama_wols_small_patch16"));
    model->initialise(3);
    for (const Parameter& parameter : model->parameters()) {
        if (parameter.name == "blocks.0.1.attn.sr.weight") {
            EXPECT_NEAR(parameter.tensor.std().item<double>(), std::sqrt(2.0 / (64 * 64)), 2e-4);
        } else if (parameter.name == "blocks.0.0.attn.qkv.weight") {
            EXPECT_NEAR(parameter.tensor.std().item<double>(), 0.02, 5e-4);
        } else if (parameter.name.find("gamma_") != std::string::npos) {  // though the preset is called "wols" (Q15)
            EXPECT_NEAR(parameter.tensor.max().item<double>(), 1e-4, 1e-10);
        } else if (parameter.name == "blocks.3.1.norm1.weight") {
            EXPECT_TRUE((parameter.tensor == 1).all().item<bool>());
        }
    }
}

TEST(PictureSizes, ThatStagesDoNotDivideAreRefusedInWords) {
    for (const char* preset : {"pllama_wols_small_patch16", "twins_svt_small"}) {
        const auto model = makeModel(findPreset(preset));
        for (const std::vector<std::int64_t>& shape :
             {std::vector<std::int64_t>{1, 3, 200, 200}, {1, 3, 224, 240}, {1, 1, 224, 224}, {3, 224, 224}}) {
            try {
                model->forward(at::zeros(shape));
                FAIL() << "a wrong size was accepted";
            } catch (const Error& error) {
                EXPECT_EQ(error.code(), ErrorCode::Mismatch);
                EXPECT_NE(error.message().find("32"), std::string::npos);
            }
        }
    }
}

}  // namespace
}  // namespace vl
