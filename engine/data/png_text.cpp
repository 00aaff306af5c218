// SPDX-License-Identifier: Apache-2.0
#include "engine/data/png_text.h"

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#ifdef VL_HAVE_ZLIB
#include <zlib.h>
#endif

#include "engine/core/error.h"
#include "engine/core/text.h"
#include "engine/io/crc32.h"

namespace vl {
namespace {

constexpr std::string_view kSignature = "\x89PNG\r\n\x1a\n";
constexpr std::size_t kMostText = 16u << 20;
constexpr std::size_t kFrame = 12;  ///< length, type and checksum of a chunk

Error bad(const std::string& source, const std::string& what) {
    return {ErrorCode::BadFile, source + " " + what + ".", "Choose another picture."};
}

std::uint32_t bigEndian(std::string_view bytes) {
    std::uint32_t value = 0;
    for (const char byte : bytes.substr(0, 4)) value = value << 8 | static_cast<unsigned char>(byte);
    return value;
}

std::string bigEndian(std::uint32_t value) {
    return {static_cast<char>(value >> 24), static_cast<char>(value >> 16), static_cast<char>(value >> 8),
            static_cast<char>(value)};
}

std::uint32_t checksum(std::string_view bytes) { return crc32(std::as_bytes(std::span(bytes.data(), bytes.size()))); }

struct Chunk {
    std::string_view type, data;
    std::string_view whole;  ///< with its frame
    bool sound = false;      ///< the checksum is right
};

/// The chunk that starts at `at`. Nothing behind IEND counts.
Chunk chunkAt(std::string_view png, std::size_t at, const std::string& source) {
    if (png.size() - at < kFrame) throw bad(source, "ends in the middle");
    const std::size_t length = bigEndian(png.substr(at));
    if (length > png.size() - at - kFrame) throw bad(source, "ends in the middle");
    const std::string_view whole = png.substr(at, length + kFrame);
    const bool sound = checksum(whole.substr(4, length + 4)) == bigEndian(whole.substr(8 + length));
    return {whole.substr(4, 4), whole.substr(8, length), whole, sound};
}

std::vector<Chunk> chunksOf(std::string_view png, const std::string& source) {
    if (png.substr(0, kSignature.size()) != kSignature) throw bad(source, "is not a PNG picture");
    std::vector<Chunk> chunks;
    for (std::size_t at = kSignature.size(); chunks.empty() || chunks.back().type != "IEND"; at += chunks.back().whole.size()) {
        chunks.push_back(chunkAt(png, at, source));
        if (chunks.size() == 1 && chunks[0].type != "IHDR") throw bad(source, "is not a PNG picture");
    }
    return chunks;
}

/// Everything up to the next zero byte, which is taken away too; nullopt when there is none.
std::optional<std::string_view> upToZero(std::string_view& rest) {
    const std::size_t end = rest.find('\0');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view part = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    return part;
}

std::string decompressed([[maybe_unused]] std::string_view data, const std::string& source) {
#ifdef VL_HAVE_ZLIB
    std::string text(std::min(kMostText, std::max<std::size_t>(64, data.size() * 4)), '\0');
    while (true) {
        auto length = static_cast<uLongf>(text.size());
        const int result = ::uncompress(reinterpret_cast<Bytef*>(text.data()), &length,
                                        reinterpret_cast<const Bytef*>(data.data()), static_cast<uLong>(data.size()));
        if (result == Z_OK) {
            text.resize(length);
            return text;
        }
        if (result != Z_BUF_ERROR || text.size() >= kMostText) throw bad(source, "holds damaged or too much text");
        text.assign(std::min(kMostText, text.size() * 4), '\0');
    }
#else
    throw Error(ErrorCode::Unsupported, "The text in " + source + " is compressed, which this build cannot read.",
                "Build with zlib (zlib1g-dev).");
#endif
}

std::string textOf(const Chunk& chunk, std::string_view key, const std::string& source) {
    if (!chunk.sound) throw bad(source, "holds damaged text (wrong checksum)");
    std::string_view rest = chunk.data.substr(key.size() + 1);
    if (rest.size() < 2 || rest[0] < 0 || rest[0] > 1 || (rest[0] == 1 && rest[1] != 0)) throw bad(source, "holds damaged text");
    const bool compressed = rest[0] == 1;
    rest.remove_prefix(2);
    if (!upToZero(rest) || !upToZero(rest)) throw bad(source, "holds damaged text");  // language, translated key
    if (!compressed && rest.size() > kMostText) throw bad(source, "holds too much text");
    std::string text = compressed ? decompressed(rest, source) : std::string(rest);
    if (!isUtf8(text)) throw bad(source, "holds text that is not UTF-8");
    return text;
}

bool hasKey(const Chunk& chunk, std::string_view key) {
    return chunk.type == "iTXt" && chunk.data.size() > key.size() && chunk.data.substr(0, key.size()) == key &&
           chunk.data[key.size()] == '\0';
}

void checkKey(std::string_view key) {
    const bool printable = std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c < 127; });
    if (key.empty() || key.size() > 79 || !printable)
        throw Error(ErrorCode::Usage, "The text of a picture needs a key of 1 to 79 plain characters.");
}

}  // namespace

std::optional<std::string> pngText(std::string_view png, std::string_view key, const std::string& source) {
    checkKey(key);
    for (const Chunk& chunk : chunksOf(png, source))
        if (hasKey(chunk, key)) return textOf(chunk, key, source);
    return std::nullopt;
}

std::string withPngText(std::string_view png, std::string_view key, std::string_view text, const std::string& source) {
    checkKey(key);
    if (text.size() > kMostText || !isUtf8(text))
        throw Error(ErrorCode::Usage, "The text for " + source + " is too long or not UTF-8.");
    std::string body = "iTXt" + std::string(key);
    body.append(5, '\0');  // end of the key, uncompressed, method, no language, no translated key
    body += text;
    std::string out(kSignature);
    out.reserve(png.size() + body.size() + kFrame);
    for (const Chunk& chunk : chunksOf(png, source)) {
        if (hasKey(chunk, key)) continue;
        out += chunk.whole;
        if (chunk.type == "IHDR")
            out += bigEndian(static_cast<std::uint32_t>(body.size() - 4)) + body + bigEndian(checksum(body));
    }
    return out;
}

}  // namespace vl
