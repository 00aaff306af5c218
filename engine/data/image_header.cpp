// SPDX-License-Identifier: Apache-2.0
#include "engine/data/image_header.h"

#include <cstdlib>

namespace vl {
namespace {

/// Reads numbers at offsets; outside the bytes everything is 0, which no valid size is.
struct Bytes {
    std::string_view text;

    std::int64_t u8(std::size_t at) const { return at < text.size() ? static_cast<unsigned char>(text[at]) : 0; }
    std::int64_t le(std::size_t at, int count) const {
        std::int64_t value = 0;
        for (int i = count; i-- > 0;) value = value * 256 + u8(at + static_cast<std::size_t>(i));
        return value;
    }
    std::int64_t be(std::size_t at, int count) const {
        std::int64_t value = 0;
        for (int i = 0; i < count; ++i) value = value * 256 + u8(at + static_cast<std::size_t>(i));
        return value;
    }
    bool has(std::size_t at, std::string_view part) const { return text.size() >= at + part.size() && text.substr(at, part.size()) == part; }
};

/// Walks the segments up to the frame header, which holds the size.
ImageHeader readJpeg(const Bytes& bytes) {
    std::size_t at = 2;
    while (at + 9 < bytes.text.size()) {
        if (bytes.u8(at) != 0xff) return {};
        const auto marker = bytes.u8(at + 1);
        if (marker == 0xff || marker == 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {  // fill bytes and markers without data
            at += marker == 0xff ? 1 : 2;
            continue;
        }
        const bool frame = marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
        if (frame) return {"JPEG", bytes.be(at + 7, 2), bytes.be(at + 5, 2)};
        const auto length = bytes.be(at + 2, 2);
        if (length < 2 || marker == 0xda) return {};
        at += static_cast<std::size_t>(length) + 2;
    }
    return {};
}

ImageHeader readBmp(const Bytes& bytes) {
    if (bytes.le(14, 4) == 12) return {"BMP", bytes.le(18, 2), bytes.le(20, 2)};
    const auto height = static_cast<std::int32_t>(bytes.le(22, 4));  // negative: rows from the top
    return {"BMP", static_cast<std::int32_t>(bytes.le(18, 4)), std::llabs(height)};
}

ImageHeader readWebp(const Bytes& bytes) {
    if (bytes.has(12, "VP8 ")) return {"WebP", bytes.le(26, 2) & 0x3fff, bytes.le(28, 2) & 0x3fff};
    if (bytes.has(12, "VP8L")) {
        const auto packed = bytes.le(21, 4);
        return {"WebP", (packed & 0x3fff) + 1, ((packed >> 14) & 0x3fff) + 1};
    }
    if (bytes.has(12, "VP8X")) return {"WebP", bytes.le(24, 3) + 1, bytes.le(27, 3) + 1};
    return {};
}

ImageHeader readPnm(const Bytes& bytes) {
    std::int64_t numbers[2] = {0, 0};
    std::size_t at = 2;
    for (auto& number : numbers) {
        while (at < bytes.text.size() && (bytes.u8(at) <= ' ' || bytes.u8(at) == '#')) {
            const bool remark = bytes.u8(at) == '#';
            do ++at;
            while (remark && at < bytes.text.size() && bytes.text[at] != '\n');
        }
        for (; bytes.u8(at) >= '0' && bytes.u8(at) <= '9' && number < 1'000'000'000; ++at) number = number * 10 + bytes.u8(at) - '0';
    }
    return {"PNM", numbers[0], numbers[1]};
}

}  // namespace

std::string_view imageFormat(std::string_view text) {
    const Bytes bytes{text};
    if (bytes.has(0, "\x89PNG\r\n\x1a\n")) return "PNG";
    if (bytes.has(0, "\xff\xd8\xff")) return "JPEG";
    if (bytes.has(0, "BM")) return "BMP";
    if (bytes.has(0, "RIFF") && bytes.has(8, "WEBP")) return "WebP";
    if (bytes.u8(0) == 'P' && bytes.u8(1) >= '1' && bytes.u8(1) <= '6' && bytes.u8(2) <= ' ' && text.size() > 6) return "PNM";
    return {};
}

std::optional<ImageHeader> readImageHeader(std::string_view text) {
    const Bytes bytes{text};
    const auto format = imageFormat(text);
    ImageHeader header;
    if (format == "PNG" && bytes.has(12, "IHDR")) header = {"PNG", bytes.be(16, 4), bytes.be(20, 4)};
    if (format == "JPEG") header = readJpeg(bytes);
    if (format == "BMP") header = readBmp(bytes);
    if (format == "WebP") header = readWebp(bytes);
    if (format == "PNM") header = readPnm(bytes);
    if (header.width < 1 || header.height < 1) return std::nullopt;
    return header;
}

}  // namespace vl
