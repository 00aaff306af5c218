// SPDX-License-Identifier: Apache-2.0
#include "engine/io/checkpoint_file.h"

#include <gtest/gtest.h>

#include "engine/io/pth_writer.h"
#include "engine/io/safetensors.h"
#include "engine/io/weight_trees.h"
#include "tests/core/expect_error.h"
#include "tests/core/scratch_folder.h"

namespace vl {
namespace {

using test::expectError;
using test::ScratchFolder;

const std::string kData("\0\0\x80\x3f\0\0\0\x40", 8);

std::vector<TensorView> named(const std::vector<std::string>& names) {
    std::vector<TensorView> views;
    for (const auto& name : names)
        views.push_back({name, "F32", {2}, reinterpret_cast<const std::byte*>(kData.data()), kData.size()});
    return views;
}

void expectData(const CheckpointFile& file) {
    const auto& tensor = file.tensors().front();
    const auto data = file.data(tensor);
    EXPECT_EQ(std::string(reinterpret_cast<const char*>(data.bytes.data()), data.bytes.size()), kData);
    EXPECT_EQ(tensor.shape, std::vector<std::int64_t>{2});
}

TEST(CheckpointFile, KnowsFormatsByTheirBytes) {
    const ScratchFolder folder;
    const auto views = named({"w"});
    writeSafetensors(folder / "a.weights", views, {{"format", "pt"}});
    writePth(folder / "b.weights", views, {"model", {{"epoch", std::int64_t{7}}}});
    writeSafetensors(folder / "c-1.safetensors", views);
    test::put(folder / "c.weights", R"( {"weight_map":{"w":"c-1.safetensors"}})");

    const auto a = CheckpointFile::open(folder / "a.weights"), b = CheckpointFile::open(folder / "b.weights"),
               c = CheckpointFile::open(folder / "c.weights");
    EXPECT_EQ(a.format(), "safetensors");
    EXPECT_EQ(b.format(), "PyTorch zip");
    EXPECT_EQ(c.format(), "safetensors shards (1)");
    for (const auto* file : {&a, &b, &c})
        expectData(*file);
    EXPECT_EQ(a.metadata().at("format"), "pt");
    ASSERT_EQ(b.scalars().size(), 1u);
    EXPECT_EQ(b.scalars()[0].text, "7");
    EXPECT_EQ(a.bytes(), std::filesystem::file_size(folder / "a.weights"));
}

TEST(CheckpointFile, SplitsSafetensorsNamesOnlyWhenAllHaveAWrapper) {
    const ScratchFolder folder;
    writeSafetensors(folder / "a", named({"model.blocks.0.w", "ema.blocks.0.w"}));
    writeSafetensors(folder / "b", named({"model.blocks.0.w", "head.w"}));
    const auto a = CheckpointFile::open(folder / "a"), b = CheckpointFile::open(folder / "b");
    const auto trees = findWeights(a.tensors());
    ASSERT_EQ(trees.size(), 2u);
    EXPECT_EQ(trees[0].prefix, "model.");
    EXPECT_EQ(findWeights(a.tensors(), true)[0].prefix, "ema.");
    ASSERT_EQ(findWeights(b.tensors()).size(), 1u);
    EXPECT_EQ(findWeights(b.tensors())[0].prefix, "");
}

TEST(CheckpointFile, SaysWhatIsNoCheckpoint) {
    const ScratchFolder folder;
    expectError(ErrorCode::NotFound, [&] { CheckpointFile::open(folder / "none.pth"); });
    expectError(ErrorCode::NotFound, [&] { CheckpointFile::open(folder / "none.safetensors"); });
    for (const char* name : {"x.pth", "x.safetensors", "x.index.json", "x"})
        for (const char* bytes : {"", "hello", "{", "PK\x03\x04", "\x80\x02"})
            expectError(ErrorCode::BadFile, [&] { CheckpointFile::open(test::put(folder / name, bytes)); });
    expectError(ErrorCode::BadFile, [&] { CheckpointFile::open(folder.path()); });
}

}  // namespace
}  // namespace vl
