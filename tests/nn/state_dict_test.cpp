// SPDX-License-Identifier: Apache-2.0
#include "engine/nn/state_dict.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/full.h>
#include <ATen/ops/zeros.h>

#include "engine/core/error.h"
#include "engine/nn/recorded_fill.h"
#include "engine/nn/weights_file.h"

namespace vl {
namespace {

ModelSpec smallSpec() {
    ModelSpec spec = findPreset("illama_micro");
    spec.depth = 1;
    return spec;
}

std::unique_ptr<Model> filled(const ModelSpec& spec) {
    auto model = makeModel(spec);
    fillRecorded(model->parameters());
    return model;
}

TensorMap copied(Model& model) {
    TensorMap tensors = stateDict(model);
    for (auto& entry : tensors)
        entry.second = entry.second.clone();
    return tensors;
}

std::string refusal(Model& model, const TensorMap& tensors) {
    try {
        loadStateDict(model, tensors);
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::Mismatch);
        return error.message();
    }
    return "";
}

TEST(StateDict, CopiesEveryTensorAndConvertsItsType) {
    const auto source = filled(smallSpec()), target = makeModel(smallSpec());
    TensorMap tensors = copied(*source);
    tensors["norm.weight"] = tensors["norm.weight"].to(at::kDouble);
    loadStateDict(*target, tensors);
    for (std::size_t i = 0; i < source->parameters().size(); ++i) {
        EXPECT_TRUE(target->parameters()[i].tensor.equal(source->parameters()[i].tensor))
            << source->parameters()[i].name;
        EXPECT_TRUE(target->parameters()[i].tensor.requires_grad());
    }
}

TEST(StateDict, NamesWhatIsMissingUnexpectedOrMisshapenAndChangesNothing) {
    const auto model = filled(smallSpec());
    const TensorMap before = copied(*model);
    TensorMap tensors = copied(*model);
    for (auto& entry : tensors)
        entry.second.zero_();
    tensors.erase("blocks.0.norm1.weight");
    tensors["stem.weight"] = at::zeros({3});
    tensors["head.bias"] = at::zeros({11});
    const std::string message = refusal(*model, tensors);
    EXPECT_NE(message.find("missing blocks.0.norm1.weight"), std::string::npos) << message;
    EXPECT_NE(message.find("unexpected stem.weight"), std::string::npos) << message;
    EXPECT_NE(message.find("head.bias is [11] instead of [10]"), std::string::npos) << message;
    for (const Parameter& parameter : model->parameters())
        EXPECT_TRUE(parameter.tensor.equal(before.at(parameter.name)));
}

TEST(StateDict, LongListsAreCutShort) {
    const auto model = filled(smallSpec());
    const std::string message = refusal(*model, {});
    EXPECT_NE(message.find("and 13 more"), std::string::npos) << message;
    EXPECT_LT(message.size(), 300u);
}

TEST(ResizePositions, KeepsTheClassRowWhereItWas) {
    const at::Tensor positions = at::arange(17 * 2, at::kFloat).view({1, 17, 2});
    const at::Tensor last = resizePositions(positions, 6, ClassToken::Last);
    EXPECT_EQ(last.sizes().vec(), (std::vector<std::int64_t>{1, 37, 2}));
    EXPECT_TRUE(last.select(1, 36).equal(positions.select(1, 16)));
    const at::Tensor first = resizePositions(positions, 6, ClassToken::First);
    EXPECT_TRUE(first.select(1, 0).equal(positions.select(1, 0)));
}

TEST(ResizePositions, ConstantsStayConstantAndTheSameGridStaysTheSame) {
    const at::Tensor constant = at::full({1, 10, 3}, 0.25f);
    EXPECT_LE((resizePositions(constant, 7, ClassToken::Last) - 0.25).abs().max().item<double>(), 1e-6);
    const at::Tensor positions = at::arange(10 * 3, at::kFloat).view({1, 10, 3});
    EXPECT_LE((resizePositions(positions, 3, ClassToken::Last) - positions).abs().max().item<double>(), 1e-5);
}

TEST(ResizePositions, MirroredGridsGiveMirroredResults) {
    const at::Tensor positions = at::zeros({1, 17, 1});
    positions[0][5][0] = 1;  // row 1, column 1
    const at::Tensor mirrored = at::zeros({1, 17, 1});
    mirrored[0][6][0] = 1;  // row 1, column 2
    const auto grid = [](const at::Tensor& p) {
        return resizePositions(p, 8, ClassToken::Last).narrow(1, 0, 64).view({8, 8});
    };
    EXPECT_LE((grid(positions).flip(1) - grid(mirrored)).abs().max().item<double>(), 1e-6);
}

TEST(ResizePositions, RefusesTablesThatAreNoSquareGrid) {
    EXPECT_THROW(resizePositions(at::zeros({1, 12, 4}), 4, ClassToken::Last), Error);
    EXPECT_THROW(resizePositions(at::zeros({12, 4}), 4, ClassToken::Last), Error);
    EXPECT_THROW(resizePositions(at::zeros({1, 1, 4}), 4, ClassToken::Last), Error);
}

class WeightsFile : public ::testing::Test {
protected:
    void SetUp() override { std::filesystem::create_directories(folder_); }
    void TearDown() override { std::filesystem::remove_all(folder_); }
    std::filesystem::path folder_ =
        std::filesystem::temp_directory_path() /
        ("vl_weights_" + std::string(::testing::UnitTest::GetInstance()->current_test_info()->name()));
};

TEST_F(WeightsFile, RoundTripKeepsEveryBitAndTheMetadata) {
    const auto source = filled(smallSpec()), target = makeModel(smallSpec());
    saveWeights(*source, folder_ / "a.safetensors", {{"step", "12"}});
    const Metadata metadata = loadWeights(*target, folder_ / "a.safetensors");
    EXPECT_EQ(metadata.at("step"), "12");
    for (std::size_t i = 0; i < source->parameters().size(); ++i) {
        EXPECT_TRUE(target->parameters()[i].tensor.equal(source->parameters()[i].tensor))
            << source->parameters()[i].name;
    }
}

TEST_F(WeightsFile, OtherTypesAndScalarsSurvive) {
    const TensorMap tensors{{"half", at::full({2, 3}, 0.5, at::kHalf)},
                            {"steps", at::full({}, 41, at::kLong)},
                            {"none", at::zeros({0, 3})}};
    writeTensors(folder_ / "b.safetensors", tensors);
    const TensorMap back = readTensors(folder_ / "b.safetensors");
    ASSERT_EQ(back.size(), 3u);
    for (const auto& [name, tensor] : tensors) {
        EXPECT_EQ(back.at(name).scalar_type(), tensor.scalar_type()) << name;
        EXPECT_TRUE(back.at(name).equal(tensor)) << name;
    }
}

TEST_F(WeightsFile, NonsenseIsABadFile) {
    std::ofstream(folder_ / "c.safetensors") << "this is not a weights file";
    const auto model = filled(smallSpec());
    try {
        loadWeights(*model, folder_ / "c.safetensors");
        FAIL() << "nonsense was loaded";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::BadFile);
    }
    EXPECT_THROW(loadWeights(*model, folder_ / "missing.safetensors"), Error);
}

}  // namespace
}  // namespace vl
