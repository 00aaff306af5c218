// SPDX-License-Identifier: Apache-2.0
#include "engine/data/png_text.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#ifdef VL_HAVE_ZLIB
#include <zlib.h>
#endif

#include "engine/core/error.h"
#include "engine/core/text.h"
#include "engine/io/png_chunks.h"

namespace vl {
namespace {

constexpr std::size_t kMostText = 16u << 20;

Error bad(const std::string& source, const std::string& what) {
    return {ErrorCode::BadFile, source + " " + what + ".", "Choose another picture."};
}

struct Chunk {
    std::string_view type, data;
    std::string_view whole;  ///< with its frame
    bool sound = false;      ///< the checksum is right
};

/// The chunk that starts at `at`. Nothing behind IEND counts.
Chunk chunkAt(std::string_view png, std::size_t at, const std::string& source) {
    if (png.size() - at < kPngFrame) throw bad(source, "ends in the middle");
    const std::size_t length = bigEndian(png.substr(at));
    if (length > png.size() - at - kPngFrame) throw bad(source, "ends in the middle");
    const std::string_view whole = png.substr(at, length + kPngFrame);
    return {whole.substr(4, 4), whole.substr(8, length), whole, pngChunkSound(whole, length)};
}

std::vector<Chunk> chunksOf(std::string_view png, const std::string& source) {
    if (png.substr(0, kPngSignature.size()) != kPngSignature) throw bad(source, "is not a PNG picture");
    std::vector<Chunk> chunks;
    for (std::size_t at = kPngSignature.size(); chunks.empty() || chunks.back().type != "IEND"; at += chunks.back().whole.size()) {
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
    std::string body(key);
    body.append(5, '\0');  // end of the key, uncompressed, method, no language, no translated key
    body += text;
    std::string out(kPngSignature);
    out.reserve(png.size() + body.size() + kPngFrame);
    for (const Chunk& chunk : chunksOf(png, source)) {
        if (hasKey(chunk, key)) continue;
        out += chunk.whole;
        if (chunk.type == "IHDR")
            out += pngChunk("iTXt", body);
    }
    return out;
}

}  // namespace vl
