// SPDX-License-Identifier: Apache-2.0
#include "engine/io/safetensors.h"

#include <gtest/gtest.h>

#include <cstring>

#include "engine/core/random.h"
#include "tests/core/expect_error.h"
#include "tests/core/scratch_folder.h"
#include "tests/io/safetensors_builder.h"

namespace vl {
namespace {

using test::expectError;
using test::has;
using test::padded;
using test::put;
using test::safetensorsBytes;
using test::ScratchFolder;

/// Opens bytes; the message must hold `reason`.
void expectRefused(const std::string& bytes, const std::string& reason) {
    const ScratchFolder folder;
    const auto error = expectError(ErrorCode::BadFile, [&] { SafetensorsFile::open(put(folder / "a.safetensors", bytes)); });
    EXPECT_TRUE(has(error.message(), reason)) << error.message();
}

TensorView view(std::string name, std::string dtype, std::vector<std::int64_t> shape, const void* data, std::size_t bytes) {
    return {std::move(name), std::move(dtype), std::move(shape), static_cast<const std::byte*>(data), bytes};
}

TEST(Safetensors, RoundTripsTensorsAndMetadata) {
    const ScratchFolder folder;
    const float weights[6] = {1, 2, 3, 4, 5, 6};
    const std::uint8_t mask[3] = {7, 8, 9};
    const double scalar = 2.5;
    const TensorView tensors[] = {view("mask", "U8", {3}, mask, 3), view("w", "F32", {2, 3}, weights, 24), view("s", "F64", {}, &scalar, 8),
                                  view("none", "F32", {0, 4}, nullptr, 0)};
    writeSafetensors(folder / "a.safetensors", tensors, {{"note", "caf\xc3\xa9 \"quoted\"\n"}});

    const auto file = SafetensorsFile::open(folder / "a.safetensors");
    ASSERT_EQ(file.tensors().size(), 4u);
    EXPECT_EQ(file.metadata().at("note"), "caf\xc3\xa9 \"quoted\"\n");
    for (const auto& expected : tensors) {
        const auto* found = file.find(expected.name);
        ASSERT_NE(found, nullptr) << expected.name;
        EXPECT_EQ(found->dtype, expected.dtype);
        EXPECT_EQ(found->shape, expected.shape);
        ASSERT_EQ(found->bytes, expected.bytes);
        EXPECT_EQ(std::memcmp(found->data, expected.data ? expected.data : found->data, expected.bytes), 0);
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(found->data) % dtypeBytes(found->dtype), 0u);
    }
    EXPECT_EQ(file.find("w2"), nullptr);
}

TEST(Safetensors, StaysReadableWhileACopyLives) {
    const ScratchFolder folder;
    const float weights[2] = {1, 2};
    const TensorView tensors[] = {view("w", "F32", {2}, weights, 8)};
    writeSafetensors(folder / "a", tensors);
    auto first = std::make_unique<SafetensorsFile>(SafetensorsFile::open(folder / "a"));
    const SafetensorsFile copy = *first;
    first.reset();
    writeSafetensors(folder / "a", {});  // replaced under the reader, who keeps the old bytes
    EXPECT_EQ(std::memcmp(copy.find("w")->data, weights, 8), 0);
}

TEST(Safetensors, ReadsAFileLaidOutByHand) {
    const ScratchFolder folder;
    const auto header = R"({"b":{"dtype":"I16","shape":[2],"data_offsets":[4,8]},"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}})";
    const auto file = SafetensorsFile::open(put(folder / "a", safetensorsBytes(padded(header), std::string("\0\0\x80\x3f\1\0\2\0", 8))));
    ASSERT_EQ(file.tensors().size(), 2u);
    EXPECT_EQ(file.tensors()[0].name, "a");
    float one = 0;
    std::memcpy(&one, file.tensors()[0].data, 4);
    EXPECT_EQ(one, 1.0f);
    EXPECT_TRUE(file.metadata().empty());
}

TEST(Safetensors, AlignsTheDataOfOldFilesWithoutPadding) {
    const ScratchFolder folder;
    std::string header = R"({"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}})";
    if (header.size() % 8 == 0) header += ' ';
    const auto file = SafetensorsFile::open(put(folder / "a", safetensorsBytes(header, "12345678")));
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(file.find("a")->data) % 8, 0u);
    EXPECT_EQ(std::memcmp(file.find("a")->data, "12345678", 8), 0);
}

TEST(Safetensors, RefusesImpossibleLengths) {
    expectRefused("", "shorter");
    expectRefused("1234567", "shorter");
    expectRefused(std::string("\xff\xff\xff\xff\xff\xff\xff\xff{}", 10), "longer than the file");
    expectRefused(std::string("\x03\0\0\0\0\0\0\0{}", 10), "longer than the file");
    expectRefused(safetensorsBytes("", ""), "begin with {");
    expectRefused(safetensorsBytes(" {}", ""), "begin with {");
    expectRefused(safetensorsBytes("{}", "x"), "ends at another place");
}

TEST(Safetensors, RefusesHolesOverlapsAndWrongSizes) {
    const auto file = [](const std::string& entries, std::size_t bytes) { return safetensorsBytes(padded("{" + entries + "}"), std::string(bytes, 'x')); };
    const auto entry = [](const char* name, const char* shape, const char* offsets) {
        return std::string("\"") + name + R"(":{"dtype":"F32","shape":)" + shape + R"(,"data_offsets":)" + offsets + "}";
    };
    expectRefused(file(entry("a", "[1]", "[0,4]") + "," + entry("b", "[1]", "[8,12]"), 12), "hole");
    expectRefused(file(entry("a", "[1]", "[0,4]") + "," + entry("b", "[1]", "[0,4]"), 4), "overlaps");
    expectRefused(file(entry("a", "[1]", "[4,8]"), 8), "hole");
    expectRefused(file(entry("a", "[2]", "[0,4]"), 4), "size its shape");
    expectRefused(file(entry("a", "[1]", "[4,0]"), 4), "size its shape");
    expectRefused(file(entry("a", "[1]", "[0,4]"), 3), "ends at another place");
    expectRefused(file(entry("a", "[4294967296,4294967296]", "[0,0]"), 0), "too large");
    expectRefused(file(entry("a", "[9223372036854775808,0]", "[0,0]"), 0), "too large");
    expectRefused(file(entry("a", "[-1]", "[0,4]"), 4), "not a whole number");
    expectRefused(file(entry("a", "[1.0]", "[0,4]"), 4), "not a whole number");
    expectRefused(file(entry("a", "[1]", "[0,4,4]"), 4), "malformed");
    expectRefused(file(entry("a", "[1]", "[-4,0]"), 4), "not a whole number");
    expectRefused(file(R"("u":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"f":{"dtype":"F32","shape":[1],"data_offsets":[1,5]})", 5), "aligned");
}

TEST(Safetensors, RefusesMalformedHeaders) {
    const auto file = [](const std::string& header) { return safetensorsBytes(padded(header), "1234"); };
    const std::string a = R"("a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]})";
    expectRefused(file("{" + a + "," + a + "}"), "twice");
    expectRefused(file(R"({"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}})"), "twice");
    expectRefused(file(R"({"a":{"dtype":"F33","shape":[1],"data_offsets":[0,4]}})"), "unknown dtype");
    expectRefused(file(R"({"a":{"dtype":"F32","shape":[1]}})"), "lacks");
    expectRefused(file(R"({"a":[1]})"), "lacks");
    expectRefused(file(R"({"__metadata__":{"n":1},)" + a + "}"), "not text");
    expectRefused(file("{" + a), "not valid JSON");
    expectRefused(file("{" + a + "} x"), "not valid JSON");
    expectRefused(file("{\"\xff\":1}"), "UTF-8");
    expectRefused(file("{\"a\":" + std::string(5000, '[')), "nested");
}

TEST(Safetensors, RefusesWhatIsNotAFile) {
    const ScratchFolder folder;
    expectError(ErrorCode::NotFound, [&] { SafetensorsFile::open(folder / "none"); });
    expectError(ErrorCode::BadFile, [&] { SafetensorsFile::open(folder.path()); });
}

TEST(Safetensors, SurvivesDamagedBytes) {
    const ScratchFolder folder;
    const float weights[6] = {};
    const TensorView tensors[] = {view("blocks.0.attn.qkv.weight", "F32", {2, 3}, weights, 24), view("b", "F16", {3}, weights, 6)};
    writeSafetensors(folder / "a", tensors, {{"format", "pt"}});
    const auto sound = test::bytesOf(folder / "a");
    const RandomStream random(3, 0);
    int opened = 0;
    for (std::uint64_t round = 0; round < 3000; ++round) {
        auto damaged = sound;
        const auto flips = 1 + random.below(16 * round, 3);
        for (std::uint64_t i = 0; i < flips; ++i)
            damaged[random.below(16 * round + 2 * i + 1, damaged.size())] = static_cast<char>(random.bits(16 * round + 2 * i + 2));
        if (round % 5 == 0) damaged.resize(random.below(16 * round + 15, damaged.size()));
        put(folder / "b", damaged);
        opened += test::survives([&] {
            std::size_t total = 0;
            const auto file = SafetensorsFile::open(folder / "b");
            for (const auto& tensor : file.tensors())
                for (std::size_t i = 0; i < tensor.bytes; ++i) total += std::to_integer<std::size_t>(tensor.data[i]);
            EXPECT_LT(total, 100000u);
        });
    }
    EXPECT_GT(opened, 0);  // flips in the data alone are nobody's business
}

TEST(WriteSafetensors, RefusesWhatNoReaderWouldTake) {
    const ScratchFolder folder;
    const float weights[2] = {};
    const auto write = [&](std::vector<TensorView> tensors) { writeSafetensors(folder / "a", tensors); };
    expectError(ErrorCode::Usage, [&] { write({view("w", "F32", {3}, weights, 8)}); });
    expectError(ErrorCode::Usage, [&] { write({view("w", "F31", {2}, weights, 8)}); });
    expectError(ErrorCode::Usage, [&] { write({view("w", "F32", {-2}, weights, 8)}); });
    expectError(ErrorCode::Usage, [&] { write({view("w", "F32", {2}, weights, 8), view("w", "F32", {2}, weights, 8)}); });
    expectError(ErrorCode::Usage, [&] { write({view("__metadata__", "F32", {2}, weights, 8)}); });
    EXPECT_FALSE(std::filesystem::exists(folder / "a"));
}

}  // namespace
}  // namespace vl
