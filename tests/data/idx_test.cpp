// SPDX-License-Identifier: Apache-2.0
#include "engine/data/idx.h"

#include <gtest/gtest.h>
#ifdef VL_HAVE_ZLIB
#include <zlib.h>
#endif

#include "engine/core/random.h"
#include "tests/core/expect_error.h"
#include "tests/core/scratch_folder.h"
#include "tests/data/idx_builder.h"

namespace vl {
namespace {

using test::expectError;
using test::idxBytes;
using test::put;
using test::ScratchFolder;

TEST(ReadIdx, ReadsShapeAndValues) {
    const ScratchFolder folder;
    const auto array = readIdx(put(folder / "a", idxBytes({2, 3}, "abcdef")), 2);
    EXPECT_EQ(array.shape, (std::vector<std::int64_t>{2, 3}));
    EXPECT_EQ(std::string(array.values.begin(), array.values.end()), "abcdef");
}

TEST(ReadIdx, RefusesWhatDoesNotFitItsHeader) {
    const ScratchFolder folder;
    const auto sound = idxBytes({2, 3}, "abcdef");
    for (std::size_t length = 0; length < sound.size(); ++length)
        expectError(ErrorCode::BadFile, [&] { readIdx(put(folder / "a", sound.substr(0, length)), 2); });
    expectError(ErrorCode::BadFile, [&] { readIdx(put(folder / "a", sound + "g"), 2); });
    expectError(ErrorCode::BadFile, [&] { readIdx(put(folder / "a", sound), 3); });
    expectError(ErrorCode::NotFound, [&] { readIdx(folder / "none", 2); });
    expectError(ErrorCode::BadFile, [&] { readIdx(folder.path(), 2); });
}

TEST(ReadIdx, DoesNotBelieveAHugeHeader) {
    const ScratchFolder folder;
    expectError(ErrorCode::BadFile, [&] { readIdx(put(folder / "a", idxBytes({0xffffffff, 0xffffffff, 0xffffffff}, "x")), 3); });
    expectError(ErrorCode::BadFile, [&] { readIdx(put(folder / "a", idxBytes({4'000'000'000u}, "x")), 1); });
}

TEST(ReadIdx, SurvivesDamagedBytes) {
    const ScratchFolder folder;
    const auto sound = idxBytes({4, 5, 6}, std::string(120, 'x'));
    const RandomStream random(5, 0);
    for (std::uint64_t round = 0; round < 300; ++round) {
        auto damaged = sound;
        for (std::uint64_t i = 0; i < 3; ++i) damaged[random.below(8 * round + 2 * i, 20)] = static_cast<char>(random.bits(8 * round + 2 * i + 1));
        test::survives([&] { readIdx(put(folder / "a", damaged), 3); });
    }
}

#ifdef VL_HAVE_ZLIB
std::string gzipped(const std::filesystem::path& file, const std::string& bytes) {
    gzFile out = gzopen(file.c_str(), "wb");
    gzwrite(out, bytes.data(), static_cast<unsigned>(bytes.size()));
    gzclose(out);
    return test::bytesOf(file);
}

TEST(ReadIdx, ReadsCompressedFiles) {
    const ScratchFolder folder;
    gzipped(folder / "a.gz", idxBytes({6}, "abcdef"));
    EXPECT_EQ(readIdx(folder / "a.gz", 1).values.size(), 6u);
}

TEST(ReadIdx, SurvivesDamagedCompression) {
    const ScratchFolder folder;
    std::string values(5000, '\0');
    const RandomStream random(6, 0);
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<char>(random.bits(i));
    const auto sound = gzipped(folder / "a.gz", idxBytes({5000}, values));
    expectError(ErrorCode::BadFile, [&] { readIdx(put(folder / "b", sound.substr(0, sound.size() / 2)), 1); });
    auto wrongSum = sound;
    wrongSum[wrongSum.size() - 6] = static_cast<char>(wrongSum[wrongSum.size() - 6] ^ 1);  // of the stored checksum
    expectError(ErrorCode::BadFile, [&] { readIdx(put(folder / "b", wrongSum), 1); });
    for (std::uint64_t round = 0; round < 200; ++round) {
        auto damaged = sound;
        damaged[random.below(9000 + 2 * round, damaged.size())] = static_cast<char>(random.bits(9001 + 2 * round));
        test::survives([&] { readIdx(put(folder / "b", damaged), 1); });
    }
}
#endif

}  // namespace
}  // namespace vl
