// SPDX-License-Identifier: Apache-2.0
#include "engine/data/index_mask.h"

#include <gtest/gtest.h>

#include "engine/core/error.h"
#include "tests/data/png_builder.h"

namespace vl {
namespace {
using namespace std::string_literals;
using Bytes = std::vector<std::uint8_t>;

/// A zlib stream of one block that is not compressed; PNG readers need not look at its own sum.
std::string stored(const std::string& bytes) {
    const auto n = static_cast<std::uint16_t>(bytes.size());
    const auto inverse = static_cast<std::uint16_t>(~n);
    return "\x78\x01\x01"s + static_cast<char>(n & 0xff) + static_cast<char>(n >> 8) +
           static_cast<char>(inverse & 0xff) + static_cast<char>(inverse >> 8) + bytes + std::string(4, '\0');
}

struct Png {
    std::uint32_t width = 1, height = 1;
    int depth = 8, colour = 0, interlace = 0;
    std::string rows{};  ///< filter byte and bytes of each row
    std::string palette{};
    std::string bytes() const {
        const std::string header = test::bigEndian(width) + test::bigEndian(height) + static_cast<char>(depth) +
                                   static_cast<char>(colour) + "\0\0"s + static_cast<char>(interlace);
        return "\x89PNG\r\n\x1a\n"s + test::pngChunk("IHDR", header) +
               (palette.empty() ? "" : test::pngChunk("PLTE", palette)) + test::pngChunk("IDAT", stored(rows)) +
               test::pngChunk("IEND", "");
    }
};

Bytes indicesOf(const Png& png) { return parseIndexMask(png.bytes(), "mask.png").indices; }

std::string refusal(const std::string& bytes, std::int64_t most = 1000) {
    try {
        parseIndexMask(bytes, "mask.png", most);
    } catch (const Error& error) {
        EXPECT_FALSE(error.hint().empty()) << error.message();
        return error.message();
    }
    return {};
}

TEST(IndexMask, PaletteFilesGiveIndicesNotColours) {
    const Png png{.width = 3, .height = 1, .colour = 3, .rows = "\0\2\0\1"s, .palette = "\xff\0\0\0\xff\0\0\0\xff"s};
    const IndexMask mask = parseIndexMask(png.bytes(), "mask.png");
    EXPECT_EQ(mask.indices, (Bytes{2, 0, 1}));
    EXPECT_EQ(mask.palette, (std::vector<Colour>{{255, 0, 0}, {0, 255, 0}, {0, 0, 255}}));
}

TEST(IndexMask, PixelsBelowAByteAreReadFromTheHighestBit) {
    EXPECT_EQ(indicesOf({.width = 10, .depth = 1, .rows = "\0\xA5\x80"s}), (Bytes{1, 0, 1, 0, 0, 1, 0, 1, 1, 0}));
    EXPECT_EQ(indicesOf({.width = 5, .depth = 2, .rows = "\0\x1B\xC0"s}), (Bytes{0, 1, 2, 3, 3}));
    EXPECT_EQ(indicesOf({.width = 3, .depth = 4, .rows = "\0\x9F\x20"s}), (Bytes{9, 15, 2}));
}

TEST(IndexMask, EveryRowFilterIsUndone) {
    // PNG specification, section 9.2, by hand: rows of 10 20 30 after one row each of none, left, up, mean, Paeth.
    const std::string rows = "\0\x0a\x14\x1e"s + "\1\x0a\x0a\x0a"s + "\2\0\0\0"s + "\3\x05\x05\x05"s + "\4\0\0\0"s;
    EXPECT_EQ(indicesOf({.width = 3, .height = 5, .rows = rows}),
              (Bytes{10, 20, 30, 10, 20, 30, 10, 20, 30, 10, 20, 30, 10, 20, 30}));
    // Paeth's guess by its neighbour above, then left, left (p = 7, p = -22); above, then the corner (p = 20).
    EXPECT_EQ(indicesOf({.width = 3, .height = 2, .rows = "\0\x32\x32\x14\4\xd5\1\2"s}), (Bytes{50, 50, 20, 7, 8, 10}));
    EXPECT_EQ(indicesOf({.width = 2, .height = 2, .rows = "\0\x14\x1e\4\xf6\5"s}), (Bytes{20, 30, 10, 25}));
}

TEST(IndexMask, InterlacedFilesAreReadInSevenPasses) {
    // A 3 x 3 picture: pass 1 has (0,0); 4 has (2,0); 5 has (0,2) and (2,2); 6 has (1,0) and (1,2); 7 has row 1.
    const std::string rows = "\0\1"s + "\0\3"s + "\0\7\x09"s + "\0\2"s + "\0\x08"s + "\0\4\5\6"s;
    EXPECT_EQ(indicesOf({.width = 3, .height = 3, .interlace = 1, .rows = rows}), (Bytes{1, 2, 3, 4, 5, 6, 7, 8, 9}));
}

TEST(IndexMask, SixteenBitsAreReadWhereNumbersFitAByte) {
    EXPECT_EQ(indicesOf({.width = 2, .depth = 16, .rows = "\0\0\7\0\xff"s}), (Bytes{7, 255}));
    EXPECT_NE(refusal(Png{.width = 1, .depth = 16, .rows = "\0\1\0"s}.bytes()).find("above 255"), std::string::npos);
}

TEST(IndexMask, WhatIsWrittenIsReadBack) {
    const Bytes indices{0, 1, 2, 255, 4, 5};
    const std::vector<Colour> palette{{1, 2, 3}, {4, 5, 6}};
    const IndexMask mask = parseIndexMask(indexMaskPng(3, 2, indices, palette), "mask.png");
    EXPECT_EQ(mask.width, 3);
    EXPECT_EQ(mask.height, 2);
    EXPECT_EQ(mask.indices, indices);
    EXPECT_EQ(mask.palette, palette);
    EXPECT_EQ(parseIndexMask(indexMaskPng(3, 2, indices, {}), "mask.png").indices, indices);
    EXPECT_THROW(indexMaskPng(3, 3, indices, {}), Error);
    EXPECT_THROW(indexMaskPng(0, 0, {}, {}), Error);
    EXPECT_THROW(indexMaskPng(3, 2, indices, std::vector<Colour>(257)), Error);
}

TEST(IndexMask, ColoursAreRefusedWithAHint) {
    EXPECT_EQ(refusal(Png{.colour = 2, .rows = "\0\1\2\3"s}.bytes()), "mask.png holds colours, not class numbers.");
}

TEST(IndexMask, FilesThatAnnounceTooMuchAreRefusedBeforeMemoryIsSpent) {
    EXPECT_NE(refusal(Png{.width = 30000, .height = 30000}.bytes()).find("30,000 x 30,000"), std::string::npos);
    EXPECT_NE(refusal(Png{.width = 0xffffffff, .height = 0xffffffff}.bytes()), "");
    // Within the limit, but the rows are not there.
    EXPECT_EQ(refusal(Png{.width = 10000, .height = 10000, .rows = "\0\1"s}.bytes(), 100'000'000),
              "mask.png ends too early.");
}

TEST(IndexMask, DamagedFilesAreRefusedInOneSentence) {
    const std::string sound =
        Png{.width = 3, .height = 1, .colour = 3, .rows = "\0\2\0\1"s, .palette = "abcdef"}.bytes();
    ASSERT_EQ(refusal(sound), "");
    for (std::size_t length = 0; length < sound.size(); ++length)
        EXPECT_NE(refusal(sound.substr(0, length)), "") << length;
    for (std::size_t at = 0; at < sound.size(); ++at) {
        std::string changed = sound;
        changed[at] = static_cast<char>(changed[at] ^ 0x41);
        EXPECT_NE(refusal(changed), "") << at;
    }
    EXPECT_NE(refusal(Png{.width = 0, .rows = "\0\1"s}.bytes()), "");
    EXPECT_NE(refusal(Png{.depth = 3, .rows = "\0\1"s}.bytes()), "");
    EXPECT_NE(refusal(Png{.interlace = 2, .rows = "\0\1"s}.bytes()), "");
    EXPECT_NE(refusal(Png{.rows = "\5\1"s}.bytes()), "");
    EXPECT_NE(refusal(Png{.colour = 3, .rows = "\0\1"s, .palette = "ab"}.bytes()), "");
}

}  // namespace
}  // namespace vl
