// SPDX-License-Identifier: Apache-2.0
#include "engine/checkpoint/weight_selection.h"

#include <gtest/gtest.h>

#include <numeric>

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/full.h>

#include "tests/checkpoint/checkpoint_builder.h"
#include "tests/core/expect_error.h"
#include "tests/core/scratch_folder.h"

namespace vl {
namespace {

using Indices = std::vector<std::int64_t>;

struct PublishedSelection {
    std::int64_t from, to;
    Indices first;
    std::int64_t sum;
};

// models.md 3.6: the sizes that occur, with the sum of all indices.
const PublishedSelection kPublished[] = {{4096, 192, {0, 21, 43, 64, 86, 107, 129, 150}, 393'120},
                                         {12288, 576, {0, 21, 43, 64, 85, 107, 128, 150}, 3'538'656},
                                         {11008, 512, {0, 22, 43, 65, 86, 108, 129, 151}, 2'817'792},
                                         {4096, 384, {0, 11, 21, 32, 43, 53, 64, 75}, 786'240},
                                         {12288, 1152, {0, 11, 21, 32, 43, 53, 64, 75}, 7'077'312},
                                         {11008, 1024, {0, 11, 22, 32, 43, 54, 65, 75}, 5'635'584},
                                         {4096, 768, {0, 5, 11, 16, 21, 27, 32, 37}, 1'572'480},
                                         {12288, 2304, {0, 5, 11, 16, 21, 27, 32, 37}, 14'154'625},
                                         {11008, 2048, {0, 5, 11, 16, 22, 27, 32, 38}, 11'271'168}};

TEST(SelectedIndices, AreThePublishedOnes) {
    for (const PublishedSelection& row : kPublished) {
        const auto indices = selectedIndices(row.from, row.to);
        EXPECT_EQ(Indices(indices.begin(), indices.begin() + 8), row.first) << row.from << " to " << row.to;
        EXPECT_EQ(indices.back(), row.from - 1);
        EXPECT_EQ(std::accumulate(indices.begin(), indices.end(), std::int64_t{0}), row.sum)
            << row.from << " to " << row.to;
    }
    const auto qkv = selectedIndices(12288, 576);
    EXPECT_EQ(qkv[191], 4081);
    EXPECT_EQ(qkv[192], 4103);
    EXPECT_EQ(qkv[383], 8184);
    EXPECT_EQ(qkv[384], 8206);
}

TEST(SelectedIndices, StepEvenlyWhereTheSizesDivide) {
    EXPECT_EQ(selectedIndices(8, 4), (Indices{0, 2, 4, 6}));
    EXPECT_EQ(selectedIndices(5, 5), (Indices{0, 1, 2, 3, 4}));
    EXPECT_EQ(selectedIndices(7, 1), (Indices{0}));
    EXPECT_EQ(selectedIndices(5, 3), (Indices{0, 2, 4}));
    test::expectError(ErrorCode::Mismatch, [] { selectedIndices(3, 4); });
    test::expectError(ErrorCode::Mismatch, [] { selectedIndices(3, 0); });
}

/// 12 wide, 20 hidden, one layer; every number is its own place in its tensor, so that what was taken can be read off.
std::vector<std::pair<std::string, at::Tensor>> tinyLlama(int layers) {
    std::vector<std::pair<std::string, at::Tensor>> tensors;
    const auto counted = [](std::int64_t rows, std::int64_t columns, int from) {
        return (at::arange(rows * columns, at::kFloat) + from)
            .reshape({rows, columns})
            .to(at::kBFloat16)
            .to(at::kFloat);
    };
    for (int i = 0; i < layers; ++i) {
        const std::string layer = "model.layers." + std::to_string(i) + ".";
        tensors.emplace_back(layer + "input_layernorm.weight", at::arange(12, at::kFloat) + 100 * i);
        tensors.emplace_back(layer + "post_attention_layernorm.weight", at::arange(12, at::kFloat) + 50);
        for (const char* name : {"q", "k", "v", "o"})
            tensors.emplace_back(layer + "self_attn." + name + "_proj.weight",
                                 counted(12, 12, name[0] == 'k' ? 1000 : 0));
        tensors.emplace_back(layer + "mlp.gate_proj.weight", counted(20, 12, 0));
        tensors.emplace_back(layer + "mlp.up_proj.weight", counted(20, 12, 0));
        tensors.emplace_back(layer + "mlp.down_proj.weight", counted(12, 20, 0));
    }
    tensors.emplace_back("lm_head.weight", counted(3, 12, 0));
    return tensors;
}

ModelSpec tinyStudent() {
    ModelSpec spec = findPreset("illama_micro");
    spec.dim = 8;
    spec.heads = 2;
    spec.depth = 2;
    spec.ffnHidden = 10;
    return spec;
}

TEST(SelectWeights, TakesTheSameRowsAndColumnsOfEveryTensor) {
    const test::ScratchFolder folder;
    test::writePthTensors(folder / "llama.bin", tinyLlama(3));
    const auto selected = selectWeights(folder / "llama.bin", tinyStudent());
    EXPECT_EQ(selected.size(), 14u);  // seven a layer
    // 12 to 8: 11 / 7 = 1.571 apart: 0, 1.57, 3.14, 4.71, 6.29, 7.86, 9.43, 11.
    const Indices columns{0, 2, 3, 5, 6, 8, 9, 11};
    const auto& norm = selected.at("blocks.1.norm1.weight");
    for (std::size_t i = 0; i < columns.size(); ++i)
        EXPECT_EQ(norm[static_cast<std::int64_t>(i)].item<float>(), static_cast<float>(columns[i] + 100));
    // 36 rows of q, k and v to 24: 35 / 23 apart; row 8 is 12.17, the first row of k.
    const auto& qkv = selected.at("blocks.0.attn.qkv.weight");
    EXPECT_EQ(qkv.sizes(), (Indices{24, 8}));
    EXPECT_EQ(qkv[8][1].item<float>(), at::full({}, 1002, at::kFloat).to(at::kBFloat16).to(at::kFloat).item<float>());
    // 20 to 10 divides: every second row; columns rounded as above.
    EXPECT_EQ(selected.at("blocks.0.mlp.fc1.weight")[3][2].item<float>(), 6 * 12 + 3);
    EXPECT_EQ(selected.at("blocks.0.mlp.fc2.weight")[2][3].item<float>(), 3 * 20 + 6);
    EXPECT_EQ(selected.at("blocks.0.mlp.fc3.weight").scalar_type(), at::kFloat);
}

TEST(SelectWeights, RefusesWhatDoesNotFit) {
    const test::ScratchFolder folder;
    test::writePthTensors(folder / "llama.bin", tinyLlama(1));
    test::expectError(ErrorCode::Mismatch, [&] { selectWeights(folder / "llama.bin", tinyStudent()); });  // one layer
    ModelSpec wide = tinyStudent();
    wide.depth = 1;
    wide.dim = 16;
    test::expectError(ErrorCode::Mismatch, [&] { selectWeights(folder / "llama.bin", wide); });
    test::writePthTensors(folder / "other.bin", {{"x", at::arange(3, at::kFloat)}});
    test::expectError(ErrorCode::Mismatch, [&] { selectWeights(folder / "other.bin", tinyStudent()); });
}

}  // namespace
}  // namespace vl
