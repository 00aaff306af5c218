// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace vl::test {

/// CRC-32 bit by bit, as the PNG specification's annex D defines it.
inline std::uint32_t slowCrc(std::string_view bytes) {
    std::uint32_t crc = 0xffffffffu;
    for (const char byte : bytes) {
        crc ^= static_cast<unsigned char>(byte);
        for (int bit = 0; bit < 8; ++bit) crc = (crc & 1u) != 0 ? 0xedb88320u ^ (crc >> 1) : crc >> 1;
    }
    return crc ^ 0xffffffffu;
}

inline std::string bigEndian(std::uint32_t value) {
    return {static_cast<char>(value >> 24), static_cast<char>(value >> 16), static_cast<char>(value >> 8),
            static_cast<char>(value)};
}

inline std::string pngChunk(const std::string& type, const std::string& data) {
    return bigEndian(static_cast<std::uint32_t>(data.size())) + type + data + bigEndian(slowCrc(type + data));
}

/// One grey pixel (value 0), with chunks of the caller's between header and pixels.
inline std::string smallPng(const std::string& extra = {}) {
    using namespace std::string_literals;
    return "\x89PNG\r\n\x1a\n"s + pngChunk("IHDR", "\0\0\0\1\0\0\0\1\x08\0\0\0\0"s) + extra +
           pngChunk("IDAT", "\x78\x01\x63\x60\x00\x00\x00\x02\x00\x01"s) + pngChunk("IEND", "");
}

inline std::string textChunk(const std::string& key, const std::string& text) {
    return pngChunk("iTXt", key + std::string(5, '\0') + text);
}

}  // namespace vl::test
