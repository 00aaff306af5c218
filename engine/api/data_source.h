// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/api/types.h"

namespace vl {

/// Decodes a picture file (PNG, JPEG, BMP, WebP ...) into 8-bit grey or RGB. Throws Error(NotFound | BadFile),
/// Error(Unsupported) in builds without OpenCV. `maxPixels` guards against decompression bombs.
Image readImage(const std::filesystem::path& file, std::int64_t maxPixels = 100'000'000);
/// The bytes of a PNG file, uncompressed in builds without OpenCV. Throws Error(Usage) for what is no picture.
std::string encodePng(const Image& image);
/// Writes PNG, atomically.
void writePng(const std::filesystem::path& file, const Image& image);
/// Resizes the shorter side to `size` and centre-crops (models.md 3.5), or warps when `warp`; converts to `channels`.
Image fitImage(const Image& image, int size, int channels, bool warp = false);

}  // namespace vl
