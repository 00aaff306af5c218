// SPDX-License-Identifier: Apache-2.0
#include "engine/api/sample_result.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "engine/api/data_source.h"
#include "engine/core/random.h"
#include "engine/data/png_stored.h"
#include "engine/data/png_text.h"
#include "engine/data/sample_result_json.h"
#include "tests/core/expect_error.h"
#include "tests/core/scratch_folder.h"
#include "tests/data/png_builder.h"

namespace vl::test {
namespace {

using Frames = std::vector<std::shared_ptr<const SampleFrame>>;

/// Every field another value than its default.
CellSettings fullCell(int index) {
    CellSettings cell;
    cell.label = 3 + index;
    cell.labelTo = 5;
    cell.labelMix = 0.25;
    cell.seed = 0xffffffffffffffffu - static_cast<std::uint64_t>(index);
    cell.seedTo = 9007199254740993u;  // no double holds it
    cell.seedMix = 1.0 / 3;
    cell.sampler = "sde_heun";
    cell.steps = 125;
    cell.guidance = 1.5;
    cell.eta = 0.5;
    cell.form = "linear";
    cell.noise = 0.7;
    cell.lastStep = "Tweedie";
    cell.lastStepSize = 0.01;
    cell.clip = true;
    return cell;
}

SampleRecord fullRecord(int rows = 2, int columns = 3) {
    SampleRecord record;
    record.recipe.base = fullCell(0);
    record.recipe.rows = Vary::Guidance;
    record.recipe.columns = Vary::SeedMix;
    record.recipe.rowValues = {"1", "1.5"};
    record.recipe.columnValues = {"0", "0.5", "\xe2\x88\x9e"};
    record.recipe.newSeedEachColumn = true;
    record.recipe.newSeedEachRow = true;
    record.model = "models/a b.safetensors";
    record.autoencoder = "vae.safetensors";
    record.modelName = "sitllama_micro, step 4,000";
    record.modelHash = "0123456789ab";
    record.version = "0.1.0";
    record.wallSeconds = 1.7e9 + 0.125;
    record.seconds = 12.5;
    record.grid.rows = rows;
    record.grid.columns = columns;
    for (int i = 0; i < rows * columns; ++i) record.grid.cells.push_back(fullCell(i));
    for (int i = 0; i < rows; ++i) record.grid.rowLabels.push_back("row " + std::to_string(i));
    for (int i = 0; i < columns; ++i) record.grid.columnLabels.push_back("column " + std::to_string(i));
    return record;
}

void expectSame(const SampleRecord& a, const SampleRecord& b) {
    EXPECT_EQ(a.recipe.base, b.recipe.base);
    EXPECT_EQ(a.recipe.rows, b.recipe.rows);
    EXPECT_EQ(a.recipe.columns, b.recipe.columns);
    EXPECT_EQ(a.recipe.rowValues, b.recipe.rowValues);
    EXPECT_EQ(a.recipe.columnValues, b.recipe.columnValues);
    EXPECT_EQ(a.recipe.newSeedEachColumn, b.recipe.newSeedEachColumn);
    EXPECT_EQ(a.recipe.newSeedEachRow, b.recipe.newSeedEachRow);
    EXPECT_EQ(a.model, b.model);
    EXPECT_EQ(a.autoencoder, b.autoencoder);
    EXPECT_EQ(a.modelName, b.modelName);
    EXPECT_EQ(a.modelHash, b.modelHash);
    EXPECT_EQ(a.version, b.version);
    EXPECT_EQ(a.wallSeconds, b.wallSeconds);
    EXPECT_EQ(a.seconds, b.seconds);
    EXPECT_EQ(a.cell, b.cell);
    EXPECT_EQ(a.grid.rows, b.grid.rows);
    EXPECT_EQ(a.grid.columns, b.grid.columns);
    EXPECT_EQ(a.grid.cells, b.grid.cells);
    EXPECT_EQ(a.grid.rowLabels, b.grid.rowLabels);
    EXPECT_EQ(a.grid.columnLabels, b.grid.columnLabels);
}

SampleFrame frameOf(int cells, int side, int channels, int step) {
    SampleFrame frame;
    frame.step = step;
    const RandomStream random(5, static_cast<std::uint64_t>(step));
    std::uint64_t at = 0;
    for (auto* pictures : {&frame.noisy, &frame.clean})
        for (int cell = 0; cell < cells; ++cell) {
            Image& image = pictures->emplace_back(Image{side, side, channels, {}});
            for (int i = 0; i < side * side * channels; ++i)
                image.pixels.push_back(static_cast<std::uint8_t>(random.below(at++, 256)));
        }
    for (int cell = 0; cell < cells; ++cell) frame.cellSteps.push_back(std::min(step, 2 + cell));
    return frame;
}

Frames threeFrames(int cells, int side = 6, int channels = 1) {
    Frames frames;
    for (const int step : {0, 2, 5}) frames.push_back(std::make_shared<const SampleFrame>(frameOf(cells, side, channels, step)));
    return frames;
}

void expectSamePictures(const std::vector<Image>& a, const std::vector<Image>& b) {
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
        EXPECT_EQ(a[i].width, b[i].width);
        EXPECT_EQ(a[i].height, b[i].height);
        EXPECT_EQ(a[i].channels, b[i].channels);
        EXPECT_EQ(a[i].pixels, b[i].pixels);
    }
}

/// Builds without OpenCV write pictures and read none.
bool canDecode() {
    const ScratchFolder folder;
    writePng(folder / "a.png", {1, 1, 1, {7}});
    try {
        return readImage(folder / "a.png").pixels[0] == 7;
    } catch (const Error& error) {
        return error.code() != ErrorCode::Unsupported;
    }
}

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

TEST(SampleResult, IsStoredCompleteAndReadAgain) {
    const ScratchFolder folder;
    const Frames frames = threeFrames(6, 6, 3);
    const auto stored = writeSampleResult(folder / "results", fullRecord(), frames, *frames.back());
    EXPECT_EQ(stored, folder / "results/grid-0001");
    expectSame(readSampleRecord(stored), fullRecord());
    expectSame(recordFromPicture(stored / "grid.png"), fullRecord());
    const auto read = readSampleFrames(stored);
    ASSERT_EQ(read.size(), 3u);
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(read[i].step, frames[i]->step);
        EXPECT_EQ(read[i].cellSteps, frames[i]->cellSteps);
        expectSamePictures(read[i].noisy, frames[i]->noisy);
        expectSamePictures(read[i].clean, frames[i]->clean);
    }
    if (!canDecode()) return;
    const SheetLayout layout = sheetLayout(2, 3, pointersTo(frames.back()->clean), 0);
    expectSamePictures(cutSheet(layout, readImage(stored / "grid.png")), frames.back()->clean);
}

TEST(SampleResult, AResultFinerThanItsPreviewsIsTheLastFrame) {
    const ScratchFolder folder;
    Frames frames = threeFrames(6);
    frames.push_back(std::make_shared<const SampleFrame>(frameOf(6, 24, 3, 5)));
    const auto stored = writeSampleResult(folder.path(), fullRecord(), frames, *frames.back());
    const auto read = readSampleFrames(stored);
    ASSERT_EQ(read.size(), canDecode() ? 4u : 3u);
    if (!canDecode()) return;
    expectSamePictures(read[2].clean, frames[2]->clean);
    expectSamePictures(read[3].clean, frames[3]->clean);
}

TEST(SampleResult, NumbersGoOnAndNothingHalfWrittenStays) {
    const ScratchFolder folder;
    std::filesystem::create_directories(folder / "grid-0007");
    put(folder / "grid-0008", "a file");
    const Frames frames = threeFrames(6);
    EXPECT_EQ(writeSampleResult(folder.path(), fullRecord(), frames, *frames.back()), folder / "grid-0009");
    SampleFrame wrong = *frames.back();
    wrong.clean.pop_back();
    expectError(ErrorCode::Usage, [&] { writeSampleResult(folder.path(), fullRecord(), frames, wrong); });
    std::size_t entries = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder.path())) ++entries;
    EXPECT_EQ(entries, 3u);
}

TEST(SampleResult, TwoWritersNeverTakeTheSameNumber) {
    const ScratchFolder folder;
    const Frames frames = threeFrames(6);
    std::vector<std::thread> writers;
    for (int i = 0; i < 4; ++i)
        writers.emplace_back([&] {
            for (int n = 0; n < 10; ++n) writeSampleResult(folder.path(), fullRecord(), frames, *frames.back());
        });
    for (auto& writer : writers) writer.join();
    EXPECT_EQ(listSampleResults(folder.path()).size(), 40u);
}

TEST(SampleResult, AFolderThatCannotBeWrittenIsAnErrorWithAdvice) {
    const ScratchFolder folder;
    put(folder / "file", "x");
    const Frames frames = threeFrames(6);
    EXPECT_FALSE(expectError(ErrorCode::BadFile, [&] {
                     writeSampleResult(folder / "file", fullRecord(), frames, *frames.back());
                 }).hint().empty());
}

TEST(SampleResult, TheListShowsTheNewestFirstAndNamesWhatItLeavesOut) {
    const ScratchFolder folder;
    EXPECT_TRUE(listSampleResults(folder / "none").empty());
    const Frames frames = threeFrames(6);
    for (const double time : {100.0, 300.0, 200.0}) {
        SampleRecord record = fullRecord();
        record.wallSeconds = time;
        writeSampleResult(folder.path(), record, frames, *frames.back());
    }
    put(folder / "grid-0010/result.json", "{ torn");
    std::filesystem::create_directories(folder / ".grid-1-1");
    std::filesystem::create_directories(folder / "grid-12");
    std::filesystem::create_directories(folder / "notes");
    std::vector<std::string> problems;
    const auto list = listSampleResults(folder.path(), &problems);
    ASSERT_EQ(list.size(), 3u);
    EXPECT_EQ(list[0].folder, folder / "grid-0002");
    EXPECT_EQ(list[1].folder, folder / "grid-0003");
    EXPECT_EQ(list[2].folder, folder / "grid-0001");
    ASSERT_EQ(problems.size(), 1u);
    EXPECT_TRUE(has(problems[0], "grid-0010"));
}

TEST(SampleResult, AThousandResultsAreListedAtOnce) {
    const ScratchFolder folder;
    const std::string json = recordToJson(fullRecord(4, 4));
    for (int i = 1; i <= 1000; ++i) {
        char name[32];
        std::snprintf(name, sizeof name, "grid-%04d/result.json", i);
        put(folder / name, json);
    }
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(listSampleResults(folder.path()).size(), 1000u);
    const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    RecordProperty("milliseconds", std::to_string(1000 * seconds));
    EXPECT_LT(seconds, 5);  // a tenth of it on an idle machine; a reader of pictures would take longer
}

TEST(SampleResult, DamagedFramesAreRefused) {
    const ScratchFolder folder;
    const Frames frames = threeFrames(6);
    const auto stored = writeSampleResult(folder.path(), fullRecord(), frames, *frames.back());
    const std::string sound = bytesOf(stored / "frames.npz");
    for (std::size_t length = 0; length < sound.size(); length += 101) {
        put(stored / "frames.npz", sound.substr(0, length));
        EXPECT_FALSE(survives([&] { readSampleFrames(stored); })) << length;
    }
    const auto other = writeSampleResult(folder.path(), fullRecord(1, 1), threeFrames(1), frameOf(1, 6, 1, 5));
    put(stored / "frames.npz", bytesOf(other / "frames.npz"));  // another number of cells
    expectError(ErrorCode::BadFile, [&] { readSampleFrames(stored); });
    std::filesystem::remove(stored / "frames.npz");
    expectError(ErrorCode::NotFound, [&] { readSampleFrames(stored); });
}

TEST(SampleResult, APictureWithoutARecordSaysSo) {
    const ScratchFolder folder;
    expectError(ErrorCode::NotFound, [&] { recordFromPicture(put(folder / "a.png", smallPng())); });
    expectError(ErrorCode::NotFound, [&] { recordFromPicture(folder / "none.png"); });
    expectError(ErrorCode::BadFile, [&] { recordFromPicture(put(folder / "b.png", "not a picture")); });
    const std::string forged = withPngText(smallPng(), kRecordKey, "{}", "c.png");
    expectError(ErrorCode::BadFile, [&] { recordFromPicture(put(folder / "c.png", forged)); });
}

TEST(Export, APictureOfTheGridAndOfOneCellSayHowTheyWereMade) {
    const ScratchFolder folder;
    const Frames frames = threeFrames(6, 28);
    ExportRequest request;
    request.file = folder / "out/grid.png";
    EXPECT_EQ(exportSampleResult(fullRecord(), frames, request), folder / "out/grid.png");
    expectSame(recordFromPicture(folder / "out/grid.png"), fullRecord());
    request.cell = 4;
    request.scale = 1;
    EXPECT_EQ(exportSampleResult(fullRecord(), frames, request), folder / "out/grid-2.png");  // never overwrites
    EXPECT_EQ(exportSampleResult(fullRecord(), frames, request), folder / "out/grid-3.png");
    if (canDecode()) expectSamePictures({readImage(folder / "out/grid-2.png")}, {frames.back()->clean[4]});
    EXPECT_EQ(recordFromPicture(folder / "out/grid-2.png").cell, 4);
}

TEST(Export, WhatCannotBeExportedIsRefusedAndLeavesNothing) {
    const ScratchFolder folder;
    const Frames frames = threeFrames(6);
    ExportRequest request;
    for (const std::string name : {"grid.jpg", "grid", ""}) {
        request.file = folder / name;
        expectError(ErrorCode::Usage, [&] { exportSampleResult(fullRecord(), frames, request); });
    }
    request.file = folder / "grid.png";
    expectError(ErrorCode::Usage, [&] { exportSampleResult(fullRecord(), {}, request); });
    request.cell = 6;
    expectError(ErrorCode::Usage, [&] { exportSampleResult(fullRecord(), frames, request); });
    request.cell = -1;
    for (const std::string name : {"a.png", "a.gif", "a.mp4"}) {
        request.file = folder / name;
        EXPECT_FALSE(survives([&] { exportSampleResult(fullRecord(), frames, request, [](double) { return false; }); }));
    }
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(Export, AFilmShowsTheWayAndEndsWithTheResult) {
    const ScratchFolder folder;
    ExportRequest request;
    for (const std::string name : {"a.gif", "A.GIF", "a.mp4"}) {
        request.file = folder / name;
        double last = 0;
        bool rising = true;
        const auto tell = [&](double share) {
            rising = rising && share >= last;
            last = share;
            return true;
        };
        try {
            EXPECT_EQ(exportSampleResult(fullRecord(), threeFrames(6, 28, 3), request, tell), folder / name);
        } catch (const Error& error) {
            if (error.code() != ErrorCode::Unsupported) throw;
            continue;
        }
        EXPECT_GT(std::filesystem::file_size(folder / name), 500u);
        EXPECT_TRUE(rising);
        EXPECT_EQ(last, 1);
    }
}

}  // namespace
}  // namespace vl::test
