// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cctype>
#include <cmath>
#include <utility>
#include <vector>

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/full.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

#include "engine/core/error.h"
#include "engine/models/denoiser_conditions.h"
#include "engine/nn/denoiser.h"
#include "engine/nn/parameter_list.h"
#include "engine/nn/recorded_fill.h"
#include "tests/models/small_models.h"

namespace vl {
namespace {

using test::largestDifference;

/// The preset with two blocks on a grid of three patches a side and seven classes; head width and patch stay.
ModelSpec shrunk(const ModelSpec& preset) {
    ModelSpec spec = preset;
    spec.depth = 2;
    spec.dim = 2 * preset.headDim();
    spec.heads = 2;
    spec.ffnHidden = 256;
    spec.imageSize = 3 * spec.patchSize;
    spec.numClasses = 7;
    return spec;
}

std::unique_ptr<Denoiser> built(const ModelSpec& spec) {
    return std::unique_ptr<Denoiser>(dynamic_cast<Denoiser*>(makeModel(spec).release()));
}

at::Tensor latents(const ModelSpec& spec, std::int64_t batch) {
    return recordedInput({batch, spec.inChannels, spec.imageSize, spec.imageSize});
}

const at::Tensor kTimes = at::tensor({0.25f, 0.5f, 17.0f, 803.0f});
const at::Tensor kClasses = at::tensor({0, 3, 6, 7}, at::kLong);

class EveryDenoiser : public ::testing::TestWithParam<ModelSpec> {};

std::string presetName(const ::testing::TestParamInfo<ModelSpec>& info) {
    std::string name = info.param.name;
    for (char& c : name)
        c = std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
    return name;
}

/// Shrunk, sizes differ only in head width: S stands for B and L.
std::vector<ModelSpec> distinct() {
    std::vector<ModelSpec> specs = presetsFor(ModelTask::Generate);
    std::erase_if(specs, [](const ModelSpec& spec) { return spec.dim != 384 && spec.headDim() == 64; });
    return specs;
}

INSTANTIATE_TEST_SUITE_P(Registry, EveryDenoiser, ::testing::ValuesIn(distinct()), presetName);

TEST(Denoiser, EveryPresetHoldsAsManyParametersAsItsSpecSays) {
    for (const ModelSpec& spec : presetsFor(ModelTask::Generate)) {
        std::int64_t total = 0;
        for (const Parameter& parameter : describeParameters(spec))
            total += parameter.tensor.numel();
        EXPECT_EQ(total, spec.parameterCount()) << spec.name;
    }
}

TEST_P(EveryDenoiser, AnswersWithItsOwnChannelsForAnyBatch) {
    const at::NoGradGuard noGrad;
    const ModelSpec spec = shrunk(GetParam());
    const auto model = test::filled<Denoiser>(spec);
    const at::Tensor x = latents(spec, 4), together = model->denoise(x, kTimes, kClasses);
    const std::int64_t channels = (spec.family.starts_with("sit") ? 1 : 2) * std::int64_t{spec.inChannels};
    EXPECT_EQ(model->outChannels(), channels);
    EXPECT_EQ(together.sizes().vec(), (std::vector<std::int64_t>{4, channels, spec.imageSize, spec.imageSize}));
    const at::Tensor alone = model->denoise(x.narrow(0, 2, 1), kTimes.narrow(0, 2, 1), kClasses.narrow(0, 2, 1));
    EXPECT_LE(largestDifference(together.narrow(0, 2, 1), alone), 1e-5 * together.abs().max().item<double>());
}

class Recorder final : public Probe {
public:
    void attention(int layer, const at::Tensor& softmax) override {
        EXPECT_EQ(layer, static_cast<int>(maps.size()));
        maps.push_back(softmax);
    }
    void blockOutput(int layer, const at::Tensor& tokens) override {
        EXPECT_EQ(layer, static_cast<int>(outputs.size()));
        outputs.push_back(tokens);
    }
    std::vector<at::Tensor> maps, outputs;
};

TEST_P(EveryDenoiser, AProbeSeesEveryLayerAndChangesNothing) {
    const at::NoGradGuard noGrad;
    const ModelSpec spec = shrunk(GetParam());
    const auto model = test::filled<Denoiser>(spec);
    Recorder probe;
    model->setAttention(AttentionKind::Explicit);
    const at::Tensor without = model->denoise(latents(spec, 4), kTimes, kClasses);
    EXPECT_TRUE(without.equal(model->denoise(latents(spec, 4), kTimes, kClasses, {.probe = &probe})));
    ASSERT_EQ(probe.maps.size(), 2u);
    ASSERT_EQ(probe.outputs.size(), 2u);
    const AttentionGeometry geometry = model->attentionGeometry(1);
    EXPECT_EQ(probe.maps[1].sizes().vec(), (std::vector<std::int64_t>{4, 2, geometry.tokens, geometry.tokens}));
    EXPECT_EQ(geometry.queryRows * geometry.queryCols, geometry.tokens);
    EXPECT_EQ(geometry.classTokenIndex, -1);
    EXPECT_TRUE(geometry.guidedHalves);
    EXPECT_LE((probe.maps[0].sum(-1) - 1).abs().max().item<double>(), 1e-5);
    model->setAttention(AttentionKind::Fused);
    EXPECT_LE(largestDifference(model->denoise(latents(spec, 4), kTimes, kClasses), without),
              2e-5 * without.abs().max().item<double>());
}

TEST_P(EveryDenoiser, BackwardReachesWhatTheAnswerDependsOn) {
    const ModelSpec spec = shrunk(GetParam());
    const auto model = test::filled<Denoiser>(spec);
    model->denoise(latents(spec, 4), kTimes, kClasses, {.training = true}).square().mean().backward();
    for (const Parameter& parameter : model->parameters()) {
        if (parameter.kind == ParameterKind::Frozen) {
            EXPECT_EQ(parameter.name, "pos_embed");
            EXPECT_FALSE(parameter.tensor.requires_grad());
            continue;
        }
        ASSERT_TRUE(parameter.tensor.grad().defined()) << parameter.name;
        EXPECT_TRUE(parameter.tensor.grad().isfinite().all().item<bool>()) << parameter.name;
        EXPECT_GT(parameter.tensor.grad().abs().sum().item<double>(), 0) << parameter.name;
    }
}

TEST(Denoiser, OnlyTheBaselinesReadThePositionTable) {
    const at::NoGradGuard noGrad;
    for (const char* name : {"DiTLLaMA_S_4", "SiTLLaMA_S_2", "DiT-S/4", "SiT-S/2"}) {
        const ModelSpec spec = shrunk(findPreset(name));
        const auto model = test::filled<Denoiser>(spec);
        const at::Tensor before = model->denoise(latents(spec, 4), kTimes, kClasses);
        at::Tensor(model->parameters()[0].tensor).add_(0.5);
        ASSERT_EQ(model->parameters()[0].name, "pos_embed");
        const bool unchanged = before.equal(model->denoise(latents(spec, 4), kTimes, kClasses));
        EXPECT_EQ(unchanged, spec.family.ends_with("llama")) << name;
    }
}

TEST(Denoiser, FlowModelsIgnoreTheSecondHalfOfTheirChannels) {  // Q28
    const at::NoGradGuard noGrad;
    const ModelSpec spec = shrunk(findPreset("SiTLLaMA_S_2"));
    const auto model = test::filled<Denoiser>(spec);
    const at::Tensor before = model->denoise(latents(spec, 4), kTimes, kClasses);
    for (const Parameter& parameter : model->parameters()) {
        if (!parameter.name.starts_with("final_layer.linear.")) continue;
        const at::Tensor byChannel = parameter.tensor.unflatten(0, {-1, 8});  // channel fastest
        byChannel.narrow(1, 4, 4).zero_();
    }
    EXPECT_TRUE(before.equal(model->denoise(latents(spec, 4), kTimes, kClasses)));
}

TEST(Denoiser, GuidanceSteersThreeChannelsOfBothHalves) {  // Q27
    const at::NoGradGuard noGrad;
    const ModelSpec spec = shrunk(findPreset("DiTLLaMA_S_4"));
    const auto model = test::filled<Denoiser>(spec);
    const at::Tensor times = at::full({4}, 400.0f), classes = at::tensor({1, 5, 7, 7}, at::kLong);
    const at::Tensor first = latents(spec, 2);
    at::Tensor x = at::zeros({4, 4, spec.imageSize, spec.imageSize});
    x.narrow(0, 0, 2).copy_(first);  // the second half of the latents must not matter
    const at::Tensor guided = model->denoiseGuided(x, times, classes, 2.5);
    const at::Tensor with = model->denoise(first, times.narrow(0, 0, 2), classes.narrow(0, 0, 2));
    const at::Tensor without = model->denoise(first, times.narrow(0, 0, 2), classes.narrow(0, 2, 2));
    const at::Tensor expected = without + 2.5 * (with - without);
    const double scale = guided.abs().max().item<double>();
    for (const std::int64_t half : {0, 2}) {
        EXPECT_LE(largestDifference(guided.narrow(0, half, 2).narrow(1, 0, 3), expected.narrow(1, 0, 3)), 1e-5 * scale);
        EXPECT_LE(largestDifference(guided.narrow(0, half, 2).narrow(1, 3, 5), (half ? without : with).narrow(1, 3, 5)),
                  1e-5 * scale);
    }
    EXPECT_THROW(model->denoiseGuided(latents(spec, 3), times.narrow(0, 0, 3), classes.narrow(0, 0, 3), 2), Error);
}

TEST(Denoiser, TimestepsAreCosinesThenSines) {  // Q29
    const at::Tensor waves = timestepSinusoid(at::tensor({1.0f}), timestepFrequencies());
    ASSERT_EQ(waves.sizes().vec(), (std::vector<std::int64_t>{1, 256}));
    const std::pair<int, double> expected[] = {
        {0, 0.540302}, {1, 0.597375}, {128, 0.841471}, {129, 0.801962}, {255, 1.07461e-4}};
    for (const auto& [channel, value] : expected)
        EXPECT_NEAR(waves[0][channel].item<double>(), value, 1e-6) << channel;
}

TEST(Denoiser, PositionsPutTheColumnFirst) {  // models.md 1.7, D = 8, 2 x 2 grid, token 1
    const at::Tensor table = sinCosPositions(2, 8);
    const double expected[] = {0.841471, 0.010000, 0.540302, 0.999950, 0, 0, 1, 1};
    for (int i = 0; i < 8; ++i)
        EXPECT_NEAR(table[0][1][i].item<double>(), expected[i], 1e-6) << i;
}

TEST(Denoiser, LabelsAreDroppedInTrainingBySeedAndStepAlone) {
    const at::Tensor y = at::full({4000}, 3, at::kLong);
    const ForwardOptions now{.training = true, .seed = 9, .step = 12}, later{.training = true, .seed = 9, .step = 13};
    const at::Tensor dropped = dropLabels(y, 7, 0.1, now);
    EXPECT_TRUE(dropped.equal(dropLabels(y, 7, 0.1, now)));
    EXPECT_FALSE(dropped.equal(dropLabels(y, 7, 0.1, later)));
    EXPECT_TRUE(dropped.narrow(0, 0, 10).equal(dropLabels(y.narrow(0, 0, 10), 7, 0.1, now)));
    EXPECT_NEAR(static_cast<double>((dropped == 7).sum().item<std::int64_t>()), 400, 4 * 19);  // four deviations
    EXPECT_EQ(((dropped == 7) + (dropped == 3)).sum().item<std::int64_t>(), 4000);
    EXPECT_TRUE(y.equal(dropLabels(y, 7, 0, now)));

    const at::NoGradGuard noGrad;
    ModelSpec spec = shrunk(findPreset("SiTLLaMA_S_2"));
    spec.diffusion.classDropout = 0.999;
    const auto model = test::filled<Denoiser>(spec);
    const at::Tensor x = latents(spec, 4), null = at::full({4}, 7, at::kLong);
    EXPECT_TRUE(model->denoise(x, kTimes, kClasses, now).equal(model->denoise(x, kTimes, null)));
    EXPECT_FALSE(model->denoise(x, kTimes, kClasses).equal(model->denoise(x, kTimes, null)));
}

TEST(Denoiser, AFreshModelAnswersZeroAndHoldsThePublishedTables) {  // models.md 1.6
    for (const char* name : {"DiTLLaMA_S_4", "SiT-S/4"}) {
        const at::NoGradGuard noGrad;
        const ModelSpec spec = shrunk(findPreset(name));
        const auto model = built(spec);
        model->initialise(3);
        EXPECT_EQ(model->denoise(latents(spec, 4), kTimes, kClasses).abs().max().item<double>(), 0);
        EXPECT_TRUE(model->parameters()[0].tensor.equal(sinCosPositions(3, spec.dim)));
        for (const Parameter& parameter : model->parameters()) {
            if (parameter.name.ends_with("attn.qkv.weight")) {
                const double bound = std::sqrt(6.0 / (4.0 * spec.dim)), std = bound / std::sqrt(3.0);
                EXPECT_LE(parameter.tensor.abs().max().item<double>(), bound);
                EXPECT_NEAR(parameter.tensor.std().item<double>(), std, 0.02 * std);
            } else if (parameter.name == "t_embedder.mlp.0.weight") {
                EXPECT_NEAR(parameter.tensor.std().item<double>(), 0.02, 5e-4);
            }
        }
    }
}

template <class Call>
void expectRefused(const Call& call, ErrorCode code) {
    try {
        call();
        FAIL() << "it was accepted";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), code) << error.message();
        EXPECT_FALSE(error.hint().empty());
    }
}

TEST(Denoiser, OtherSizesClassesAndPicturesAloneAreRefusedInWords) {
    const at::NoGradGuard noGrad;
    const ModelSpec spec = shrunk(findPreset("DiTLLaMA_S_4"));
    const auto model = test::filled<Denoiser>(spec);
    const at::Tensor x = latents(spec, 4);
    expectRefused([&] { model->denoise(at::zeros({4, 4, 8, 8}), kTimes, kClasses); }, ErrorCode::Mismatch);
    expectRefused([&] { model->denoise(at::zeros({4, 3, 12, 12}), kTimes, kClasses); }, ErrorCode::Mismatch);
    expectRefused([&] { model->denoise(x[0], kTimes, kClasses); }, ErrorCode::Mismatch);
    expectRefused([&] { model->denoise(x, kTimes.narrow(0, 0, 1), kClasses); }, ErrorCode::Mismatch);
    expectRefused([&] { model->denoise(x, kTimes, kClasses.unsqueeze(1)); }, ErrorCode::Mismatch);
    expectRefused([&] { model->denoise(x, kTimes, kClasses + 1); }, ErrorCode::Mismatch);
    expectRefused([&] { model->denoise(x, kTimes, kClasses - 1); }, ErrorCode::Mismatch);
    expectRefused([&] { model->forward(x); }, ErrorCode::Usage);
    expectRefused([&] { model->setSoftMask(0.5); }, ErrorCode::Usage);
}

TEST(Denoiser, DoublePrecisionAgrees) {
    const at::NoGradGuard noGrad;
    for (const char* name : {"DiTLLaMA_XL_2", "DiT-S/4"}) {
        const ModelSpec spec = shrunk(findPreset(name));
        const auto model = test::filled<Denoiser>(spec);
        const at::Tensor single = model->denoise(latents(spec, 4), kTimes, kClasses);
        moveParameters(*model, at::kCPU, at::kDouble);
        const at::Tensor wide = model->denoise(latents(spec, 4).to(at::kDouble), kTimes, kClasses);
        EXPECT_EQ(wide.scalar_type(), at::kDouble);
        EXPECT_LE(largestDifference(single, wide), 1e-5 * wide.abs().max().item<double>());
    }
}

}  // namespace
}  // namespace vl
