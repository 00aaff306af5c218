// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace vl {

struct ImageHeader {
    std::string_view format;           ///< "PNG", "JPEG", "BMP", "WebP", "PNM"
    std::int64_t width = 0, height = 0;
};

/// The format a file's first bytes announce; empty for anything that is not a picture we read.
std::string_view imageFormat(std::string_view bytes);

/// Size as the file announces it, read without decoding, so that a bomb is refused before memory is spent on it.
/// nullopt when the header is damaged or of an unknown kind.
std::optional<ImageHeader> readImageHeader(std::string_view bytes);

}  // namespace vl
