// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <map>
#include <memory>

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/zeros.h>

#include "engine/core/error.h"
#include "engine/models/detector_heads.h"
#include "engine/models/fpn.h"
#include "engine/models/windowed_backbone.h"
#include "engine/nn/detector.h"
#include "engine/nn/recorded_fill.h"
#include "tests/models/crc_fill.h"

namespace vl {
namespace {

/// The small encoder of models.md B.6 at 320 px: window block 0, global block 1.
ModelSpec smallEncoder(const std::string& reduction) {
    ModelSpec spec = findPreset("vitdet_vision_llama_base");
    spec.dim = 128, spec.depth = 2, spec.heads = 4, spec.ffnHidden = wideSwigluHidden(256);
    spec.imageSize = 320;
    spec.detect.windowBlocks = {0};
    spec.detect.globalReduction = reduction;
    spec.detect.fpnChannels = spec.detect.maskChannels = 16;
    spec.detect.fcChannels = 32;
    spec.numClasses = 3;
    return spec;
}

ModelSpec smallPyramid() {
    ModelSpec spec = findPreset("mask_rcnn_pllama_base");
    spec.pyramid.stages = {{16, 2, 1, 256, 8}, {32, 2, 2, 256, 4}, {64, 2, 4, 256, 2}, {128, 2, 8, 512, 1}};
    spec.dim = 128, spec.depth = 8, spec.heads = 8, spec.ffnHidden = 512;
    spec.imageSize = 128;
    spec.detect.fpnChannels = spec.detect.maskChannels = 16;
    spec.detect.fcChannels = 32;
    spec.numClasses = 3;
    return spec;
}

std::unique_ptr<Detector> makeDetector(const ModelSpec& spec) {
    auto model = makeModel(spec);
    fillRecorded(model->parameters());
    return std::unique_ptr<Detector>(dynamic_cast<Detector*>(model.release()));
}

double value(const at::Tensor& tensor, std::int64_t index) {
    return tensor.flatten()[index < 0 ? tensor.numel() + index : index].item<double>();
}

struct Vector {
    const char* reduction;
    std::vector<double> first;
    double last, norm;
};

TEST(WindowedBackbone, ReproducesTheReferenceVectors) {
    const Vector rows[] = {
        {"", {0.876915, 2.085832, 0.458061, 0.963295, 0.115880, -1.336554}, -0.412535, 178.55667},
        {"conv", {0.857193, 2.099269, 0.464988}, -0.332026, 179.41992},
        {"average", {0.875065, 2.085656, 0.447288}, -0.418377, 178.54234},
    };
    const at::NoGradGuard noGrad;
    for (const Vector& row : rows) {
        const ModelSpec spec = smallEncoder(row.reduction);
        ParameterList parameters;
        const WindowedBackbone backbone(parameters, "", spec);
        test::fillByCrc(parameters.items());
        const at::Tensor out = backbone.features(test::crcStream("input", {1, 3, 320, 320}), {});
        ASSERT_EQ(out.sizes(), (std::vector<std::int64_t>{1, 128, 20, 20}));
        for (std::size_t i = 0; i < row.first.size(); ++i)
            EXPECT_NEAR(value(out, static_cast<std::int64_t>(i)), row.first[i], 2e-5) << row.reduction << " " << i;
        EXPECT_NEAR(value(out, -1), row.last, 2e-5) << row.reduction;
        EXPECT_NEAR(out.to(at::kDouble).norm().item<double>(), row.norm, 1e-3) << row.reduction;
    }
}

TEST(SimpleFpn, ReproducesTheReferenceVectors) {
    const double first[] = {-1.315459, 1.238674, -0.652261, 0.032164, 0.032164};
    const double norm[] = {182.30605, 90.43308, 45.67370, 22.09761, 11.05656};
    const at::NoGradGuard noGrad;
    ParameterList parameters;
    const SimpleFpn neck(parameters, "neck", 128, 32);
    test::fillByCrc(parameters.items(), "neck.");
    const std::vector<at::Tensor> levels = neck({test::crcStream("feat", {1, 128, 8, 8})});
    ASSERT_EQ(levels.size(), 5u);
    for (std::size_t i = 0; i < levels.size(); ++i) {
        EXPECT_NEAR(value(levels[i], 0), first[i], 2e-5) << i;
        EXPECT_NEAR(levels[i].to(at::kDouble).norm().item<double>(), norm[i], 1e-3) << i;
    }
}

TEST(Fpn, EachLevelSeesTheCoarserOnes) {
    const at::NoGradGuard noGrad;
    ParameterList parameters;
    const Fpn neck(parameters, "neck", {1, 1}, 1);
    for (const Parameter& parameter : parameters.items()) {
        // Laterals pass on, outputs take the centre of their 3 x 3.
        if (!parameter.name.ends_with("conv.weight")) continue;
        const std::int64_t middle = parameter.tensor.size(2) / 2;
        parameter.tensor.select(2, middle).select(2, middle).fill_(1);
    }
    at::Tensor coarse = at::zeros({1, 1, 2, 3});
    coarse[0][0][1][2] = 5;
    const std::vector<at::Tensor> levels = neck({at::zeros({1, 1, 4, 5}), coarse});  // an odd side: to the exact size
    ASSERT_EQ(levels.size(), 3u);
    EXPECT_EQ(levels[0].sizes(), (std::vector<std::int64_t>{1, 1, 4, 5}));
    EXPECT_EQ(levels[0][0][0][3][4].item<float>(), 5);
    EXPECT_EQ(levels[2].sizes(), (std::vector<std::int64_t>{1, 1, 1, 2}));
}

class EveryDetector : public ::testing::TestWithParam<const char*> {
protected:
    static ModelSpec spec() {
        const std::string which = GetParam();
        return which == "pyramid" ? smallPyramid() : smallEncoder(which == "windowed" ? "" : which);
    }
};

TEST_P(EveryDetector, CountsWhatItHolds) {
    std::int64_t held = 0;
    for (const Parameter& parameter : describeParameters(spec()))
        held += parameter.tensor.numel();
    EXPECT_EQ(held, spec().parameterCount());
}

TEST_P(EveryDetector, GivesMapsOfEveryStride) {
    const at::NoGradGuard noGrad;
    const auto detector = makeDetector(spec());
    const std::int64_t side = spec().imageSize;
    const std::vector<at::Tensor> maps = detector->features(recordedInput({1, 3, side, side}), {});
    ASSERT_EQ(maps.size(), 5u);
    for (std::size_t i = 0; i < maps.size(); ++i) {
        EXPECT_EQ(maps[i].size(1), 16);
        EXPECT_EQ(maps[i].size(2), side >> (i + 2));
    }
    const ProposalMaps proposals = detector->propose(maps);
    EXPECT_EQ(proposals.scores[1].size(1), 3);
    EXPECT_EQ(proposals.deltas[1].size(1), 12);
    const BoxHeadOutput boxes = detector->boxHead(at::zeros({2, 16, 7, 7}));
    EXPECT_EQ(boxes.scores.sizes(), (std::vector<std::int64_t>{2, 4}));
    EXPECT_EQ(boxes.deltas.sizes(), (std::vector<std::int64_t>{2, 12}));
    EXPECT_EQ(detector->maskHead(at::zeros({2, 16, 14, 14})).sizes(), (std::vector<std::int64_t>{2, 3, 28, 28}));
}

/// Shapes of all that a detector tells.
class Witness final : public Probe {
public:
    void attention(int layer, const at::Tensor& softmax) override { maps[layer] = softmax; }
    void blockOutput(int layer, const at::Tensor& tokens) override { outputs[layer] = tokens; }
    std::map<int, at::Tensor> maps, outputs;
};

TEST_P(EveryDetector, LookingDoesNotChangeTheAnswerAndEveryLayerIsSeen) {
    const at::NoGradGuard noGrad;
    const auto detector = makeDetector(spec());
    const at::Tensor images = recordedInput({2, 3, spec().imageSize, spec().imageSize});
    Witness witness;
    ForwardOptions looking;
    looking.probe = &witness;
    const at::Tensor seen = detector->features(images, looking)[0], blind = detector->features(images, {})[0];
    EXPECT_LT((seen - blind).abs().max().item<double>(), 2e-5 * blind.abs().max().item<double>());
    for (int layer = 0; layer < detector->layers(); ++layer) {
        ASSERT_EQ(witness.outputs.count(layer), 1u) << layer;
        ASSERT_EQ(witness.maps.count(layer), 1u) << layer;
        const AttentionGeometry geometry = detector->attentionGeometry(layer);
        const at::Tensor& map = witness.maps[layer];
        if (geometry.window > 0) {
            EXPECT_EQ(map.size(0), 2 * geometry.windowRows * geometry.windowCols) << layer;
            EXPECT_EQ(map.size(3), geometry.window * geometry.window) << layer;
        } else {
            EXPECT_EQ(map.size(2), geometry.queryRows * geometry.queryCols) << layer;
            EXPECT_EQ(map.size(3), geometry.keyRows * geometry.keyCols) << layer;
        }
    }
}

TEST_P(EveryDetector, InitialWeightsAreFiniteAndRepeatable) {
    const at::NoGradGuard noGrad;
    const auto one = makeModel(spec()), other = makeModel(spec());
    one->initialise(7), other->initialise(7);
    for (std::size_t i = 0; i < one->parameters().size(); ++i) {
        const Parameter& parameter = one->parameters()[i];
        EXPECT_TRUE(parameter.tensor.isfinite().all().item<bool>()) << parameter.name;
        EXPECT_TRUE(parameter.tensor.equal(other->parameters()[i].tensor)) << parameter.name;
        if (parameter.name.starts_with("backbone.")) continue;  // the backbones' own tests say more
        EXPECT_EQ(parameter.tensor.abs().max().item<double>() == 0, parameter.name.ends_with(".bias"))
            << parameter.name;
    }
}

TEST_P(EveryDetector, AsksForDetectionsInsteadOfOneTensorAndForItsOwnSize) {
    const auto detector = makeDetector(spec());
    EXPECT_THROW(detector->forward(at::zeros({1, 3, 64, 64})), Error);
    try {
        detector->features(at::zeros({1, 3, 100, 100}), {});
        FAIL() << "a size that does not fit was accepted";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::Mismatch);
    }
}

INSTANTIATE_TEST_SUITE_P(Kinds, EveryDetector, ::testing::Values("pyramid", "windowed", "conv", "average"));

TEST(MaskRcnn, ThePyramidTakesPicturesOfOtherSides) {
    const at::NoGradGuard noGrad;
    const auto detector = makeDetector(smallPyramid());
    const std::vector<at::Tensor> maps = detector->features(recordedInput({1, 3, 96, 160}), {});
    EXPECT_EQ(maps[0].sizes(), (std::vector<std::int64_t>{1, 16, 24, 40}));
    EXPECT_EQ(maps[4].sizes(), (std::vector<std::int64_t>{1, 16, 2, 3}));
}

TEST(MaskRcnn, ProposalScoresStartSmall) {
    const auto model = makeModel(smallPyramid());
    model->initialise(1);
    for (const Parameter& parameter : model->parameters()) {
        if (parameter.name != "rpn_head.rpn_conv.weight") continue;
        EXPECT_NEAR(parameter.tensor.std().item<double>(), 0.01, 0.001);  // models.md 9.1's head: N(0, 0.01)
    }
}

}  // namespace
}  // namespace vl
