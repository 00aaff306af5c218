// SPDX-License-Identifier: Apache-2.0
// Files made to mislead recognition: vl::Error is all that may come out, and memory stays within what a file explains.
#include <gtest/gtest.h>

#include <algorithm>

#include "engine/checkpoint/checkpoint.h"
#include "engine/core/random.h"
#include "tests/checkpoint/checkpoint_builder.h"
#include "tests/core/expect_error.h"
#include "tests/core/scratch_folder.h"
#include "tests/io/pth_builder.h"

namespace vl {
namespace {

namespace op = test::op;
using test::NamesAndShapes;
using test::ScratchFolder;

TEST(HostileCheckpoint, CannotAskForEndlessLayers) {
    auto shapes = test::namesOf(describeParameters(findPreset("illama_micro")));
    shapes.emplace_back("blocks.99999999999999999999.norm1.weight", std::vector<std::int64_t>{1});
    shapes.emplace_back("blocks.99999.norm1.weight", std::vector<std::int64_t>{1});
    shapes.emplace_back("blocks.-1.norm1.weight", std::vector<std::int64_t>{1});
    const ScratchFolder folder;
    const auto r = inspectCheckpoint(test::writeHollow(folder / "x.safetensors", shapes)).recognition;
    EXPECT_EQ(r.spec.depth, 4);
    EXPECT_EQ(r.unexpected.size(), 3u);
}

/// A million rows that repeat one number: a few bytes of file, gigabytes of model.
TEST(HostileCheckpoint, CannotAskForMoreThanItHolds) {
    const auto storage = op::storage("FloatStorage", "0", 1024);
    const auto repeated = [&](std::initializer_list<std::int64_t> shape, std::initializer_list<std::int64_t> strides) {
        return op::tensor(storage, 0, shape, strides);
    };
    const auto pickle = op::dict({{"cls_token", repeated({1, 1, 1024}, {0, 0, 1})},
                                  {"pos_embed", repeated({1, 1048577, 1024}, {0, 0, 1})},
                                  {"patch_embed.proj.weight", repeated({1024, 3, 4, 4}, {0, 0, 0, 0})},
                                  {"blocks.0.mlp.fc1.weight", repeated({1048576, 1024}, {0, 1})},
                                  {"blocks.0.mlp.fc3.weight", repeated({1048576, 1024}, {0, 1})}});
    const ScratchFolder folder;
    const auto file = test::put(folder / "x.pth", test::zipPth(pickle, {std::string(4096, 'a')}));
    EXPECT_FALSE(inspectCheckpoint(file).recognition.known);
    test::expectError(ErrorCode::Mismatch, [&] { openModel(file); });
}

/// Sound names with shapes drawn at random, so that the readers of sizes meet zeros, ones and misfits.
TEST(HostileCheckpoint, SurvivesAnyShapes) {
    std::vector<NamesAndShapes> kinds;
    for (const char* name : {"illama_micro", "vit_llama_rope_small_patch16", "pllama_wols_small_patch16",
                             "twins_svt_small", "vision_llama_base_patch16_mae", "DiTLLaMA_B_4"}) {
        ModelSpec spec = findPreset(name);
        if (spec.pyramid.stages.empty()) spec.depth = 1;
        try {
            kinds.push_back(test::namesOf(describeParameters(spec)));
        } catch (const Error&) {  // not in this build
        }
    }
    constexpr std::int64_t sizes[] = {0, 1, 2, 3, 4, 7, 16, 64, 196, 197};
    const ScratchFolder folder;
    const RandomStream random(11, 4);
    std::uint64_t draw = 0;
    for (const auto& kind : kinds) {
        for (int round = 0; round < 60; ++round) {
            auto shapes = kind;
            for (auto& [name, shape] : shapes) {
                for (auto& size : shape)
                    if (size > 256 || random.below(++draw, 4) == 0) size = sizes[random.below(++draw, 10)];
                if (random.below(++draw, 8) == 0) shape.resize(random.below(++draw, 5), 1);
                if (random.below(++draw, 16) == 0) name[random.below(++draw, name.size())] = '7';
            }
            std::sort(shapes.begin(), shapes.end());
            shapes.erase(std::unique(shapes.begin(), shapes.end(),
                                     [](const auto& a, const auto& b) { return a.first == b.first; }),
                         shapes.end());
            const auto file = test::writeHollow(folder / "x.safetensors", shapes);
            test::survives([&] { openModel(file); });
            CheckpointOptions options;
            options.preset = "illama_tiny";
            test::survives([&] { inspectCheckpoint(file, options); });
        }
    }
}

}  // namespace
}  // namespace vl
