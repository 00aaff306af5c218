// SPDX-License-Identifier: Apache-2.0
#include "engine/api/sample_result.h"

#include <gtest/gtest.h>

#include "engine/core/random.h"
#include "engine/data/png_stored.h"
#include "engine/data/sample_result_json.h"
#include "tests/core/expect_error.h"
#include "tests/data/sample_builder.h"

namespace vl::test {
namespace {

TEST(StoredPng, IsReadByOthers) {
    if (!canDecode()) GTEST_SKIP() << "this build has no OpenCV";
    const ScratchFolder folder;
    for (const int channels : {1, 3})
        for (const int side : {1, 6, 300}) {  // 300 x 300 x 3 bytes need several blocks
            const Image image = frameOf(1, side, channels, 1).clean[0];
            expectSamePictures({readImage(put(folder / "a.png", storedPng(image)))}, {image});
        }
    expectError(ErrorCode::Usage, [] { storedPng({2, 2, 1, {1, 2, 3}}); });
    expectError(ErrorCode::Usage, [] { storedPng({1, 1, 2, {1, 2}}); });
}

TEST(SampleRecord, EveryFieldComesBack) {
    SampleRecord record = fullRecord();
    record.cell = 4;
    expectSame(recordFromJson(recordToJson(record), "x"), record);
    SampleRecord plain;
    plain.grid.cells.resize(1);
    expectSame(recordFromJson(recordToJson(plain), "x"), plain);
}

TEST(SampleRecord, UnknownKeysAreIgnored) {
    std::string json = recordToJson(fullRecord());
    json.insert(json.find('{') + 1, "\"mood\": {\"good\": [1, 2]},");
    expectSame(recordFromJson(json, "x"), fullRecord());
}

TEST(SampleRecord, DamagedRecordsAreRefusedInOneSentence) {
    const std::string sound = recordToJson(fullRecord());
    const auto with = [&](const std::string& from, const std::string& to) {
        std::string json = sound;
        const auto at = json.find(from);
        EXPECT_NE(at, std::string::npos) << from;
        json.replace(at, from.size(), to);
        return json;
    };
    const std::string longText(5000, 'x');
    for (const std::string& json :
         {std::string(), std::string("[]"), std::string("{}"), std::string("{\"format\": 2}"), with("\"steps\": 125", "\"steps\": 1e300"),
          with("\"steps\": 125", "\"steps\": -1"), with("\"steps\": 125", "\"steps\": 4294967296"),
          with("\"rows\": 2", "\"rows\": 1000000"), with("\"rows\": 2", "\"rows\": 0"), with("\"rows\": 2", "\"rows\": 3"),
          with("\"guidance\": 1.5", "\"guidance\": null"), with("\"guidance\": 1.5", "\"guidance\": \"4\""),
          with("\"clip\": true", "\"clip\": 1"), with("\"0123456789ab\"", "\"" + longText + "\""),
          with("\"0123456789ab\"", "\"a\\u0000b\""), with("\"0123456789ab\"", "[]"), with("\"row 0\",", ""),
          with("\"seed_mix\"", "\"seed\""), with("\"rows\": \"guidance\"", "\"rows\": \"colour\"")}) {
        const Error error = expectError(ErrorCode::BadFile, [&] { recordFromJson(json, "grid.json"); });
        EXPECT_TRUE(has(error.message(), "grid.json")) << error.message();
        EXPECT_EQ(error.message().find('\n'), std::string::npos);
    }
}

TEST(SampleRecord, AnyCutAndAnyChangedByteIsAnErrorOrHarmless) {
    const std::string sound = recordToJson(fullRecord());
    for (std::size_t length = 0; length + 2 < sound.size(); length += 7)
        EXPECT_FALSE(survives([&] { recordFromJson(sound.substr(0, length), "x"); })) << length;
    const RandomStream random(7, 1);
    for (std::uint64_t i = 0; i < 2000; ++i) {
        std::string json = sound;
        json[random.below(2 * i, json.size())] = static_cast<char>(random.below(2 * i + 1, 256));
        survives([&] { recordFromJson(json, "x"); });
    }
}

TEST(Sheet, CellsAreEnlargedOnAGroundAndCanBeCutOutAgain) {
    const SampleFrame frame = frameOf(6, 28, 1, 1);
    const SheetLayout layout = sheetLayout(2, 3, pointersTo(frame.clean), 0);
    EXPECT_EQ(layout.scale, 4);  // 112 pixels
    EXPECT_EQ(layout.gap, 8);
    const Image sheet = composeSheet(layout, pointersTo(frame.clean));
    EXPECT_EQ(sheet.width, 3 * 112 + 4 * 8);
    EXPECT_EQ(sheet.height, 2 * 112 + 3 * 8);
    EXPECT_EQ(sheet.pixels[0], sheet.pixels[7]);  // the ground
    // Pixel (5, 7) of cell 4 (row 1, column 1) covers 4 x 4 pixels.
    const int left = 8 + 120 + 5 * 4, top = 8 + 120 + 7 * 4;
    for (int y = top; y < top + 4; ++y)
        for (int x = left; x < left + 4; ++x)
            ASSERT_EQ(sheet.pixels[static_cast<std::size_t>(y * sheet.width + x)], frame.clean[4].pixels[7 * 28 + 5]);
    expectSamePictures(cutSheet(layout, sheet), frame.clean);
}

TEST(Sheet, LargeGridsAreNotEnlargedBeyondAScreenAndSmallCellsFillTheRoomOfLargeOnes) {
    const SampleFrame frame = frameOf(900, 28, 1, 1);
    EXPECT_EQ(sheetLayout(30, 30, pointersTo(frame.clean), 0).scale, 2);
    EXPECT_EQ(sheetLayout(30, 30, pointersTo(frame.clean), 1).scale, 1);
    const Image small{1, 1, 1, {9}}, large{4, 4, 3, std::vector<std::uint8_t>(48, 77)};
    const SheetLayout layout = sheetLayout(1, 2, {&small, &large}, 1);
    const Image sheet = composeSheet(layout, {&small, &large});
    EXPECT_EQ(sheet.channels, 3);
    for (int x = 4; x < 8; ++x)
        for (int c = 0; c < 3; ++c) EXPECT_EQ(sheet.pixels[static_cast<std::size_t>((4 * sheet.width + x) * 3 + c)], 9);
}

TEST(Sheet, WhatFormsNoGridIsRefused) {
    const SampleFrame frame = frameOf(6, 4, 1, 1);
    expectError(ErrorCode::Usage, [&] { sheetLayout(2, 2, pointersTo(frame.clean), 0); });
    expectError(ErrorCode::Usage, [&] { sheetLayout(0, 0, {}, 0); });
    Image torn = frame.clean[0];
    torn.pixels.pop_back();
    expectError(ErrorCode::Usage, [&] { sheetLayout(1, 1, {&torn}, 0); });
    const SampleFrame wide = frameOf(1, 300, 1, 1);
    expectError(ErrorCode::Usage, [&] { sheetLayout(1, 1, pointersTo(wide.clean), 64); });
}

}  // namespace
}  // namespace vl::test
