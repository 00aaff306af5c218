// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <ostream>
#include <vector>

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

#include "engine/core/error.h"
#include "engine/nn/model.h"
#include "engine/nn/recorded_fill.h"
#include "tests/models/small_models.h"

namespace vl {

/// What the list of tests shows; found by its argument, so it lives beside ModelSpec.
static void PrintTo(const ModelSpec& spec, std::ostream* out) { *out << spec.name; }

namespace {

using test::filled;
using test::largestDifference;
using test::pictures;

/// The preset with its depth cut, so that a step takes milliseconds; everything that varies between presets stays.
ModelSpec shortened(const ModelSpec& preset) {
    ModelSpec spec = preset;
    spec.depth = 2;
    spec.imageSize = 4 * spec.patchSize;
    spec.numClasses = 7;
    return spec;
}

class EveryPreset : public ::testing::TestWithParam<ModelSpec> {};

std::vector<ModelSpec> illamaPresets() {
    std::vector<ModelSpec> presets;
    for (const ModelSpec& spec : modelPresets()) {
        if (spec.family == "illama") presets.push_back(spec);
    }
    return presets;
}

INSTANTIATE_TEST_SUITE_P(Registry, EveryPreset, ::testing::ValuesIn(illamaPresets()),
                         [](const ::testing::TestParamInfo<ModelSpec>& preset) { return preset.param.name; });

TEST_P(EveryPreset, HoldsAsManyParametersAsItsSpecSays) {
    ModelSpec spec = GetParam();
    spec.depth = std::min(spec.depth, 3);  // large would need a gigabyte; the count is linear in depth
    const auto model = makeModel(spec);
    std::int64_t total = 0;
    for (const Parameter& parameter : model->parameters())
        total += parameter.tensor.numel();
    EXPECT_EQ(total, spec.parameterCount());
}

TEST_P(EveryPreset, BackwardReachesEveryParameterWithBothAttentions) {
    const ModelSpec spec = shortened(GetParam());
    for (const AttentionKind kind : {AttentionKind::Explicit, AttentionKind::Fused}) {
        const auto model = filled(spec);
        model->setAttention(kind);
        at::cross_entropy_loss(model->forward(pictures(spec, 2), {.training = true}), at::tensor({1, 3}, at::kLong))
            .backward();
        for (const Parameter& parameter : model->parameters()) {
            ASSERT_TRUE(parameter.tensor.grad().defined()) << parameter.name;
            EXPECT_TRUE(parameter.tensor.grad().isfinite().all().item<bool>()) << parameter.name;
            EXPECT_GT(parameter.tensor.grad().abs().sum().item<double>(), 0) << parameter.name;
        }
    }
}

TEST_P(EveryPreset, FusedAndExplicitAttentionAgreeForwardAndBackward) {
    const ModelSpec spec = shortened(GetParam());
    for (const double alpha : {0.0, 0.4, 1.0}) {
        const auto oracle = filled(spec), fast = filled(spec);
        oracle->setAttention(AttentionKind::Explicit);
        fast->setAttention(AttentionKind::Fused);
        oracle->setSoftMask(alpha);
        fast->setSoftMask(alpha);
        const at::Tensor expected = oracle->forward(pictures(spec, 3)), actual = fast->forward(pictures(spec, 3));
        EXPECT_LE(largestDifference(actual, expected), 2e-5 * expected.abs().max().item<double>());
        (expected * expected).sum().backward();
        (actual * actual).sum().backward();
        for (std::size_t i = 0; i < oracle->parameters().size(); ++i) {
            const at::Tensor gradient = oracle->parameters()[i].tensor.grad();
            EXPECT_LE(largestDifference(fast->parameters()[i].tensor.grad(), gradient),
                      1e-4 * gradient.abs().max().item<double>())
                << oracle->parameters()[i].name;
        }
    }
}

TEST_P(EveryPreset, APictureAloneGetsTheAnswerItGetsInABatch) {
    const at::NoGradGuard noGrad;
    const ModelSpec spec = shortened(GetParam());
    const auto model = filled(spec);
    const at::Tensor batch = pictures(spec, 5), together = model->forward(batch);
    const at::Tensor alone = model->forward(batch.narrow(0, 3, 1));
    EXPECT_EQ(alone.sizes().vec(), (std::vector<std::int64_t>{1, spec.numClasses}));
    EXPECT_LE(largestDifference(together.narrow(0, 3, 1), alone), 1e-5 * together.abs().max().item<double>());
}

TEST_P(EveryPreset, OtherPictureSizesAreRefusedInWords) {
    const ModelSpec spec = shortened(GetParam());
    const auto model = makeModel(spec);
    const std::int64_t side = spec.imageSize, channels = spec.inChannels;
    for (const std::vector<std::int64_t>& shape : {std::vector<std::int64_t>{1, channels, side, side + spec.patchSize},
                                                   {1, channels + 1, side, side},
                                                   {channels, side, side}}) {
        try {
            model->forward(at::zeros(shape));
            FAIL() << "a wrong size was accepted";
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ErrorCode::Mismatch);
            EXPECT_NE(error.message().find(std::to_string(side)), std::string::npos);
        }
    }
}

class MapCounter final : public Probe {
public:
    void attention(int layer, const at::Tensor& softmax) override {
        EXPECT_EQ(layer, static_cast<int>(maps.size()));
        maps.push_back(softmax);
    }
    void blockOutput(int, const at::Tensor& tokens) override { outputs.push_back(tokens); }
    std::vector<at::Tensor> maps, outputs;
};

TEST_P(EveryPreset, AProbeSeesEveryLayerAndChangesNothing) {
    const at::NoGradGuard noGrad;
    const ModelSpec spec = shortened(GetParam());
    const auto model = filled(spec);
    MapCounter probe;
    model->setAttention(AttentionKind::Explicit);
    const at::Tensor without = model->forward(pictures(spec, 2)),
                     with = model->forward(pictures(spec, 2), {.probe = &probe});
    EXPECT_TRUE(with.equal(without));
    ASSERT_EQ(probe.maps.size(), static_cast<std::size_t>(spec.depth));
    ASSERT_EQ(probe.outputs.size(), static_cast<std::size_t>(spec.depth));
    const AttentionGeometry geometry = model->attentionGeometry(0);
    EXPECT_EQ(probe.maps[0].sizes().vec(),
              (std::vector<std::int64_t>{2, spec.heads, geometry.tokens, geometry.tokens}));
    EXPECT_LE((probe.maps[0].sum(-1) - 1).abs().max().item<double>(), 1e-5);  // before the mask, so a full distribution
    model->setAttention(AttentionKind::Fused);
    EXPECT_LE(largestDifference(model->forward(pictures(spec, 2)), with), 2e-5 * with.abs().max().item<double>());
}

ModelSpec micro(int depth = 2) {
    ModelSpec spec = findPreset("illama_micro");
    spec.depth = depth;
    return spec;
}

TEST(Illama, OneLayerAndOddGridsWork) {
    const at::NoGradGuard noGrad;
    ModelSpec spec = micro(1);
    spec.imageSize = 5 * spec.patchSize;
    spec.heads = 1;
    EXPECT_EQ(filled(spec)->forward(pictures(spec, 1)).sizes().vec(), (std::vector<std::int64_t>{1, 10}));
}

TEST(Illama, ClassTokenFirstSeesOnlyItselfWhenCausal) {
    const at::NoGradGuard noGrad;
    ModelSpec spec = micro();
    spec.classToken = ClassToken::First;
    const auto first = filled(spec);
    spec.classToken = ClassToken::Last;
    const auto last = filled(spec);
    EXPECT_EQ(first->attentionGeometry(0).classTokenIndex, 0);
    EXPECT_EQ(first->attentionGeometry(0).firstPatchToken, 1);
    EXPECT_EQ(last->attentionGeometry(0).classTokenIndex, 64);
    EXPECT_EQ(last->attentionGeometry(0).firstPatchToken, 0);
    const at::Tensor one = pictures(spec, 1), scaled = one * 0.5;
    EXPECT_GT(largestDifference(first->forward(one), last->forward(one)), 1e-3);
    // Values of patches cannot reach a first class token under the causal mask; their keys still act on its
    // denominator.
    const auto spread = [&](Model& model) { return largestDifference(model.forward(one), model.forward(scaled)); };
    EXPECT_LT(spread(*first), 0.5 * spread(*last));
}

TEST(Illama, AlphaMovesTheOutputAndIsCheckedForRange) {
    const at::NoGradGuard noGrad;
    const auto model = filled(micro());
    EXPECT_EQ(model->softMask(), 0);
    const at::Tensor causal = model->forward(pictures(model->spec(), 1));
    model->setSoftMask(1);
    EXPECT_GT(largestDifference(model->forward(pictures(model->spec(), 1)), causal), 1e-3);
    EXPECT_THROW(model->setSoftMask(1.01), Error);
    EXPECT_THROW(model->setSoftMask(-0.1), Error);
    EXPECT_THROW(model->setDropPath(1), Error);
    EXPECT_EQ(model->softMask(), 1);
}

TEST(Illama, InitialisationIsThePublishedOneAndDependsOnTheSeedAlone) {
    const auto one = makeModel(micro()), same = makeModel(micro()), other = makeModel(micro());
    one->initialise(3);
    same->initialise(3);
    other->initialise(4);
    for (std::size_t i = 0; i < one->parameters().size(); ++i) {
        const Parameter& parameter = one->parameters()[i];
        EXPECT_TRUE(parameter.tensor.equal(same->parameters()[i].tensor)) << parameter.name;
        if (parameter.name == "patch_embed.proj.weight") {
            EXPECT_LE(parameter.tensor.abs().max().item<double>(), 0.25);  // 1 / sqrt(16 inputs)
            EXPECT_NEAR(parameter.tensor.std().item<double>(), 0.25 / std::sqrt(3.0), 0.01);
        } else if (parameter.tensor.dim() > 1 && parameter.tensor.numel() > 1000) {
            EXPECT_NEAR(parameter.tensor.std().item<double>(), 0.02, 0.001) << parameter.name;
            EXPECT_NEAR(parameter.tensor.mean().item<double>(), 0, 0.001) << parameter.name;
        } else if (parameter.name.ends_with("norm1.weight")) {
            EXPECT_TRUE((parameter.tensor == 1).all().item<bool>()) << parameter.name;
        } else if (parameter.name.ends_with("qkv.bias")) {
            EXPECT_TRUE((parameter.tensor == 0).all().item<bool>()) << parameter.name;
        }
        if (parameter.decays) {
            EXPECT_FALSE(parameter.tensor.equal(other->parameters()[i].tensor)) << parameter.name;
        }
    }
}

TEST(Illama, StochasticDepthActsInTrainingOnlyAndRepeatsWithItsStep) {
    const at::NoGradGuard noGrad;
    const auto model = filled(micro(4));
    model->setDropPath(0.6);
    const at::Tensor input = pictures(model->spec(), 8);
    const auto run = [&](bool training, std::int64_t step) {
        return model->forward(input, {.training = training, .seed = 5, .step = step});
    };
    EXPECT_TRUE(run(false, 1).equal(run(false, 2)));
    EXPECT_TRUE(run(true, 1).equal(run(true, 1)));
    EXPECT_FALSE(run(true, 1).equal(run(true, 2)));
    const at::Tensor fused = run(true, 3);
    model->setAttention(AttentionKind::Explicit);
    EXPECT_LE(largestDifference(run(true, 3), fused), 2e-5 * fused.abs().max().item<double>());
}

TEST(Illama, UnknownFamiliesAreNamed) {
    ModelSpec spec = micro();
    spec.family = "resnet";
    try {
        makeModel(spec);
        FAIL() << "an unknown family was built";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::Unsupported);
        EXPECT_NE(error.hint().find("illama"), std::string::npos);
    }
}

}  // namespace
}  // namespace vl
