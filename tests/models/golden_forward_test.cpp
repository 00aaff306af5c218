// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <vector>

#include <ATen/core/grad_mode.h>

#include "engine/nn/recorded_fill.h"
#include "tests/models/golden_case.h"

namespace vl {
namespace {

class BlockRecorder final : public Probe {
public:
    void blockOutput(int layer, const at::Tensor& tokens) override {
        ASSERT_EQ(static_cast<std::size_t>(layer), outputs.size());
        outputs.push_back(tokens);
    }
    std::vector<at::Tensor> outputs;
};

class GoldenForward : public ::testing::TestWithParam<std::string> {};

TEST_P(GoldenForward, NamesShapesAndNumbersAreThePublishedOnes) {
    const at::NoGradGuard noGrad;
    const auto recorded = test::loadGolden(GetParam());
    const auto model = makeModel(test::specOf(recorded));

    const auto& stateDict = recorded.at("state_dict");
    ASSERT_EQ(model->parameters().size(), stateDict.size());
    std::int64_t total = 0;
    for (std::size_t i = 0; i < stateDict.size(); ++i) {
        const Parameter& parameter = model->parameters()[i];
        EXPECT_EQ(parameter.name, stateDict[i][0].get<std::string>());
        EXPECT_EQ(parameter.tensor.sizes().vec(), stateDict[i][1].get<std::vector<std::int64_t>>()) << parameter.name;
        total += parameter.tensor.numel();
    }
    EXPECT_EQ(total, recorded.at("parameters").get<std::int64_t>());
    EXPECT_EQ(total, model->spec().parameterCount());

    fillRecorded(model->parameters());
    const std::int64_t side = model->spec().imageSize;
    const std::int64_t batch = recorded.at("logits").at("shape")[0];
    const at::Tensor input = recordedInput({batch, 3, side, side});

    BlockRecorder blocks;
    ForwardOptions probing;
    probing.probe = &blocks;
    test::expectMatches(model->forward(input, probing), recorded.at("logits"), "explicit logits");
    const auto& expected = recorded.at("blocks");
    ASSERT_EQ(blocks.outputs.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        test::expectMatches(blocks.outputs[i], expected[i], "block " + std::to_string(i));
    }
    model->setAttention(AttentionKind::Fused);
    test::expectMatches(model->forward(input), recorded.at("logits"), "fused logits");
}

std::string caseName(const ::testing::TestParamInfo<std::string>& info) {
    std::string name = info.param;
    for (char& c : name)
        c = std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
    return name;
}

INSTANTIATE_TEST_SUITE_P(Illama, GoldenForward, ::testing::ValuesIn(test::goldenNames("illama_")), caseName);

}  // namespace
}  // namespace vl
