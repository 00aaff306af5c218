// SPDX-License-Identifier: Apache-2.0
#include "engine/data/idx.h"

#include <algorithm>
#include <array>

#include "engine/core/error.h"
#include "engine/data/byte_source.h"

namespace vl {
namespace {

constexpr std::uint64_t maxBytes = 4ull << 30;
constexpr std::size_t block = 4u << 20;

[[noreturn]] void bad(const std::filesystem::path& file, const std::string& what) {
    throw Error(ErrorCode::BadFile, file.string() + " is not a sound IDX file: " + what + ".",
                "The file is damaged, incomplete or of another kind; fetch it again.");
}

/// Grows block by block, so that a header that promises too much costs one block and not its promise.
void readValues(ByteSource& source, const std::filesystem::path& file, std::uint64_t count, std::vector<std::uint8_t>& values) {
    while (values.size() < count) {
        const auto before = values.size();
        const auto part = std::min<std::uint64_t>(block, count - before);
        values.resize(before + part);
        if (source.read(values.data() + before, part) != part) bad(file, "it ends before the data its header promises");
    }
    std::uint8_t extra = 0;
    if (source.read(&extra, 1) != 0) bad(file, "it goes on after the data its header promises");
}

}  // namespace

IdxArray readIdx(const std::filesystem::path& file, int dimensions) {
    const auto source = openBytes(file);
    std::array<std::uint8_t, 4> magic{};
    if (source->read(magic.data(), 4) != 4) bad(file, "it is too short");
    if (magic[0] != 0 || magic[1] != 0 || magic[2] != 0x08 || magic[3] != dimensions)
        bad(file, "it does not begin like one with bytes in " + std::to_string(dimensions) + " dimensions");

    IdxArray array;
    std::uint64_t count = 1;
    for (int i = 0; i < dimensions; ++i) {
        std::array<std::uint8_t, 4> number{};
        if (source->read(number.data(), 4) != 4) bad(file, "it is too short");
        const std::uint64_t extent = (std::uint64_t{number[0]} << 24) | (number[1] << 16) | (number[2] << 8) | number[3];
        if (__builtin_mul_overflow(count, extent, &count) || count > maxBytes) bad(file, "its header promises too much data");
        array.shape.push_back(static_cast<std::int64_t>(extent));
    }
    readValues(*source, file, count, array.values);
    return array;
}

}  // namespace vl
