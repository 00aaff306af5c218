// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace vl {

/// Bytes of an IDX file (the format of MNIST), first dimension slowest.
struct IdxArray {
    std::vector<std::int64_t> shape;
    std::vector<std::uint8_t> values;
};

/// Reads an IDX file of unsigned bytes with that many dimensions, plain or gzip-compressed. Never allocates more than
/// the file really holds plus one block. Throws Error(NotFound | BadFile), Error(Unsupported) for .gz without zlib.
IdxArray readIdx(const std::filesystem::path& file, int dimensions);

}  // namespace vl
