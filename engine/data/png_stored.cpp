// SPDX-License-Identifier: Apache-2.0
#include "engine/data/png_stored.h"

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "engine/core/error.h"
#include "engine/io/png_chunks.h"

namespace vl {
namespace {

std::uint32_t adler32(std::string_view bytes) {
    std::uint32_t low = 1, high = 0;
    for (const char byte : bytes) {
        low = (low + static_cast<unsigned char>(byte)) % 65521;
        high = (high + low) % 65521;
    }
    return high << 16 | low;
}

/// A zlib stream of blocks that are not compressed.
std::string storedStream(std::string_view bytes) {
    constexpr std::size_t kBlock = 65535;
    std::string out = "\x78\x01";
    for (std::size_t at = 0; at == 0 || at < bytes.size(); at += kBlock) {
        const std::size_t length = std::min(kBlock, bytes.size() - at);
        const bool last = at + length == bytes.size();
        const auto low = static_cast<char>(length & 0xff), high = static_cast<char>(length >> 8);
        out += {static_cast<char>(last ? 1 : 0), low, high, static_cast<char>(~low), static_cast<char>(~high)};
        out += bytes.substr(at, length);
    }
    return out + bigEndian(adler32(bytes));
}

}  // namespace

std::string storedPng(const Image& image) {
    const auto row = static_cast<std::size_t>(std::max(image.width, 0)) * static_cast<std::size_t>(std::max(image.channels, 0));
    const auto height = static_cast<std::size_t>(std::max(image.height, 0));
    if (row * height == 0 || (image.channels != 1 && image.channels != 3) || image.pixels.size() != row * height)
        throw Error(ErrorCode::Usage, "There is no picture to encode.");
    std::string rows;
    rows.reserve((row + 1) * height);
    for (std::size_t y = 0; y < height; ++y) {
        rows += '\0';  // no filter
        rows.append(reinterpret_cast<const char*>(image.pixels.data()) + y * row, row);
    }
    const std::string header = bigEndian(static_cast<std::uint32_t>(image.width)) +
                               bigEndian(static_cast<std::uint32_t>(image.height)) + '\x08' +
                               static_cast<char>(image.channels == 3 ? 2 : 0) + std::string(3, '\0');
    return "\x89PNG\r\n\x1a\n" + pngChunk("IHDR", header) + pngChunk("IDAT", storedStream(rows)) + pngChunk("IEND", {});
}

}  // namespace vl
