// SPDX-License-Identifier: Apache-2.0
#include "engine/io/png_chunks.h"

#include <span>

#include "engine/io/crc32.h"

namespace vl {
namespace {

std::uint32_t checksum(std::string_view bytes) { return crc32(std::as_bytes(std::span(bytes.data(), bytes.size()))); }

}  // namespace

std::uint32_t bigEndian(std::string_view bytes) {
    std::uint32_t value = 0;
    for (const char byte : bytes.substr(0, 4))
        value = value << 8 | static_cast<unsigned char>(byte);
    return value;
}

std::string bigEndian(std::uint32_t value) {
    return {static_cast<char>(value >> 24), static_cast<char>(value >> 16), static_cast<char>(value >> 8),
            static_cast<char>(value)};
}

std::string pngChunk(std::string_view type, std::string_view data) {
    const std::string body = std::string(type).append(data);
    return bigEndian(static_cast<std::uint32_t>(data.size())) + body + bigEndian(checksum(body));
}

bool pngChunkSound(std::string_view bytes, std::size_t data) {
    return checksum(bytes.substr(4, data + 4)) == bigEndian(bytes.substr(8 + data));
}

}  // namespace vl
