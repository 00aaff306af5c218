// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace vl {

/// Text of the iTXt chunk called `key` in the bytes of a PNG file; nullopt when there is none. Compressed text is read
/// where there is zlib. Throws Error(BadFile) for bytes that are no PNG, a chunk that reaches past the end, a wrong
/// checksum of the text or text over 16 MiB, Error(Unsupported) for compressed text without zlib; `source` names the
/// file in messages. (PNG specification, sections 5 and 11.3.4.5.)
std::optional<std::string> pngText(std::string_view png, std::string_view key, const std::string& source);

/// The same picture with `text` (UTF-8) as an uncompressed iTXt chunk ahead of the pixels; an earlier one of that key
/// is left out. `key`: 1 to 79 printable ASCII characters. Throws as pngText, Error(Usage) for other keys.
std::string withPngText(std::string_view png, std::string_view key, std::string_view text, const std::string& source);

}  // namespace vl
