// SPDX-License-Identifier: Apache-2.0
#include "engine/io/safetensors_index.h"

#include <gtest/gtest.h>

#include "engine/core/random.h"
#include "tests/core/expect_error.h"
#include "tests/core/scratch_folder.h"

namespace vl {
namespace {

using test::expectError;
using test::has;
using test::ScratchFolder;

const std::string kOne("\0\0\x80\x3f", 4), kTwo("\0\0\0\x40", 4);

TensorView number(const char* name, const std::string& data) {
    return {name, "F32", {1}, reinterpret_cast<const std::byte*>(data.data()), data.size()};
}

/// Two files, one of them in a folder below, and the table that `map` is put into.
std::filesystem::path writeSet(const ScratchFolder& folder, const std::string& map) {
    const TensorView first[] = {number("a", kOne)}, second[] = {number("b", kTwo), number("spare", kTwo)};
    writeSafetensors(folder / "m-1.safetensors", first, {{"format", "pt"}});
    writeSafetensors(folder / "sub/m-2.safetensors", second);
    return test::put(folder / "m.safetensors.index.json", R"({"metadata":{"total_size":8},"weight_map":)" + map + "}");
}

constexpr const char* kSound = R"({"b":"sub/m-2.safetensors","a":"m-1.safetensors"})";

TEST(SafetensorsSet, ListsWhatTheTablePromises) {
    const ScratchFolder folder;
    const auto set = SafetensorsSet::open(writeSet(folder, kSound));
    EXPECT_EQ(set.files(), 2u);
    ASSERT_EQ(set.tensors().size(), 2u);
    EXPECT_EQ(set.tensors()[0].name, "a");
    EXPECT_EQ(set.tensors()[1].name, "b");
    EXPECT_EQ(std::string(reinterpret_cast<const char*>(set.tensors()[1].data), 4), kTwo);
    EXPECT_EQ(set.metadata().at("format"), "pt");
    EXPECT_EQ(set.bytes(), std::filesystem::file_size(folder / "m-1.safetensors") +
                               std::filesystem::file_size(folder / "sub/m-2.safetensors"));
}

TEST(SafetensorsSet, NamesTheFileThatIsMissing) {
    const ScratchFolder folder;
    const auto index = writeSet(folder, R"({"a":"m-1.safetensors","b":"m-3.safetensors"})");
    const auto error = expectError(ErrorCode::NotFound, [&] { SafetensorsSet::open(index); });
    EXPECT_TRUE(has(error.message(), "m-3.safetensors")) << error.message();
}

TEST(SafetensorsSet, RefusesPlacesOutsideItsFolder) {
    const ScratchFolder folder;
    const TensorView one[] = {number("a", kOne)};
    writeSafetensors(folder / "outside.safetensors", one);
    std::filesystem::create_directories(folder / "set");
    const auto absolute = (folder / "outside.safetensors").string();
    for (const std::string& place :
         {std::string("../outside.safetensors"), absolute, std::string("x/../../outside.safetensors"), std::string(""),
          std::string("."), std::string("..\\\\outside.safetensors"), std::string("x/")}) {
        const auto index =
            test::put(folder / "set/m.safetensors.index.json", R"({"weight_map":{"a":")" + place + "\"}}");
        expectError(ErrorCode::BadFile, [&] { SafetensorsSet::open(index); });
    }
}

TEST(SafetensorsSet, RefusesTablesThatPromiseTooMuch) {
    const ScratchFolder folder;
    for (const char* map : {R"({"a":"sub/m-2.safetensors"})", R"({"a":1})", R"([])", R"({})", R"("a")",
                            R"({"a":"m-1.safetensors","a":"m-1.safetensors"})", R"({"a":{"b":[[[[1]]]]}})"}) {
        const auto index = writeSet(folder, map);
        expectError(ErrorCode::BadFile, [&] { SafetensorsSet::open(index); });
    }
    expectError(ErrorCode::BadFile, [&] { SafetensorsSet::open(test::put(folder / "x.index.json", "{}")); });
    expectError(ErrorCode::NotFound, [&] { SafetensorsSet::open(folder / "none.index.json"); });
}

TEST(SafetensorsSet, SurvivesDamage) {
    const ScratchFolder folder;
    const auto sound = test::bytesOf(writeSet(folder, kSound));
    const RandomStream random(3, 1);
    for (std::uint64_t round = 0; round < 400; ++round) {
        auto bytes = sound;
        for (std::uint64_t i = 0; i < 2; ++i)
            bytes[random.below(8 * round + 2 * i, bytes.size())] =
                static_cast<char>(random.bits(8 * round + 2 * i + 1));
        const auto index = test::put(folder / "m.safetensors.index.json", bytes);
        test::survives([&] { SafetensorsSet::open(index); });
    }
}

}  // namespace
}  // namespace vl
