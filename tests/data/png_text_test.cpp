// SPDX-License-Identifier: Apache-2.0
#include "engine/data/png_text.h"

#include <gtest/gtest.h>

#ifdef VL_HAVE_ZLIB
#include <zlib.h>
#endif

#include "tests/core/expect_error.h"
#include "tests/data/png_builder.h"

namespace vl::test {
namespace {

using namespace std::string_literals;

TEST(PngText, IsReadFromAChunkMadeByHand) {
    EXPECT_EQ(pngText(smallPng(textChunk("key", "gr\xc3\xbc\xc3\x9f e")), "key", "a.png"), "gr\xc3\xbc\xc3\x9f e");
    EXPECT_EQ(pngText(smallPng(textChunk("key", "")), "key", "a.png"), "");
    EXPECT_EQ(pngText(smallPng(pngChunk("iTXt", "key\0\0\0de\0Wort\0text"s)), "key", "a.png"), "text");
}

TEST(PngText, OtherKeysAndOtherChunksAreNotIt) {
    EXPECT_EQ(pngText(smallPng(), "key", "a.png"), std::nullopt);
    EXPECT_EQ(pngText(smallPng(textChunk("keys", "x") + pngChunk("tEXt", "key\0x"s)), "key", "a.png"), std::nullopt);
}

TEST(PngText, IsWrittenAsTheSpecificationSays) {
    EXPECT_EQ(withPngText(smallPng(), "key", "text", "a.png"), smallPng(textChunk("key", "text")));
}

TEST(PngText, TakesThePlaceOfAnEarlierOneAndKeepsTheOthers) {
    const std::string png = smallPng(textChunk("key", "old") + textChunk("other", "kept") + textChunk("key", "older"));
    const std::string now = withPngText(png, "key", "new", "a.png");
    EXPECT_EQ(now, smallPng(textChunk("key", "new") + textChunk("other", "kept")));
}

TEST(PngText, NothingBehindTheEndCounts) {
    const std::string png = smallPng() + textChunk("key", "hidden") + "rubbish";
    EXPECT_EQ(pngText(png, "key", "a.png"), std::nullopt);
    EXPECT_EQ(withPngText(png, "key", "x", "a.png"), smallPng(textChunk("key", "x")));
}

TEST(PngText, AWrongChecksumOfTheTextIsNamed) {
    std::string chunk = textChunk("key", "text");
    chunk[chunk.size() - 5] = 'T';
    const Error error = expectError(ErrorCode::BadFile, [&] { pngText(smallPng(chunk), "key", "a.png"); });
    EXPECT_TRUE(has(error.message(), "a.png"));
    EXPECT_EQ(pngText(smallPng(chunk), "other", "a.png"), std::nullopt);  // of no interest
}

TEST(PngText, HostileBytesAreRefusedWithASentence) {
    for (const std::string& bytes : {""s, "\x89PNG"s, "GIF89a"s, "\x89PNG\r\n\x1a\n"s,
                                     "\x89PNG\r\n\x1a\n\xff\xff\xff\xffIHDRxxxx"s, "\x89PNG\r\n\x1a\n"s + pngChunk("IEND", "")})
        expectError(ErrorCode::BadFile, [&] { pngText(bytes, "key", "a.png"); });
    for (const std::string& data : {"key\0"s, "key\0\0"s, "key\0\2\0\0\0x"s, "key\0\0\0x"s, "key\0\0\0\0x"s,
                                    "key\0\0\0\0\0\xff\xfe"s, "key\0\xff\0\0\0x"s})
        expectError(ErrorCode::BadFile, [&] { pngText(smallPng(pngChunk("iTXt", data)), "key", "a.png"); });
}

TEST(PngText, EveryCutIsRefused) {
    const std::string png = smallPng(textChunk("key", "text"));
    for (std::size_t length = 0; length < png.size(); ++length)
        EXPECT_FALSE(survives([&] { pngText(png.substr(0, length), "other", "a.png"); })) << length;
}

TEST(PngText, EveryFlippedBitIsHarmless) {
    const std::string png = smallPng(textChunk("key", "text"));
    for (std::size_t bit = 0; bit < 8 * png.size(); ++bit) {
        std::string bytes = png;
        bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
        survives([&] {
            const auto text = pngText(bytes, "key", "a.png");
            EXPECT_EQ(text.value_or("text"), "text");
        });
    }
}

TEST(PngText, KeysAndTextsThatCannotBeStoredAreRefused) {
    for (const std::string& key : {""s, std::string(80, 'k'), "a b"s, "a\0b"s, "\xe4"s})
        expectError(ErrorCode::Usage, [&] { withPngText(smallPng(), key, "x", "a.png"); });
    expectError(ErrorCode::Usage, [&] { withPngText(smallPng(), "key", "\xff", "a.png"); });
}

#ifdef VL_HAVE_ZLIB
std::string compressed(const std::string& text) {
    uLongf length = ::compressBound(static_cast<uLong>(text.size()));
    std::string out(length, '\0');
    ::compress(reinterpret_cast<Bytef*>(out.data()), &length, reinterpret_cast<const Bytef*>(text.data()),
               static_cast<uLong>(text.size()));
    out.resize(length);
    return out;
}

TEST(PngText, CompressedTextIsRead) {
    const std::string text(100000, 'x');
    const std::string png = smallPng(pngChunk("iTXt", "key\0\1\0\0\0"s + compressed(text)));
    EXPECT_EQ(pngText(png, "key", "a.png"), text);
    const std::string again = withPngText(png, "key", *pngText(png, "key", "a.png"), "a.png");
    EXPECT_EQ(pngText(again, "key", "a.png"), text);
}

TEST(PngText, CompressedTextThatGrowsWithoutEndIsRefused) {
    const std::string bomb = compressed(std::string(64u << 20, 'x'));
    expectError(ErrorCode::BadFile, [&] {
        pngText(smallPng(pngChunk("iTXt", "key\0\1\0\0\0"s + bomb)), "key", "a.png");
    });
    expectError(ErrorCode::BadFile, [&] { pngText(smallPng(pngChunk("iTXt", "key\0\1\0\0\0no zlib"s)), "key", "a.png"); });
}
#endif

}  // namespace
}  // namespace vl::test
