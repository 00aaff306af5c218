// SPDX-License-Identifier: Apache-2.0
#include "engine/data/index_mask.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "engine/core/error.h"
#include "engine/core/files.h"
#include "engine/core/text.h"
#include "engine/io/inflate.h"
#include "engine/io/png_chunks.h"

namespace vl {
namespace {

constexpr int kGrey = 0, kPalette = 3, kGreyAlpha = 4;

struct Header {
    std::int64_t width = 0, height = 0;
    int depth = 0, colour = 0;
    bool interlaced = false;
    std::size_t bitsPerPixel() const { return static_cast<std::size_t>(depth) * (colour == kGreyAlpha ? 2 : 1); }
};

struct Parts {
    Header header;
    std::vector<Colour> palette;
    std::string packed;  ///< all IDAT chunks, one zlib stream
};

[[noreturn]] void bad(const std::string& source, const std::string& what,
                      const std::string& hint = "Store masks as PNG files with a palette or in grey.") {
    throw Error(ErrorCode::BadFile, source + " " + what + ".", hint);
}

Header headerOf(std::string_view data, const std::string& source, std::int64_t maxPixels) {
    if (data.size() != 13) bad(source, "is a damaged PNG file");
    Header header{bigEndian(data), bigEndian(data.substr(4)), data[8], data[9], data[12] != 0};
    if (header.width < 1 || header.height < 1 || data[10] != 0 || data[11] != 0 || data[12] < 0 || data[12] > 1)
        bad(source, "is a damaged PNG file");
    if (header.colour != kGrey && header.colour != kPalette && header.colour != kGreyAlpha)
        bad(source, "holds colours, not class numbers",
            "Convert it to a PNG file whose pixels are class numbers, in grey or with a palette.");
    const bool byteDepth = header.depth == 8 || header.depth == 16;
    const bool bitDepth = header.depth == 1 || header.depth == 2 || header.depth == 4;
    if (!(byteDepth || (bitDepth && header.colour != kGreyAlpha)) || (header.depth == 16 && header.colour == kPalette))
        bad(source, "has " + std::to_string(header.depth) + " bits for a pixel, which PNG does not allow");
    if (header.width > maxPixels / header.height)
        bad(source, "is " + thousands(header.width) + " x " + thousands(header.height) + " pixels, more than allowed",
            "Cut it into smaller pictures.");
    return header;
}

void takePalette(Parts& parts, std::string_view data, const std::string& source) {
    if (data.size() % 3 != 0 || data.empty() || data.size() > 768) bad(source, "has a damaged palette");
    for (std::size_t i = 0; i < data.size(); i += 3)
        parts.palette.push_back({static_cast<std::uint8_t>(data[i]), static_cast<std::uint8_t>(data[i + 1]),
                                 static_cast<std::uint8_t>(data[i + 2])});
}

Parts partsOf(std::string_view png, const std::string& source, std::int64_t maxPixels) {
    if (!png.starts_with(kPngSignature)) bad(source, "is no PNG file");
    Parts parts;
    bool first = true;
    for (std::size_t at = kPngSignature.size();;) {
        const std::string_view rest = png.substr(at);
        if (rest.size() < kPngFrame || bigEndian(rest) > rest.size() - kPngFrame) bad(source, "ends too early");
        const std::size_t length = bigEndian(rest);
        const std::string_view type = rest.substr(4, 4), data = rest.substr(8, length);
        if (!pngChunkSound(rest, length))
            bad(source, "is damaged: a checksum is wrong", "Fetch or make the file again.");
        if (first != (type == "IHDR")) bad(source, "is a damaged PNG file");
        if (first) parts.header = headerOf(data, source, maxPixels);
        if (type == "PLTE" && parts.header.colour == kPalette && parts.palette.empty()) takePalette(parts, data, source);
        if (type == "IDAT") parts.packed += data;
        if (type == "IEND") return parts;
        first = false;
        at += kPngFrame + length;
    }
}

/// Undoes the filter of one row in place; `above` is the row before, zeros at first.
bool unfilter(int filter, std::vector<std::uint8_t>& row, const std::vector<std::uint8_t>& above, std::size_t step) {
    if (filter < 0 || filter > 4) return false;
    for (std::size_t i = 0; i < row.size(); ++i) {
        const int left = i >= step ? row[i - step] : 0, up = above[i], corner = i >= step ? above[i - step] : 0;
        int guess = 0;
        if (filter == 1) guess = left;
        if (filter == 2) guess = up;
        if (filter == 3) guess = (left + up) / 2;
        if (filter == 4) {
            const int p = left + up - corner, a = std::abs(p - left), b = std::abs(p - up), c = std::abs(p - corner);
            guess = a <= b && a <= c ? left : b <= c ? up : corner;
        }
        row[i] = static_cast<std::uint8_t>(row[i] + guess);
    }
    return true;
}

/// Every how many columns and rows a pass has a pixel, and where it begins.
struct Pass {
    int x, y, stepX, stepY;
};
constexpr Pass kWhole[] = {{0, 0, 1, 1}};
constexpr Pass kAdam7[] = {{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}};

class Reader {
public:
    Reader(const Parts& parts, const std::string& source)
        : header_(parts.header), source_(source), stream_(bytesOf(parts.packed, source)) {
        mask_.width = static_cast<int>(header_.width);
        mask_.height = static_cast<int>(header_.height);
        mask_.palette = parts.palette;
    }

    IndexMask read() {
        for (const Pass& pass : header_.interlaced ? std::span<const Pass>(kAdam7) : std::span<const Pass>(kWhole))
            readPass(pass);
        return std::move(mask_);
    }

private:
    /// The stream without its two bytes of header; its rows are summed by the chunks' checksums already.
    static std::span<const std::byte> bytesOf(const std::string& packed, const std::string& source) {
        if (packed.size() < 2 || (packed[0] & 0x0f) != 8 || (packed[1] & 0x20) != 0) bad(source, "is a damaged PNG file");
        return std::as_bytes(std::span(packed)).subspan(2);
    }

    void readPass(const Pass& pass) {
        const std::int64_t columns = (header_.width - pass.x + pass.stepX - 1) / pass.stepX;
        const std::int64_t rows = (header_.height - pass.y + pass.stepY - 1) / pass.stepY;
        if (columns < 1 || rows < 1) return;
        const std::size_t bytes = (static_cast<std::size_t>(columns) * header_.bitsPerPixel() + 7) / 8;
        const std::size_t step = std::max<std::size_t>(1, header_.bitsPerPixel() / 8);
        std::vector<std::uint8_t> row(bytes), above(bytes);
        for (std::int64_t y = 0; y < rows; ++y) {
            std::byte filter{};
            if (stream_.read({&filter, 1}) != 1 || stream_.read(std::as_writable_bytes(std::span(row))) != bytes)
                bad(source_, "ends too early");
            if (!unfilter(static_cast<int>(filter), row, above, step)) bad(source_, "is a damaged PNG file");
            // Memory grows with what the file really holds, not with what its header says.
            if (!header_.interlaced || mask_.indices.empty()) grow(header_.interlaced ? header_.height : y + 1);
            place(row, columns, pass, pass.y + y * pass.stepY);
            above.swap(row);
        }
    }

    void grow(std::int64_t rows) {
        mask_.indices.resize(static_cast<std::size_t>(rows) * static_cast<std::size_t>(header_.width));
    }

    void place(const std::vector<std::uint8_t>& row, std::int64_t columns, const Pass& pass, std::int64_t y) {
        std::uint8_t* to = mask_.indices.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(header_.width);
        for (std::int64_t i = 0; i < columns; ++i) to[pass.x + i * pass.stepX] = value(row, static_cast<std::size_t>(i));
    }

    std::uint8_t value(const std::vector<std::uint8_t>& row, std::size_t pixel) const {
        if (header_.depth == 8) return row[pixel * header_.bitsPerPixel() / 8];
        if (header_.depth == 16) {
            const std::size_t at = pixel * header_.bitsPerPixel() / 8;
            if (row[at] != 0) bad(source_, "has class numbers above 255", "Number the classes from 0 to 254.");
            return row[at + 1];
        }
        const auto depth = static_cast<std::size_t>(header_.depth);
        const std::size_t shift = 8 - depth - pixel * depth % 8;
        return static_cast<std::uint8_t>(row[pixel * depth / 8] >> shift & ((1u << depth) - 1));
    }

    Header header_;
    std::string source_;
    InflateStream stream_;
    IndexMask mask_;
};

}  // namespace

IndexMask parseIndexMask(std::string_view png, const std::string& source, std::int64_t maxPixels) {
#ifndef VL_HAVE_ZLIB
    throw Error(ErrorCode::Unsupported, source + " cannot be read: this build has no zlib.", "Build with zlib.");
#endif
    const Parts parts = partsOf(png, source, maxPixels);
    return Reader(parts, source).read();
}

IndexMask readIndexMask(const std::filesystem::path& file, std::int64_t maxPixels) {
    return parseIndexMask(readTextFile(file, 512u << 20), file.string(), maxPixels);
}

}  // namespace vl
