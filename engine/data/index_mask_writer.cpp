// SPDX-License-Identifier: Apache-2.0
#ifdef VL_HAVE_ZLIB
#include <zlib.h>
#endif

#include "engine/core/error.h"
#include "engine/data/index_mask.h"
#include "engine/data/png_stored.h"
#include "engine/io/png_chunks.h"

namespace vl {
namespace {

std::string paletteChunk(std::span<const Colour> palette) {
    std::string bytes;
    for (const Colour& colour : palette)
        for (const std::uint8_t part : colour) bytes += static_cast<char>(part);
    return pngChunk("PLTE", bytes);
}

/// The IDAT chunk of rows without filters, which suit numbers best.
std::string pixelChunk(int width, int height, std::span<const std::uint8_t> indices) {
    const auto columns = static_cast<std::size_t>(width), rows = static_cast<std::size_t>(height);
#ifdef VL_HAVE_ZLIB
    std::string raw;
    raw.reserve((columns + 1) * rows);
    for (std::size_t y = 0; y < rows; ++y) {
        raw += '\0';
        raw.append(reinterpret_cast<const char*>(indices.data()) + y * columns, columns);
    }
    uLongf size = ::compressBound(raw.size());
    std::string packed(size, '\0');
    if (::compress2(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<const Bytef*>(raw.data()), raw.size(), 6) != Z_OK)
        throw Error(ErrorCode::OutOfMemory, "There is no memory to pack a mask.", "Close other programs.");
    packed.resize(size);
    return pngChunk("IDAT", packed);
#else
    // Behind signature (8) and header (25) of the same pixels as a grey picture, before the end (12).
    const std::string grey = storedPng({width, height, 1, {indices.begin(), indices.begin() + columns * rows}});
    return grey.substr(33, grey.size() - 33 - 12);
#endif
}

}  // namespace

std::string indexMaskPng(int width, int height, std::span<const std::uint8_t> indices, std::span<const Colour> palette) {
    if (width < 1 || height < 1 || indices.size() != static_cast<std::size_t>(width) * static_cast<std::size_t>(height))
        throw Error(ErrorCode::Usage, "There is no mask to encode.");
    if (palette.size() > 256) throw Error(ErrorCode::Usage, "A palette has at most 256 colours.");
    const std::string header = bigEndian(static_cast<std::uint32_t>(width)) + bigEndian(static_cast<std::uint32_t>(height)) +
                               '\x08' + static_cast<char>(palette.empty() ? 0 : 3) + std::string(3, '\0');
    return std::string(kPngSignature) + pngChunk("IHDR", header) + (palette.empty() ? "" : paletteChunk(palette)) +
           pixelChunk(width, height, indices) + pngChunk("IEND", {});
}

}  // namespace vl
