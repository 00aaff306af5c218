// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace vl {

inline constexpr std::string_view kPngSignature = "\x89PNG\r\n\x1a\n";
inline constexpr std::size_t kPngFrame = 12;  ///< bytes of a chunk besides its data: length, type and checksum

/// The number in the first four bytes, which the caller has checked to be there.
std::uint32_t bigEndian(std::string_view bytes);
std::string bigEndian(std::uint32_t value);

/// A chunk with its frame; `type` has four letters.
std::string pngChunk(std::string_view type, std::string_view data);

/// A chunk of `data` bytes at the front of `bytes` carries the checksum of what it holds.
bool pngChunkSound(std::string_view bytes, std::size_t data);

}  // namespace vl
