// SPDX-License-Identifier: Apache-2.0
#include "engine/api/sample_result.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "engine/data/png_text.h"
#include "engine/data/sample_result_json.h"
#include "tests/core/expect_error.h"
#include "tests/data/png_builder.h"
#include "tests/data/sample_builder.h"

namespace vl::test {
namespace {

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

}  // namespace
}  // namespace vl::test
