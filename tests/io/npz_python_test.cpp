// SPDX-License-Identifier: Apache-2.0
// Against numpy itself, where a Python that has it is around: VISIONLLAMA_PYTHON, else python3.
#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>

#include "engine/io/npz_file.h"
#include "tests/core/expect_error.h"
#include "tests/core/scratch_folder.h"

namespace vl {
namespace {

int runPython(const std::string& arguments) {
    const char* chosen = std::getenv("VISIONLLAMA_PYTHON");
    return std::system(("'" + std::string(chosen && *chosen ? chosen : "python3") + "' " + arguments).c_str());
}

struct Numbers {
    std::string name, dtype;
    std::vector<std::int64_t> shape;
    std::vector<std::byte> bytes;
};

template <typename T>
Numbers counted(std::string name, std::string dtype, std::vector<std::int64_t> shape, int count) {
    std::vector<std::byte> bytes(static_cast<std::size_t>(count) * sizeof(T));
    for (int i = 0; i < count; ++i) {
        const T value = static_cast<T>(dtype == "BOOL" ? i % 2 : i);
        std::memcpy(bytes.data() + static_cast<std::size_t>(i) * sizeof(T), &value, sizeof(T));
    }
    return {std::move(name), std::move(dtype), std::move(shape), std::move(bytes)};
}

/// 0 to 23 as IEEE halves: exponent and the bits below the leading one.
Numbers countedHalves() {
    Numbers halves{"f2", "F16", {2, 3, 4}, {}};
    for (unsigned i = 0; i < 24; ++i) {
        unsigned exponent = 0;
        while ((i >> (exponent + 1)) != 0)
            ++exponent;
        const unsigned bits = i == 0 ? 0 : ((15 + exponent) << 10) | ((i << (10 - exponent)) & 0x3ff);
        halves.bytes.push_back(static_cast<std::byte>(bits & 0xff));
        halves.bytes.push_back(static_cast<std::byte>(bits >> 8));
    }
    return halves;
}

/// The arrays of npz_reference.py.
std::vector<Numbers> expectedArrays() {
    const std::vector<std::int64_t> cube{2, 3, 4};
    std::vector<Numbers> all{
        counted<std::uint8_t>("u1", "U8", cube, 24),   counted<std::int8_t>("i1", "I8", cube, 24),
        counted<std::uint8_t>("b1", "BOOL", cube, 24), counted<std::uint16_t>("u2", "U16", cube, 24),
        counted<std::int16_t>("i2", "I16", cube, 24),  counted<std::uint32_t>("u4", "U32", cube, 24),
        counted<std::int32_t>("i4", "I32", cube, 24),  counted<std::uint64_t>("u8", "U64", cube, 24),
        counted<std::int64_t>("i8", "I64", cube, 24),  countedHalves(),
        counted<float>("f4", "F32", cube, 24),         counted<double>("f8", "F64", cube, 24),
        counted<float>("empty", "F32", {0, 4}, 0),     counted<std::int32_t>("long", "I32", {100000}, 100000)};
    Numbers scalar{"scalar", "F64", {}, std::vector<std::byte>(8)};
    const double value = 1.5;
    std::memcpy(scalar.bytes.data(), &value, 8);
    all.push_back(std::move(scalar));
    return all;
}

TEST(NpzAgainstNumpy, ReadsItsFilesAndIsReadByIt) {
    if (runPython("-c 'import numpy' 2>/dev/null") != 0)
        GTEST_SKIP() << "no Python with numpy: set VISIONLLAMA_PYTHON to one to run this";
    const test::ScratchFolder folder;
    const auto expected = expectedArrays();
    NpzWriter writer(folder / "ours.npz");
    for (const Numbers& array : expected)
        writer.add(array.name, array.dtype, array.shape, array.bytes);
    writer.commit();
    ASSERT_EQ(runPython("'" VL_SOURCE_DIR "/tests/io/npz_reference.py' '" + folder.path().string() + "'"), 0);

    for (const char* name : {"plain.npz", "packed.npz"}) {
        SCOPED_TRACE(name);
        const auto file = NpzFile::open(folder / name);
        EXPECT_EQ(file.arrays().size(), expected.size());
        for (const Numbers& array : expected) {
            const NpyArray* found = file.find(array.name);
            ASSERT_NE(found, nullptr) << array.name;
            EXPECT_EQ(found->dtype, array.dtype);
            EXPECT_EQ(found->shape, array.shape);
            EXPECT_EQ(file.read(*found), array.bytes) << array.name;
        }
    }
    const auto columns = NpzFile::open(folder / "columns.npz");
    test::expectError(ErrorCode::Unsupported, [&] { columns.read(*columns.find("a")); });
    EXPECT_EQ(NpzFile::open(folder / "one.npy").arrays()[0].shape, (std::vector<std::int64_t>{7}));
}

}  // namespace
}  // namespace vl
