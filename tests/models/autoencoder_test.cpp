// SPDX-License-Identifier: Apache-2.0
#include "engine/core/error.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/zeros.h>

#include "engine/nn/autoencoder.h"
#include "engine/nn/parameter_list.h"
#include "engine/nn/recorded_fill.h"
#include "tests/models/small_models.h"

namespace vl {
namespace {

using test::largestDifference;

ModelSpec tiny(const std::vector<int>& multipliers, int blocks, int latent) {
    ModelSpec spec = findPreset("sd_vae_ft_ema");
    spec.name = "tiny";
    spec.autoencoder.baseChannels = 32;
    spec.autoencoder.multipliers = multipliers;
    spec.autoencoder.blocksPerLevel = blocks;
    spec.autoencoder.latentChannels = latent;
    spec.patchSize = 1 << (multipliers.size() - 1);
    spec.imageSize = 8 * spec.patchSize;
    return spec;
}

TEST(Autoencoder, HoldsThePublishedNumberOfParameters) {
    const ModelSpec& spec = findPreset("sd_vae_ft_ema");
    EXPECT_EQ(spec.parameterCount(), 83'653'863);
    std::int64_t total = 0;
    for (const Parameter& parameter : describeParameters(spec))
        total += parameter.tensor.numel();
    EXPECT_EQ(total, 83'653'863);
    EXPECT_EQ(spec.task(), ModelTask::Autoencode);
    EXPECT_EQ(spec.autoencoder.scale, 0.18215);
}

TEST(Autoencoder, NamesFollowTheStableDiffusionFiles) {
    const std::vector<Parameter> parameters = describeParameters(findPreset("sd_vae_ft_ema"));
    ASSERT_EQ(parameters.size(), 248u);
    const auto shapeOf = [&](std::string_view name) {
        for (const Parameter& parameter : parameters) {
            if (parameter.name == name) return parameter.tensor.sizes().vec();
        }
        return std::vector<std::int64_t>{};
    };
    using Shape = std::vector<std::int64_t>;
    EXPECT_EQ(shapeOf("encoder.conv_in.weight"), (Shape{128, 3, 3, 3}));
    EXPECT_EQ(shapeOf("encoder.down_blocks.1.resnets.0.conv_shortcut.weight"), (Shape{256, 128, 1, 1}));
    EXPECT_EQ(shapeOf("encoder.down_blocks.2.downsamplers.0.conv.weight"), (Shape{512, 512, 3, 3}));
    EXPECT_EQ(shapeOf("encoder.down_blocks.3.downsamplers.0.conv.weight"), Shape{});
    EXPECT_EQ(shapeOf("encoder.mid_block.attentions.0.to_out.0.weight"), (Shape{512, 512}));
    EXPECT_EQ(shapeOf("encoder.conv_out.weight"), (Shape{8, 512, 3, 3}));
    EXPECT_EQ(shapeOf("quant_conv.weight"), (Shape{8, 8, 1, 1}));
    EXPECT_EQ(shapeOf("post_quant_conv.weight"), (Shape{4, 4, 1, 1}));
    EXPECT_EQ(shapeOf("decoder.up_blocks.3.resnets.2.conv2.weight"), (Shape{128, 128, 3, 3}));
    EXPECT_EQ(shapeOf("decoder.up_blocks.2.upsamplers.0.conv.weight"), (Shape{256, 256, 3, 3}));
    EXPECT_EQ(shapeOf("decoder.mid_block.resnets.1.norm2.bias"), (Shape{512}));
    EXPECT_EQ(parameters.back().name, "post_quant_conv.bias");
}

struct Row {
    std::vector<double> first;
    double last, l2;
};

void expectRow(const at::Tensor& got, const Row& row, const char* what) {
    const at::Tensor flat = got.flatten();
    const double scale = flat.abs().max().item<double>();
    for (std::size_t i = 0; i < row.first.size(); ++i)
        EXPECT_NEAR(flat[static_cast<std::int64_t>(i)].item<double>(), row.first[i], 1e-5 * scale) << what << " " << i;
    EXPECT_NEAR(flat[-1].item<double>(), row.last, 1e-5 * scale) << what;
    EXPECT_NEAR(flat.norm().item<double>(), row.l2, 1e-5 * row.l2) << what;
}

// Computed by a separate PyTorch model of the same layout, with the fill of tests/golden.
TEST(Autoencoder, TwoLevelsOnPicturesThatAreNotSquareMatchASeparateModel) {
    const at::NoGradGuard noGrad;
    const auto model = test::filled<Autoencoder>(tiny({1, 2}, 1, 3));
    EXPECT_EQ(model->spec().parameterCount(), 656'607);
    const LatentMoments moments = model->encode(recordedInput({2, 3, 12, 20}));
    ASSERT_EQ(moments.mean.sizes().vec(), (std::vector<std::int64_t>{2, 3, 6, 10}));
    expectRow(moments.mean, {{0.170168, 0.157271, 0.509346, 0.185062}, 0.05384, 9.4948}, "mean");
    expectRow(moments.logVariance, {{0.194071, 0.389743, 0.332126, 0.141012}, -0.19975, 9.00591}, "log variance");
    expectRow(model->decode(moments.mean), {{0.106627, 0.160325, 0.049892, -0.249752}, -0.089613, 21.64107}, "decoded");
    expectRow(model->decode(recordedStream("latent", {2, 3, 6, 10})),
              {{0.195119, -0.090855, 0.204899, -0.450532}, 0.328136, 21.37124}, "decoded stream");
}

TEST(Autoencoder, ThreeLevelsMatchASeparateModelInBothFormsOfAttention) {
    const at::NoGradGuard noGrad;
    const auto model = test::filled<Autoencoder>(tiny({1, 2, 2}, 2, 4));
    EXPECT_EQ(model->spec().parameterCount(), 1'288'263);
    for (const AttentionKind kind : {AttentionKind::Fused, AttentionKind::Explicit}) {
        model->setAttention(kind);
        const at::Tensor picture = recordedInput({1, 3, 32, 32});
        expectRow(model->encode(picture).mean,
                  {{-0.008794, 0.708866, 0.302447, 0.650015}, -0.138034, 10.24724}, "mean");
        expectRow(model->forward(picture), {{0.019151, 0.210715, 0.421843, 0.24466}, -0.042578, 33.04459}, "forward");
        expectRow(model->decode(recordedStream("latent", {1, 4, 8, 8})),
                  {{0.01369, 0.163341, 0.408458, 0.255435}, -0.031364, 32.07989}, "decoded stream");
    }
}

class Recorder final : public Probe {
public:
    void attention(int layer, const at::Tensor& softmax) override {
        layers.push_back(layer);
        maps.push_back(softmax);
    }
    void blockOutput(int layer, const at::Tensor& tokens) override {
        EXPECT_EQ(layer, layers.back());
        outputs.push_back(tokens);
    }
    std::vector<int> layers;
    std::vector<at::Tensor> maps, outputs;
};

TEST(Autoencoder, AProbeSeesBothAttentionLayersAndChangesNothing) {
    const at::NoGradGuard noGrad;
    const auto model = test::filled<Autoencoder>(tiny({1, 2}, 1, 4));
    model->setAttention(AttentionKind::Explicit);
    const at::Tensor pictures = recordedInput({2, 3, 16, 16}), without = model->forward(pictures);
    Recorder probe;
    EXPECT_TRUE(without.equal(model->forward(pictures, {.probe = &probe})));
    EXPECT_EQ(probe.layers, (std::vector<int>{0, 1}));
    EXPECT_EQ(model->layers(), 2);
    const AttentionGeometry geometry = model->attentionGeometry(1);
    EXPECT_EQ(geometry.queryRows * geometry.queryCols, 64);
    EXPECT_EQ(probe.maps[1].sizes().vec(), (std::vector<std::int64_t>{2, 1, 64, 64}));
    EXPECT_EQ(probe.outputs[0].sizes().vec(), (std::vector<std::int64_t>{2, 64, 64}));
}

TEST(Autoencoder, PiecesOfALargeBatchAreWhatTheWholeGives) {
    const at::NoGradGuard noGrad;
    const auto model = test::filled<Autoencoder>(tiny({1, 1, 1}, 1, 4));
    const at::Tensor latents = recordedInput({65, 4, 32, 32});  // 64 pictures of 128 px are a million pixels
    const at::Tensor pieces = model->decode(latents), last = model->decode(latents.narrow(0, 64, 1));
    ASSERT_EQ(pieces.sizes().vec(), (std::vector<std::int64_t>{65, 3, 128, 128}));
    EXPECT_LE(largestDifference(pieces.narrow(0, 64, 1), last), 1e-5);
    EXPECT_LE(largestDifference(pieces.narrow(0, 9, 1), model->decode(latents.narrow(0, 9, 1))), 1e-5);
}

TEST(Autoencoder, GradientsReachEveryTensorThroughBothHalves) {
    const auto model = test::filled<Autoencoder>(tiny({1, 2}, 1, 4));
    const at::Tensor pictures = recordedInput({2, 3, 16, 16});
    const LatentMoments moments = model->encode(pictures);
    at::Tensor kept;
    {
        const at::NoGradGuard noGrad;
        kept = model->decode(model->encode(pictures).mean);
    }
    const at::Tensor decoded = model->decode(moments.mean);
    EXPECT_LE(largestDifference(decoded.detach(), kept), 1e-5);
    (decoded.square().mean() + moments.logVariance.square().mean()).backward();
    for (const Parameter& parameter : model->parameters()) {
        ASSERT_TRUE(parameter.tensor.grad().defined()) << parameter.name;
        // A softmax does not see what all keys have in common.
        if (parameter.name.ends_with("to_k.bias")) continue;
        EXPECT_GT(parameter.tensor.grad().abs().sum().item<double>(), 0) << parameter.name;
    }
}

TEST(Autoencoder, InitialiseIsBoundedByFanInAndLeavesNormsAlone) {
    const at::NoGradGuard noGrad;
    const auto model = test::filled<Autoencoder>(tiny({1, 2}, 1, 4));
    model->initialise(4);
    for (const Parameter& parameter : model->parameters()) {
        const double largest = parameter.tensor.abs().max().item<double>();
        if (parameter.name.find("norm") != std::string::npos) {
            EXPECT_EQ(largest, parameter.name.ends_with(".weight") ? 1 : 0) << parameter.name;
        } else if (parameter.name == "encoder.conv_in.weight" || parameter.name == "encoder.conv_in.bias") {
            EXPECT_LE(largest, 1 / std::sqrt(27.0)) << parameter.name;
            EXPECT_GT(largest, 0.8 / std::sqrt(27.0)) << parameter.name;
        }
    }
    EXPECT_TRUE(model->forward(recordedInput({1, 3, 16, 16})).isfinite().all().item<bool>());
}

template <class Call>
void expectMismatch(const Call& call) {
    try {
        call();
        FAIL() << "it was accepted";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::Mismatch) << error.message();
        EXPECT_FALSE(error.hint().empty());
    }
}

TEST(Autoencoder, WrongSizesAndSpecsAreRefusedInWords) {
    const auto model = test::filled<Autoencoder>(tiny({1, 2}, 1, 4));
    expectMismatch([&] { model->encode(at::zeros({1, 3, 15, 16})); });
    expectMismatch([&] { model->encode(at::zeros({1, 1, 16, 16})); });
    expectMismatch([&] { model->encode(at::zeros({3, 16, 16})); });
    expectMismatch([&] { model->decode(at::zeros({1, 3, 8, 8})); });
    expectMismatch([&] { model->decode(at::zeros({1, 4, 0, 8})); });
    const auto refused = [](auto change) {
        ModelSpec spec = tiny({1, 2}, 1, 4);
        change(spec);
        try {
            validate(spec);
            return false;
        } catch (const Error& error) {
            return error.code() == ErrorCode::Usage;
        }
    };
    EXPECT_FALSE(refused([](ModelSpec&) {}));
    EXPECT_TRUE(refused([](ModelSpec& s) { s.autoencoder.multipliers.clear(); }));
    EXPECT_TRUE(refused([](ModelSpec& s) { s.autoencoder.multipliers = {1, 1 << 30}; }));
    EXPECT_TRUE(refused([](ModelSpec& s) { s.autoencoder.baseChannels = 48; }));
    EXPECT_TRUE(refused([](ModelSpec& s) { s.autoencoder.latentChannels = 0; }));
    EXPECT_TRUE(refused([](ModelSpec& s) { s.patchSize = 8, s.imageSize = 64; }));
}

}  // namespace
}  // namespace vl
