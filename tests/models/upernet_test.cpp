// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/rand.h>

#include "engine/models/feature_dropout.h"
#include "engine/nn/recorded_fill.h"
#include "engine/nn/segmenter.h"
#include "tests/core/expect_error.h"
#include "tests/models/small_models.h"

namespace vl {
namespace {

using test::filled;
using test::largestDifference;
using test::pictures;

ModelSpec shortened(const std::string& preset) {
    ModelSpec spec = findPreset(preset);
    spec.numClasses = 6;
    spec.segment.headChannels = 16;
    spec.segment.auxChannels = 8;
    if (spec.segment.backbone == "pyramid") {
        spec.imageSize = 64;
        spec.depth = 0;
        for (PyramidStage& stage : spec.pyramid.stages) {
            stage.dim /= 4, stage.heads = stage.dim / 16, stage.ffnHidden = 32, stage.depth = 2;
            spec.depth += stage.depth;
        }
        spec.dim = spec.pyramid.stages.back().dim;
        spec.heads = spec.pyramid.stages.back().heads;
    } else {
        spec.imageSize = 32;
        spec.patchSize = 8;
        spec.dim = 32, spec.heads = 4, spec.depth = 3, spec.ffnHidden = 32;
        spec.segment.outLayers = {0, 1, 1, 2};
    }
    return spec;
}

struct Count {
    const char* preset;
    const char* part;
    std::int64_t parameters;
};

class PublishedHeadCount : public ::testing::TestWithParam<Count> {};

TEST_P(PublishedHeadCount, FormulaAndTensorsAgreeWithIt) {
    const auto& [preset, part, parameters] = GetParam();
    std::int64_t formula = 0, tensors = 0;
    for (const LayerCost& layer : layerCosts(findPreset(preset)))
        formula += layer.name.starts_with(part) ? layer.parameters : 0;
    for (const Parameter& parameter : describeParameters(findPreset(preset))) {
        const bool counts = parameter.kind != ParameterKind::Buffer && parameter.name.starts_with(part);
        tensors += counts ? parameter.tensor.numel() : 0;
    }
    EXPECT_EQ(formula, parameters);
    EXPECT_EQ(tensors, parameters);
}

// models.md 8.1 and 8.2
INSTANTIATE_TEST_SUITE_P(Sizes, PublishedHeadCount,
                         ::testing::Values(Count{"upernet_pllama_as_small", "backbone.", 25'391'872},
                                           Count{"upernet_pllama_as_small", "decode_head.", 29'678'742},
                                           Count{"upernet_pllama_as_small", "auxiliary_head.", 628'886},
                                           Count{"upernet_pllama_as_base", "backbone.", 55'261'824},
                                           Count{"upernet_pllama_as_base", "decode_head.", 31'497'366},
                                           Count{"upernet_pllama_as_base", "auxiliary_head.", 923'798},
                                           Count{"upernet_pllama_as_large", "backbone.", 103'697'920},
                                           Count{"upernet_pllama_as_large", "decode_head.", 33'315'990},
                                           Count{"upernet_pllama_as_large", "auxiliary_head.", 1'218'710},
                                           Count{"upernet_vision_llama_base", "backbone.", 256'460'544},
                                           Count{"upernet_vision_llama_base", "neck.", 7'081'728},
                                           Count{"upernet_vision_llama_base", "decode_head.", 67'963'542},
                                           Count{"upernet_vision_llama_base", "auxiliary_head.", 1'808'534},
                                           Count{"upernet_vision_llama_large", "backbone.", 914'846'720},
                                           Count{"upernet_vision_llama_large", "neck.", 12'588'032},
                                           Count{"upernet_vision_llama_large", "decode_head.", 120'764'566},
                                           Count{"upernet_vision_llama_large", "auxiliary_head.", 2'398'358}));

TEST(UperNetPresets, IllamaTotalsAreThePapers) {
    // iLLaMA, table 10: 10.86 and 163.22 million
    EXPECT_NEAR(static_cast<double>(findPreset("upernet_illama_tiny").parameterCount()) / 1e6, 10.86, 0.005);
    EXPECT_NEAR(static_cast<double>(findPreset("upernet_illama_base").parameterCount()) / 1e6, 163.22, 0.005);
}

class EachBackbone : public ::testing::TestWithParam<std::string> {};

INSTANTIATE_TEST_SUITE_P(UperNet, EachBackbone,
                         ::testing::Values("upernet_pllama_as_small", "upernet_vision_llama_base",
                                           "upernet_illama_tiny"));

class Recorder final : public Probe {
public:
    void attention(int layer, const at::Tensor& softmax) override {
        EXPECT_EQ(static_cast<std::size_t>(layer), maps.size());
        maps.push_back(softmax);
    }
    void blockOutput(int layer, const at::Tensor&) override { EXPECT_EQ(layer, blocks++); }
    void output(std::string_view name, const at::Tensor&) override { names.emplace_back(name); }
    std::vector<at::Tensor> maps;
    std::vector<std::string> names;
    int blocks = 0;
};

TEST_P(EachBackbone, ProbeChangesNothingAndHearsEveryLayer) {
    const at::NoGradGuard noGrad;
    const ModelSpec spec = shortened(GetParam());
    const auto model = filled(spec);
    Recorder recorder;
    ForwardOptions probing;
    probing.probe = &recorder;
    const at::Tensor seen = model->forward(pictures(spec, 1), probing), unseen = model->forward(pictures(spec, 1));
    EXPECT_EQ(seen.sizes().vec(), (std::vector<std::int64_t>{1, 6, spec.imageSize, spec.imageSize}));
    EXPECT_LT(largestDifference(seen, unseen), 1e-4);
    EXPECT_EQ(recorder.blocks, model->layers());
    ASSERT_EQ(static_cast<int>(recorder.maps.size()), model->layers());
    EXPECT_EQ(recorder.names.back(), "psp");
    for (int layer = 0; layer < model->layers(); ++layer) {
        const AttentionGeometry geometry = model->attentionGeometry(layer);
        const std::int64_t windows = geometry.window ? geometry.windowRows * geometry.windowCols : 1;
        EXPECT_EQ(recorder.maps[static_cast<std::size_t>(layer)].size(0), windows) << layer;
    }
}

TEST_P(EachBackbone, BackwardReachesEveryTrainedTensor) {
    const ModelSpec spec = shortened(GetParam());
    const auto owned = filled(spec);
    auto& model = dynamic_cast<Segmenter&>(*owned);
    model.setDropPath(0.1);
    const SegmentOutput output = model.segment(pictures(spec, 2), {.training = true});
    (output.logits.square().sum() + output.auxiliary.square().sum()).backward();
    for (const Parameter& parameter : model.parameters()) {
        EXPECT_EQ(parameter.tensor.grad().defined(), parameter.kind == ParameterKind::Trained) << parameter.name;
        if (parameter.name.ends_with("num_batches_tracked")) {
            EXPECT_EQ(parameter.tensor.item<std::int64_t>(), 1) << parameter.name;
        }
    }
}

TEST_P(EachBackbone, StartsFromFiniteLogitsAndUnitStatistics) {
    const at::NoGradGuard noGrad;
    const ModelSpec spec = shortened(GetParam());
    const auto model = makeModel(spec);
    model->initialise(11);
    EXPECT_TRUE(model->forward(pictures(spec, 1)).isfinite().all().item<bool>());
    for (const Parameter& parameter : model->parameters()) {
        if (parameter.name.ends_with("running_var")) {
            EXPECT_EQ(parameter.tensor.min().item<double>(), 1);
        } else if (parameter.name.ends_with("conv_seg.weight")) {
            EXPECT_LT(parameter.tensor.abs().max().item<double>(), 0.06);  // deviation 0.01
        }
    }
}

TEST_P(EachBackbone, RefusesWhatItCannotTake) {
    const ModelSpec spec = shortened(GetParam());
    const auto owned = filled(spec);
    auto& model = dynamic_cast<Segmenter&>(*owned);
    test::expectError(ErrorCode::Mismatch, [&] { model.forward(at::rand({1, 3, 40, 36})); });
    test::expectError(ErrorCode::Usage, [&] { model.segment(pictures(spec, 1), {.training = true}); });
    test::expectError(ErrorCode::Usage, [&] { model.setHeadDropout(1); });
    test::expectError(ErrorCode::Usage, [&] { model.setSoftMask(model.hasSoftMask() ? 1.5 : 0.5); });
}

TEST(UperNet, SoftMaskReachesTheBackbone) {
    const at::NoGradGuard noGrad;
    const ModelSpec spec = shortened("upernet_illama_tiny");
    const auto model = filled(spec);
    const at::Tensor causal = model->forward(pictures(spec, 1));
    model->setSoftMask(1);
    EXPECT_EQ(model->softMask(), 1);
    EXPECT_GT(largestDifference(model->forward(pictures(spec, 1)), causal), 1e-4);
}

TEST(UperNet, UnknownBackbonesAndLayersAreRefused) {
    ModelSpec spec = shortened("upernet_vision_llama_base");
    spec.segment.backbone = "swin";
    test::expectError(ErrorCode::Usage, [&] { validate(spec); });
    spec = shortened("upernet_vision_llama_base");
    spec.segment.outLayers = {0, 1, 2, 3};
    test::expectError(ErrorCode::Usage, [&] { validate(spec); });
    spec.segment.outLayers = {0, 1};
    test::expectError(ErrorCode::Usage, [&] { validate(spec); });
}

TEST(FeatureDropout, DropsWholeChannelsAtTheRateAndRepeats) {
    const at::Tensor x = at::ones({4, 500, 2, 2});
    ForwardOptions options;
    options.training = true, options.seed = 9, options.step = 4;
    const at::Tensor dropped = featureDropout(x, 0.1, "head", options);
    EXPECT_TRUE(dropped.amax({2, 3}).equal(dropped.amin({2, 3})));
    EXPECT_NEAR(dropped.eq(0).to(at::kFloat).mean().item<double>(), 0.1, 0.02);
    EXPECT_NEAR(dropped.max().item<double>(), 1 / 0.9, 1e-6);
    EXPECT_TRUE(featureDropout(x, 0.1, "head", options).equal(dropped));
    EXPECT_FALSE(featureDropout(x, 0.1, "other", options).equal(dropped));
    options.training = false;
    EXPECT_TRUE(featureDropout(x, 0.1, "head", options).equal(x));
}

}  // namespace
}  // namespace vl
