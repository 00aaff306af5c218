// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace vl::test {

/// A file made by hand: length field, header, data.
inline std::string safetensorsBytes(const std::string& header, const std::string& data) {
    std::string bytes;
    for (int i = 0; i < 8; ++i) bytes += static_cast<char>((static_cast<std::uint64_t>(header.size()) >> (8 * i)) & 0xff);
    return bytes + header + data;
}

/// Spaces up to a multiple of eight, as careful writers add them.
inline std::string padded(std::string header) {
    header.resize((header.size() + 7) / 8 * 8, ' ');
    return header;
}

}  // namespace vl::test
