// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/api/dense.h"

namespace vl {

/// A PNG file whose pixels are numbers: indices of its palette, or grey values. Picture readers turn a palette's indices
/// into colours, so masks are read here.
struct IndexMask {
    int width = 0, height = 0;
    std::vector<std::uint8_t> indices;    ///< row by row
    std::vector<Colour> palette;          ///< of the file; empty for grey ones
};

/// Palette PNGs of 1 to 8 bits and grey ones of 1 to 16 bits (16: no value above 255), interlaced or not.
/// Throws Error(NotFound | BadFile) in one sentence with a hint: no PNG, damaged, in colours, more than `maxPixels`;
/// Error(Unsupported) in builds without zlib. (PNG specification, sections 7 to 11.)
IndexMask readIndexMask(const std::filesystem::path& file, std::int64_t maxPixels = 100'000'000);
/// `source` names the file in messages.
IndexMask parseIndexMask(std::string_view png, const std::string& source, std::int64_t maxPixels = 100'000'000);

/// The bytes of an 8-bit PNG file: with a palette, or grey where `palette` is empty. Not compressed in builds without
/// zlib. Throws Error(Usage) when sizes do not fit together or the palette has more than 256 colours.
std::string indexMaskPng(int width, int height, std::span<const std::uint8_t> indices, std::span<const Colour> palette);

}  // namespace vl
