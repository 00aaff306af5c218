// SPDX-License-Identifier: Apache-2.0
#include "engine/io/pth_writer.h"

#include <gtest/gtest.h>

#include <cstring>

#include "engine/io/pth_file.h"
#include "tests/core/expect_error.h"
#include "tests/core/scratch_folder.h"

namespace vl {
namespace {

using test::expectError;
using test::ScratchFolder;

TensorView view(std::string name, std::string dtype, std::vector<std::int64_t> shape, const std::string& data) {
    return {std::move(name), std::move(dtype), std::move(shape), reinterpret_cast<const std::byte*>(data.data()),
            data.size()};
}

TEST(WritePth, IsReadBackWithEveryDtype) {
    const ScratchFolder folder;
    const std::string data = "0123456789abcdef";
    std::vector<TensorView> tensors;
    for (const auto* dtype : {"F64", "F32", "F16", "BF16", "F8_E4M3", "F8_E5M2", "I64", "I32", "I16", "I8", "U8",
                              "BOOL", "U16", "U32", "U64", "C64"})
        tensors.push_back(
            view(std::string("layer.") + dtype, dtype, {2, static_cast<std::int64_t>(8 / dtypeBytes(dtype))}, data));
    const std::string one = "1234", none;
    tensors.push_back(view("scalar", "F32", {}, one));
    tensors.push_back(view("empty", "F32", {0, 4}, none));
    writePth(folder / "a.pth", tensors);

    const auto file = PthFile::open(folder / "a.pth");
    ASSERT_EQ(file.tensors().size(), tensors.size());
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        const auto& found = file.tensors()[i];
        EXPECT_EQ(found.name, tensors[i].name);
        EXPECT_EQ(found.dtype, tensors[i].dtype);
        EXPECT_EQ(found.shape, tensors[i].shape);
        EXPECT_EQ(found.topKeyBytes, found.name.size());
        EXPECT_TRUE(found.contiguous);
        EXPECT_EQ(found.fileOffset % 64, 0u);
        const auto bytes = file.read(found);
        ASSERT_EQ(bytes.size(), tensors[i].bytes);
        EXPECT_TRUE(bytes.empty() || std::memcmp(bytes.data(), tensors[i].data, bytes.size()) == 0);
    }
}

TEST(WritePth, KeepsValuesBesideTheWeights) {
    const ScratchFolder folder;
    const std::string data = "1234";
    const TensorView tensors[] = {view("w", "F32", {1}, data)};
    writePth(
        folder / "a.pth", tensors,
        {"model", {{"epoch", std::int64_t{-3}}, {"best", 81.5}, {"note", std::string("h\xc3\xa9")}, {"done", true}}});
    const auto file = PthFile::open(folder / "a.pth");
    EXPECT_NE(file.find("model.w"), nullptr);
    std::string all;
    for (const auto& scalar : file.scalars())
        all += scalar.name + "=" + scalar.text + ";";
    EXPECT_EQ(all, "epoch=-3;best=81.5;note=h\xc3\xa9;done=True;");
}

TEST(WritePth, RefusesWhatNoReaderWouldTake) {
    const ScratchFolder folder;
    const std::string data = "12345678";
    const auto write = [&](std::vector<TensorView> tensors, const PthWriteOptions& options = {}) {
        writePth(folder / "a", tensors, options);
    };
    expectError(ErrorCode::Usage, [&] { write({view("w", "F32", {3}, data)}); });
    expectError(ErrorCode::Usage, [&] { write({view("w", "F31", {2}, data)}); });
    expectError(ErrorCode::Usage, [&] { write({view("w", "F32", {-2}, data)}); });
    expectError(ErrorCode::Usage, [&] { write({view("w", "F32", {2}, data), view("w", "F32", {2}, data)}); });
    expectError(ErrorCode::Usage, [&] { write({view("\xff", "F32", {2}, data)}); });
    expectError(ErrorCode::Usage, [&] { write({}, {"", {{"epoch", std::int64_t{1}}}}); });
    expectError(ErrorCode::Usage, [&] { write({}, {"model", {{"model", std::int64_t{1}}}}); });
    EXPECT_FALSE(std::filesystem::exists(folder / "a"));
}

}  // namespace
}  // namespace vl
