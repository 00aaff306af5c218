// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/rand.h>
#include <ATen/ops/tensor.h>

#include "engine/api/mmpretrain_costs.h"
#include "engine/models/sine_position_table.h"
#include "engine/nn/layer_depth.h"
#include "engine/nn/masked_autoencoder.h"
#include "engine/nn/recorded_fill.h"
#include "tests/core/expect_error.h"
#include "tests/models/small_models.h"

namespace vl {
namespace {

using test::filled;
using test::largestDifference;
using test::pictures;

/// 16 patches in two layers; the decoder two more.
ModelSpec smallSpec(const char* family) {
    ModelSpec spec = mmpretrainBase();
    spec.name = "small";
    spec.family = family;
    spec.dim = 32;
    spec.depth = 2;
    spec.heads = 4;
    spec.ffnHidden = 48;
    spec.patchSize = 4;
    spec.imageSize = 16;
    spec.numClasses = 5;
    spec.masked.decoderDim = 16;
    spec.masked.decoderDepth = 2;
    spec.masked.decoderHeads = 2;
    return spec;
}

std::int64_t costOf(const ModelSpec& spec, const std::string& prefix) {
    std::int64_t total = 0;
    for (const LayerCost& layer : layerCosts(spec))
        total += layer.name.starts_with(prefix) ? layer.parameters : 0;
    return total;
}

std::int64_t sizeOf(const ModelSpec& spec, const std::string& prefix) {
    std::int64_t total = 0;
    for (const Parameter& parameter : describeParameters(spec))
        total += parameter.name.starts_with(prefix) ? parameter.tensor.numel() : 0;
    return total;
}

struct Count {
    const char* preset;
    const char* part;
    std::int64_t parameters;
};

class PublishedCount : public ::testing::TestWithParam<Count> {};

TEST_P(PublishedCount, FormulaAndTensorsAgreeWithIt) {
    const auto& [preset, part, parameters] = GetParam();
    EXPECT_EQ(costOf(findPreset(preset), part), parameters);
    EXPECT_EQ(sizeOf(findPreset(preset), part), parameters);
}

// models.md 6.1, 6.2 and 6.5
INSTANTIATE_TEST_SUITE_P(Masked, PublishedCount,
                         ::testing::Values(Count{"mae_vision_llama_base_patch16", "backbone.", 255'827'712},
                                           Count{"mae_vision_llama_base_patch16", "neck.", 26'109'184},
                                           Count{"mae_vision_llama_large_patch16", "backbone.", 914'002'944},
                                           Count{"mae_vision_llama_large_patch16", "neck.", 26'240'256},
                                           Count{"vision_llama_base_patch16_mae", "backbone.", 255'826'176},
                                           Count{"vision_llama_large_patch16_mae", "backbone.", 914'000'896},
                                           Count{"vision_llama_base_patch16_mae", "head.", 769'000}));

TEST(MaskedPresets, OneBaseLayerHasThePublishedSize) {
    EXPECT_EQ(costOf(findPreset("mae_vision_llama_base_patch16"), "backbone.layers.3."), 21'256'960);  // Q1
    EXPECT_EQ(findPreset("mae_vision_llama_large_patch16").ffnHidden, 11008);
}

TEST(SinePositions, RowsComeBeforeColumns) {
    const at::Tensor table = sinePositionTable(2, 8, true);  // models.md 1.7's example; Q21
    EXPECT_EQ(table.sizes().vec(), (std::vector<std::int64_t>{1, 5, 8}));
    EXPECT_EQ(table.select(1, 0).abs().sum().item<double>(), 0);
    const at::Tensor expected = at::tensor({0.0, 0.0, 1.0, 1.0, 0.841471, 0.010000, 0.540302, 0.999950}, at::kFloat);
    EXPECT_LT(largestDifference(table.select(0, 0).select(0, 2), expected), 1e-6);
}

TEST(LayerDepth, FollowsEmbeddingLayersAndTheRest) {
    EXPECT_EQ(layerDepth("backbone.pos_embed", 12), 0);
    EXPECT_EQ(layerDepth("patch_embed.proj.weight", 12), 0);
    EXPECT_EQ(layerDepth("backbone.layers.0.ln1.weight", 12), 1);
    EXPECT_EQ(layerDepth("blocks.11.attn.qkv.bias", 12), 12);
    EXPECT_EQ(layerDepth("backbone.ln2.weight", 12), 13);
    EXPECT_EQ(layerDepth("neck.decoder_blocks.3.ln1.weight", 12), 13);
    EXPECT_EQ(layerDepth("backbone.layers.x", 12), 13);
}

class SmallMae : public ::testing::Test {
protected:
    ModelSpec spec = smallSpec("mae");
    std::unique_ptr<Model> owned = filled(spec);
    MaskedAutoencoder& model = dynamic_cast<MaskedAutoencoder&>(*owned);
    at::Tensor images = pictures(spec, 3);
};

TEST_F(SmallMae, UnpatchifyUndoesPatching) {
    EXPECT_EQ(largestDifference(model.unpatchify(model.targets(images, false)), images), 0);
}

TEST_F(SmallMae, NormalisedTargetsHaveMeanZeroAndUnbiasedVarianceOne) {
    const at::Tensor targets = model.targets(images, true).to(at::kDouble);
    EXPECT_LT(targets.mean({-1}).abs().max().item<double>(), 1e-5);
    EXPECT_LT((targets.var({-1}, true) - 1).abs().max().item<double>(), 1e-4);
}

TEST_F(SmallMae, LossIsTheMeanOverRemovedPatches) {
    MaskedOutput output;
    output.prediction = at::tensor({1.0f, 3.0f, 5.0f, 5.0f, 0.0f, 0.0f}).view({1, 3, 2});
    output.mask = at::tensor({1.0f, 0.0f, 1.0f}).view({1, 3});
    const at::Tensor targets = at::tensor({0.0f, 0.0f, 9.0f, 9.0f, 2.0f, 0.0f}).view({1, 3, 2});
    // patches 0 and 2: (1 + 9) / 2 and (4 + 0) / 2; patch 1 does not count
    EXPECT_NEAR(MaskedAutoencoder::loss(output, targets).item<double>(), 3.5, 1e-6);
}

TEST_F(SmallMae, ClassSlotIsTheSameForEveryPicture) {
    const at::NoGradGuard noGrad;
    const at::Tensor slot = model.forwardMasked(images, {}).latent.select(1, 0);
    EXPECT_LT(largestDifference(slot[0], slot[1]), 1e-6);  // Q18
}

TEST_F(SmallMae, MasksFollowSeedAndStep) {
    const at::NoGradGuard noGrad;
    const auto maskOf = [&](std::uint64_t seed, std::int64_t step) {
        ForwardOptions options;
        options.seed = seed, options.step = step;
        return model.forwardMasked(images, {}, options).mask;
    };
    EXPECT_TRUE(maskOf(3, 7).equal(maskOf(3, 7)));
    EXPECT_FALSE(maskOf(3, 7).equal(maskOf(3, 8)));
    EXPECT_FALSE(maskOf(3, 7).equal(maskOf(4, 7)));
    EXPECT_EQ(maskOf(3, 7).sum().item<double>(), 3 * 12);  // three quarters of 16 patches
}

class Recorder final : public Probe {
public:
    void attention(int layer, const at::Tensor& softmax) override {
        EXPECT_EQ(static_cast<std::size_t>(layer), maps.size());
        maps.push_back(softmax);
    }
    void blockOutput(int layer, const at::Tensor& tokens) override {
        EXPECT_EQ(static_cast<std::size_t>(layer), outputs.size());
        outputs.push_back(tokens);
    }
    std::vector<at::Tensor> maps, outputs;
};

TEST_F(SmallMae, ProbeSeesTheWholeGridAndChangesNothing) {
    const at::NoGradGuard noGrad;
    Recorder recorder;
    ForwardOptions probing;
    probing.probe = &recorder;
    const MaskedOutput seen = model.forwardMasked(images, {}, probing), unseen = model.forwardMasked(images, {});
    EXPECT_LT(largestDifference(seen.prediction, unseen.prediction), 1e-5);
    ASSERT_EQ(recorder.maps.size(), 2u);
    ASSERT_EQ(recorder.outputs.size(), 2u);
    EXPECT_EQ(recorder.maps[1].sizes().vec(), (std::vector<std::int64_t>{3, 4, 16, 16}));
    EXPECT_EQ(model.attentionGeometry(1).tokens, 16);
    const at::Tensor visible = 1 - seen.mask;  // rows of visible patches sum to one, the others to zero
    EXPECT_LT(largestDifference(recorder.maps[1].sum(-1).select(1, 0), visible), 1e-5);
    EXPECT_LT(largestDifference(recorder.maps[1].sum(-2).select(1, 2) * seen.mask, 0 * visible), 1e-6);
    EXPECT_TRUE(recorder.outputs[1].ne(0).any(-1).to(at::kFloat).equal(visible));
}

TEST_F(SmallMae, BackwardReachesAllTrainedTensorsInBothForms) {
    for (const AttentionKind kind : {AttentionKind::Explicit, AttentionKind::Fused}) {
        const auto fresh = filled(spec);
        auto& trained = dynamic_cast<MaskedAutoencoder&>(*fresh);
        trained.setAttention(kind);
        trained.setDropPath(0.2);
        const MaskedOutput output = trained.forwardMasked(images, {}, {.training = true});
        MaskedAutoencoder::loss(output, trained.targets(images, true)).backward();
        for (const Parameter& parameter : trained.parameters()) {
            EXPECT_EQ(parameter.tensor.grad().defined(), parameter.kind == ParameterKind::Trained) << parameter.name;
        }
    }
}

TEST_F(SmallMae, OnePictureAndWrongSizes) {
    EXPECT_EQ(model.forward(pictures(spec, 1)).sizes().vec(), (std::vector<std::int64_t>{1, 3, 16, 16}));
    test::expectError(ErrorCode::Mismatch, [&] { model.forward(at::rand({1, 3, 20, 16})); });
    test::expectError(ErrorCode::Mismatch, [&] { model.forwardMasked(images, at::rand({3, 15})); });
    test::expectError(ErrorCode::Mismatch, [&] { model.targets(at::rand({1, 3, 18, 16}), false); });
    test::expectError(ErrorCode::Usage, [&] { model.setDropPath(1); });
}

TEST(MaskedSpecs, ImpossibleOnesAreRefused) {
    ModelSpec spec = smallSpec("mae");
    spec.masked.maskRatio = 0.99;
    test::expectError(ErrorCode::Usage, [&] { validate(spec); });
    spec = smallSpec("mae");
    spec.masked.decoderHeads = 3;
    test::expectError(ErrorCode::Usage, [&] { validate(spec); });
    spec = smallSpec("mae_cls");
    spec.classToken = ClassToken::First;  // Q22
    test::expectError(ErrorCode::Usage, [&] { validate(spec); });
    spec = smallSpec("mae_cls");
    spec.heads = 16;  // a head of two channels
    test::expectError(ErrorCode::Usage, [&] { validate(spec); });
}

TEST(MaskedInitialisation, FollowsThePublishedRules) {
    const auto model = makeModel(smallSpec("mae"));
    model->initialise(5);
    for (const Parameter& parameter : model->parameters()) {
        const double largest = parameter.tensor.abs().max().item<double>();
        const std::string& name = parameter.name;
        if (name == "backbone.pos_embed") {
            EXPECT_TRUE(parameter.tensor.equal(sinePositionTable(4, 32, true)));
        } else if (name.ends_with("qkv.weight") && name.starts_with("backbone.")) {
            EXPECT_LE(largest, std::sqrt(6.0 / (32 + 96)));
            EXPECT_GT(largest, 0.9 * std::sqrt(6.0 / (32 + 96)));
        } else if (name.ends_with("w12.bias")) {
            EXPECT_GT(largest, 0);
            EXPECT_LT(largest, 1e-5);
        } else if (name.ends_with("qkv.bias")) {
            EXPECT_EQ(largest, 0);
        }
    }
}

TEST(MaskedClassifierModel, ProbeGeometryAndFormsAgree) {
    const at::NoGradGuard noGrad;
    const ModelSpec spec = smallSpec("mae_cls");
    const auto model = filled(spec);
    Recorder recorder;
    ForwardOptions probing;
    probing.probe = &recorder;
    const at::Tensor fused = model->forward(pictures(spec, 1)), probed = model->forward(pictures(spec, 1), probing);
    model->setAttention(AttentionKind::Explicit);
    EXPECT_LT(largestDifference(fused, probed), 1e-5);
    EXPECT_LT(largestDifference(fused, model->forward(pictures(spec, 1))), 1e-5);
    ASSERT_EQ(recorder.maps.size(), 2u);
    EXPECT_EQ(recorder.maps[0].size(-1), model->attentionGeometry(0).tokens);
    EXPECT_EQ(model->attentionGeometry(0).queryRows, 4);
    test::expectError(ErrorCode::Mismatch, [&] { model->forward(at::rand({1, 3, 32, 32})); });  // Q22
    test::expectError(ErrorCode::Usage, [&] { model->setSoftMask(0.5); });
}

}  // namespace
}  // namespace vl
