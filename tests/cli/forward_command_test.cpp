// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <fstream>

#include <ATen/ops/arange.h>
#include <ATen/ops/full.h>
#include <ATen/ops/tensor.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "engine/nn/recorded_fill.h"
#include "engine/nn/weights_file.h"
#include "tests/cli/program.h"

namespace vl::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

json recorded(const std::string& name) {
    std::ifstream stream(fs::path(VL_SOURCE_DIR) / "tests/golden" / (name + ".json"));
    return json::parse(stream);
}

/// The first recorded values at 1e-4 of the largest one.
void expectRecorded(const at::Tensor& got, const json& summary, const std::string& what) {
    ASSERT_EQ(got.sizes().vec(), summary.at("shape").get<std::vector<std::int64_t>>()) << what;
    const at::Tensor flat = got.flatten();
    for (std::size_t i = 0; i < summary.at("first").size(); ++i)
        EXPECT_NEAR(flat[static_cast<std::int64_t>(i)].item<double>(), summary["first"][i].get<double>(),
                    1e-4 * summary.at("absmax").get<double>())
            << what;
}

TensorMap forward(const Scratch& scratch, const TensorMap& inputs, std::vector<std::string> arguments) {
    writeTensors(scratch.path() / "x.safetensors", inputs);
    arguments.insert(arguments.begin(), {"forward", "--input", "x.safetensors", "--output", "y.safetensors"});
    const Outcome outcome = runProgram(arguments, scratch.path());
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    return outcome.code == 0 ? readTensors(scratch.path() / "y.safetensors") : TensorMap();
}

TEST(ForwardCommand, GivesAClassifiersRecordedLogitsAndBlocks) {
    const Scratch scratch;
    const json wanted = recorded("vit_llama_rope_small_patch16_224");
    const auto classes = std::to_string(wanted.at("num_classes").get<int>());
    const TensorMap got =
        forward(scratch, {{"input", recordedInput({2, 3, 224, 224})}},
                {"--model", "vit_llama_rope_small_patch16", "--fill", "recorded", "--num-classes", classes});
    ASSERT_TRUE(got.contains("logits"));
    expectRecorded(got.at("logits"), wanted.at("logits"), "logits");
    for (std::size_t i = 0; i < wanted.at("blocks").size(); ++i)
        expectRecorded(got.at("blocks." + std::to_string(i)), wanted["blocks"][i], "blocks." + std::to_string(i));
}

TEST(ForwardCommand, GivesADenoisersRecordedOutputPlainAndGuided) {
    const Scratch scratch;
    const json wanted = recorded("DiT-S_8");
    const TensorMap inputs = {{"input", recordedInput({2, 4, 32, 32})},
                              {"t", at::tensor(wanted.at("t").get<std::vector<double>>())},
                              {"y", at::tensor(wanted.at("y").get<std::vector<std::int64_t>>())}};
    const TensorMap plain = forward(scratch, inputs, {"--model", "DiT-S/8", "--fill", "recorded"});
    ASSERT_TRUE(plain.contains("output"));
    expectRecorded(plain.at("output"), wanted.at("output"), "output");
    EXPECT_TRUE(plain.contains("blocks.11"));
    const TensorMap guided = forward(scratch, inputs, {"--model", "DiT-S/8", "--fill", "recorded", "--cfg", "4"});
    ASSERT_TRUE(guided.contains("output"));
    // Guidance touches the first three channels; the first half's others are the plain pass's.
    EXPECT_FALSE(guided.at("output")[0][0].allclose(plain.at("output")[0][0]));
    EXPECT_TRUE(guided.at("output")[0].narrow(0, 3, 1).allclose(plain.at("output")[0].narrow(0, 3, 1), 1e-4, 1e-4));
}

TEST(ForwardCommand, SaysWhatADenoiserNeeds) {
    const Scratch scratch;
    const auto refuses = [&](const TensorMap& inputs, const std::string& mentions, const std::string& extra = {}) {
        writeTensors(scratch.path() / "x.safetensors", inputs);
        std::vector<std::string> arguments{"forward", "--model",       "DiT-S/8",  "--fill",       "recorded",
                                           "--input", "x.safetensors", "--output", "y.safetensors"};
        if (!extra.empty()) arguments.insert(arguments.end(), {"--cfg", extra});
        const Outcome outcome = runProgram(arguments, scratch.path());
        EXPECT_EQ(outcome.code, 1) << outcome.err;
        EXPECT_EQ(outcome.errorLines(), 1) << outcome.err;
        EXPECT_NE(outcome.err.find(mentions), std::string::npos) << outcome.err;
    };
    const at::Tensor x = recordedInput({1, 4, 32, 32}), t = at::full({1}, 3.0), y = at::arange(1);
    refuses({{"t", t}, {"y", y}}, "'input'");
    refuses({{"input", x}, {"y", y}}, "'t'");
    refuses({{"input", x}, {"t", t}}, "'y'");
    refuses({{"input", x}, {"t", at::full({2}, 3.0)}, {"y", y}}, "one entry");
    refuses({{"input", x}, {"t", t}, {"y", at::full({1}, 2000, at::kLong)}}, "class");
    refuses({{"input", x}, {"t", t}, {"y", y}}, "halves", "1.5");
    EXPECT_FALSE(fs::exists(scratch.path() / "y.safetensors"));
}

TEST(ForwardCommand, RefusesAHeadOfAnotherSizeInsteadOfInventingOne) {
    const Scratch scratch;
    ModelSpec spec = findPreset("illama_micro");
    const auto model = makeModel(spec);
    model->initialise(1);
    saveWeights(*model, scratch.path() / "w.safetensors");
    writeTensors(scratch.path() / "x.safetensors", {{"input", recordedInput({1, 1, 32, 32})}});
    const Outcome outcome = runProgram({"forward", "--model", "illama_micro", "--num-classes", "7", "--weights",
                                        "w.safetensors", "--input", "x.safetensors", "--output", "y.safetensors"},
                                       scratch.path());
    EXPECT_EQ(outcome.code, 1);
    EXPECT_EQ(outcome.errorLines(), 1) << outcome.err;
    EXPECT_NE(outcome.err.find("head"), std::string::npos) << outcome.err;
    EXPECT_FALSE(fs::exists(scratch.path() / "y.safetensors"));
}

}  // namespace
}  // namespace vl::test
