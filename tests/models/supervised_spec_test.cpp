// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "engine/api/model_spec.h"
#include "engine/core/error.h"

namespace vl {
namespace {

struct Published {
    const char* preset;
    std::int64_t parameters;
    double gigaMacs;   ///< at 224 px; 0: not published
    double tolerance;  ///< half of the last printed digit
};

// models.md 4.1 and 5.1; DeiT's published counts.
constexpr Published kTable[] = {{"vit_llama_rope_small_patch16", 21'961'192, 4.60, 5e-3},
                                {"vit_llama_rope_base_patch16", 86'388'712, 17.56, 5e-3},
                                {"vit_llama_rope_large_patch16", 310'342'632, 62.79, 5e-3},
                                {"vit_llama_rope_large_as_patch16", 310'342'632, 62.79, 5e-3},
                                {"pllama_wols_small_patch16", 25'903'976, 3.31, 5e-3},
                                {"pllama_wols_base_patch16", 56'029'480, 8.56, 5e-3},
                                {"pllama_wols_large_patch16", 104'721'128, 16.57, 5e-3},
                                {"pllama_wols_large_as_patch16", 104'721'128, 16.57, 5e-3},
                                {"deit_tiny_patch16_224", 5'717'416, 0, 0},
                                {"deit_small_patch16_224", 22'050'664, 0, 0},
                                {"deit_base_patch16_224", 86'567'656, 0, 0}};

TEST(SupervisedSpec, CountsAndMacsAreThePublishedOnes) {
    for (const Published& row : kTable) {
        const ModelSpec& spec = findPreset(row.preset);
        EXPECT_EQ(spec.parameterCount(), row.parameters) << row.preset;
        if (row.gigaMacs > 0) {
            EXPECT_NEAR(static_cast<double>(spec.macs()) * 1e-9, row.gigaMacs, row.tolerance) << row.preset;
        }
    }
}

TEST(SupervisedSpec, BackbonesOfDenseModelsHaveStageNormsAndNoHead) {
    const std::pair<const char*, std::int64_t> published[] = {{"pllama_wols_small_patch16", 25'391'872},
                                                              {"pllama_wols_base_patch16", 55'261'824},
                                                              {"pllama_wols_large_patch16", 103'697'920}};  // 8.1
    for (const auto& [preset, parameters] : published) {
        ModelSpec spec = findPreset(preset);
        spec.pyramid.normAfterStage = true;
        const std::int64_t head = 2 * spec.dim + (spec.dim + 1) * spec.numClasses;
        EXPECT_EQ(spec.parameterCount() - head, parameters) << preset;
    }
}

TEST(SupervisedSpec, PlainCountsDoNotDependOnThePictureSize) {
    ModelSpec spec = findPreset("vit_llama_rope_small_patch16");
    spec.imageSize = 384;
    EXPECT_EQ(spec.parameterCount(), 21'961'192);
    spec.absolutePositions = true;
    EXPECT_EQ(spec.parameterCount(), 21'961'192 + 577 * 384);
}

TEST(SupervisedSpec, PaddedWindowsCost) {
    ModelSpec spec = findPreset("pllama_wols_small_patch16");
    spec.imageSize = 256;  // 64, 32, 16, 8 tokens a side become 70, 35, 21, 14 (models.md 5.3)
    for (const LayerCost& layer : layerCosts(spec)) {
        if (layer.name != "blocks.0.0.attn") continue;
        EXPECT_EQ(layer.macs, 70 * 70 * (3 * 64 * 64 + 2 * 49 * 64) + 64 * 64 * 64 * 64);
        return;
    }
    FAIL() << "there is no such layer";
}

TEST(SupervisedSpec, TwinsCountsFollowFromItsLayers) {
    for (const char* preset : {"twins_svt_small", "twins_svt_base", "twins_svt_large"}) {
        const ModelSpec& spec = findPreset(preset);
        std::int64_t expected = 2 * spec.dim + (spec.dim + 1) * spec.numClasses, channels = 3, patch = 4;
        for (const PyramidStage& stage : spec.pyramid.stages) {
            const std::int64_t d = stage.dim, r = stage.reduction;
            expected += channels * patch * patch * d + d + 2 * d + 10 * d;              // embedding, norm, positions
            expected += stage.depth * (4 * d * d + 4 * d + 4 * d + 8 * d * d + 5 * d);  // attention, norms, MLP
            if (r > 1) expected += stage.depth / 2 * (r * r * d * d + 3 * d);
            channels = d;
            patch = 2;
        }
        EXPECT_EQ(spec.parameterCount(), expected) << preset;
    }
}

TEST(SupervisedSpec, WhatThePublishedCodeCannotRunIsRefused) {
    const auto refused = [](const char* preset, auto change) {
        ModelSpec spec = findPreset(preset);
        change(spec);
        try {
            validate(spec);
            return false;
        } catch (const Error& error) {
            return error.code() == ErrorCode::Usage && !error.hint().empty();
        }
    };
    const auto *plain = "vit_llama_rope_small_patch16", *pyramid = "pllama_wols_small_patch16";
    EXPECT_TRUE(refused(plain, [](ModelSpec& s) { s.rope.ratio = 0.5; }));  // Q38
    EXPECT_TRUE(refused(plain, [](ModelSpec& s) { s.heads = 64; }));        // heads of 6 channels
    EXPECT_TRUE(refused(plain, [](ModelSpec& s) { s.classToken = ClassToken::Last; }));
    EXPECT_FALSE(refused(pyramid, [](ModelSpec& s) { s.rope.ratio = 0.5; }));
    EXPECT_TRUE(refused(pyramid, [](ModelSpec& s) { s.rope.ratio = 0.1; }));
    EXPECT_TRUE(refused(pyramid, [](ModelSpec& s) { s.imageSize = 200; }));  // 2.4: 39 positions for 36 keys
    EXPECT_TRUE(refused(pyramid, [](ModelSpec& s) { s.pyramid.stages.clear(); }));
    EXPECT_TRUE(refused(pyramid, [](ModelSpec& s) { s.pyramid.stages[1].heads = 0; }));
    EXPECT_TRUE(refused(pyramid, [](ModelSpec& s) { s.pyramid.stages[1].heads = 3; }));
    EXPECT_TRUE(refused(pyramid, [](ModelSpec& s) { s.pyramid.window = 0; }));
    EXPECT_TRUE(refused(pyramid, [](ModelSpec& s) { s.dim = 256; }));
    EXPECT_TRUE(refused("deit_tiny_patch16_224", [](ModelSpec& s) { s.absolutePositions = false; }));
    EXPECT_TRUE(refused("twins_svt_small", [](ModelSpec& s) { s.classToken = ClassToken::First; }));
}

}  // namespace
}  // namespace vl
