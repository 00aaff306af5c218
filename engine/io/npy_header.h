// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace vl {

/// What stands in front of an array's numbers in a .npy file.
struct NpyHeader {
    std::string dtype;  ///< "U8", "I64", "F32" ... as in safetensors; empty with a `problem`
    std::vector<std::int64_t> shape;
    std::uint64_t bytes = 0;  ///< of the numbers
    std::string problem;      ///< why the numbers cannot be used: "is stored column by column (Fortran order)"
};

/// Length of the magic, version and length fields: the first bytes of a file that say how long its header is.
constexpr std::size_t kNpyPrefixBytes = 12;
/// Where the numbers begin, from the first kNpyPrefixBytes bytes; 0 when they are no .npy file's. Versions 1 to 3.
std::uint64_t npyDataOffset(std::string_view prefix);
/// Parses everything before the numbers. Throws Error(BadFile) naming `where`.
NpyHeader parseNpyHeader(std::string_view bytes, const std::string& where);
/// Everything before the numbers, in version 1.0, a multiple of 64 bytes. Throws Error(Usage) for a type .npy has not.
std::string npyHeader(std::string_view dtype, const std::vector<std::int64_t>& shape);
/// Bytes that shape and type take; Error(Usage) for a negative extent or too many.
std::uint64_t npyBytes(std::string_view dtype, const std::vector<std::int64_t>& shape);

}  // namespace vl
