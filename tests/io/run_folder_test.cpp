// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <locale>
#include <optional>

#include "engine/api/run_folder.h"
#include "engine/core/random.h"
#include "engine/io/checkpoint_metadata.h"
#include "engine/io/run_folder_writer.h"
#include "engine/io/run_rows.h"
#include "engine/io/safetensors.h"
#include "tests/core/expect_error.h"
#include "tests/core/scratch_folder.h"

namespace vl {
namespace {

namespace fs = std::filesystem;
using test::expectError;
using test::put;
using test::ScratchFolder;

StepMetrics stepRow(std::int64_t step, double loss = 0.5) {
    StepMetrics row;
    row.step = step;
    row.epoch = static_cast<double>(step) / 3;
    row.loss = loss;
    row.lr = 1.0 / 7;
    row.gradNorm = 1e-17;
    row.forwardMs = 1.25f;
    return row;
}

EvalMetrics evalRow(std::int64_t step) {
    EvalMetrics row;
    row.step = step;
    row.accuracy = 0.875;
    row.images = 10000;
    return row;
}

RunEvent event(RunEventKind kind, std::int64_t step = 0, std::string text = "") {
    return {kind, step, 1.7e9, std::move(text), ""};
}

void putCheckpoint(const fs::path& file, std::int64_t step) {
    CheckpointInfo info;
    info.spec = findPreset("illama_micro");
    info.step = step;
    writeSafetensors(file, {}, toMetadata(info));
}

TEST(RunFolder, ReadsBackWhatWasWritten) {
    const ScratchFolder scratch;
    const auto folder = scratch / "runs/fashion-001";
    RunSettings settings;
    settings.name = "fashion";
    settings.train.lr = 1.0 / 3;
    auto writer = RunFolderWriter::create(folder, settings);
    writer.append(event(RunEventKind::Start, 0, "started"));
    writer.append(stepRow(1));
    writer.append(stepRow(2, 0.1));
    writer.append(evalRow(2));
    writer.append(event(RunEventKind::Edit, 2, "Learning rate 0.1 to 0.2, \"quoted\"\n"));

    const auto record = readRunFolder(folder);
    EXPECT_EQ(record.settings.name, "fashion");
    EXPECT_EQ(record.settings.train.lr, 1.0 / 3);
    ASSERT_EQ(record.steps.size(), 2u);
    EXPECT_EQ(record.steps[1].loss, 0.1);
    EXPECT_EQ(record.steps[1].epoch, 2.0 / 3);
    EXPECT_EQ(record.steps[1].lr, 1.0 / 7);
    EXPECT_EQ(record.steps[1].gradNorm, 1e-17);
    EXPECT_EQ(record.steps[1].forwardMs, 1.25f);
    ASSERT_EQ(record.evals.size(), 1u);
    EXPECT_EQ(record.evals[0].images, 10000);
    ASSERT_EQ(record.events.size(), 2u);
    EXPECT_EQ(record.events[1].kind, RunEventKind::Edit);
    EXPECT_EQ(record.events[1].text, "Learning rate 0.1 to 0.2, \"quoted\"\n");
    EXPECT_EQ(record.events[1].wallSeconds, 1.7e9);
    EXPECT_EQ(record.state, RunState::Running);
}

TEST(RunFolder, KeepsEveryKindOfEvent) {
    RunRows rows;
    std::string lines;
    for (int kind = 0; kind <= static_cast<int>(RunEventKind::Fail); ++kind) lines += rowText(event(static_cast<RunEventKind>(kind)));
    readEventLines(lines, rows);
    ASSERT_EQ(rows.events.size(), 11u);
    for (int kind = 0; kind <= static_cast<int>(RunEventKind::Fail); ++kind)
        EXPECT_EQ(rows.events[static_cast<std::size_t>(kind)].kind, static_cast<RunEventKind>(kind));
}

TEST(RunFolder, IsNeverOverwritten) {
    const ScratchFolder scratch;
    { auto writer = RunFolderWriter::create(scratch / "a", {}); }
    expectError(ErrorCode::Usage, [&] { RunFolderWriter::create(scratch / "a", {}); });
    expectError(ErrorCode::NotFound, [&] { RunFolderWriter::resume(scratch / "b", {}, 0); });
    expectError(ErrorCode::NotFound, [&] { readRunFolder(scratch / "b"); });
}

TEST(RunFolder, HasOneWriterAtATime) {
    const ScratchFolder scratch;
    auto writer = std::make_optional(RunFolderWriter::create(scratch / "a", {}));
    expectError(ErrorCode::Usage, [&] { RunFolderWriter::resume(scratch / "a", {}, 0); });
    writer.reset();
    EXPECT_NO_THROW(RunFolderWriter::resume(scratch / "a", {}, 0));
}

TEST(RunFolder, TellsALiveRunFromAKilledOne) {
    const ScratchFolder scratch;
    auto writer = std::make_optional(RunFolderWriter::create(scratch / "a", {}));
    const auto state = [&] { return readRunFolder(scratch / "a").state; };
    EXPECT_EQ(state(), RunState::Starting);
    writer->append(event(RunEventKind::Start));
    EXPECT_EQ(state(), RunState::Running);
    writer->append(event(RunEventKind::Pause));
    EXPECT_EQ(state(), RunState::Paused);
    writer->append(event(RunEventKind::Continue));
    writer->append(event(RunEventKind::Checkpoint));
    EXPECT_EQ(state(), RunState::Running);
    writer.reset();  // the lock goes with the process
    EXPECT_EQ(state(), RunState::Stopping);
    writer.emplace(RunFolderWriter::resume(scratch / "a", {}, 0));
    writer->append(event(RunEventKind::Finish));
    writer.reset();
    EXPECT_EQ(state(), RunState::Finished);
}

TEST(RunFolder, VoidsRowsBeyondTheCheckpointAfterResuming) {
    const ScratchFolder scratch;
    {
        auto writer = RunFolderWriter::create(scratch / "a", {});
        for (int step = 1; step <= 5; ++step) writer.append(stepRow(step, 1));
        writer.append(evalRow(4));
    }
    auto writer = RunFolderWriter::resume(scratch / "a", {}, 3);
    writer.append(stepRow(4, 2));
    const auto record = readRunFolder(scratch / "a");
    ASSERT_EQ(record.steps.size(), 4u);
    EXPECT_EQ(record.steps[2].loss, 1);
    EXPECT_EQ(record.steps[3].loss, 2);
    EXPECT_TRUE(record.evals.empty());
}

TEST(RunFolder, PassesOverTornAndForeignLines) {
    const ScratchFolder scratch;
    const auto file = scratch / "a/metrics.jsonl";
    {
        auto writer = RunFolderWriter::create(scratch / "a", {});
        writer.append(stepRow(1));
        writer.append(stepRow(2));
    }
    auto bytes = test::bytesOf(file);
    put(file, bytes.substr(0, bytes.size() - 20));  // killed in the middle of a line
    EXPECT_EQ(readRunFolder(scratch / "a").steps.size(), 1u);
    {
        auto writer = RunFolderWriter::resume(scratch / "a", {}, 1);
        writer.append(stepRow(2));
    }
    put(file, test::bytesOf(file) + "[]\n\n{\"kind\":\"later\",\"step\":1}\n{\"kind\":5,\"step\":1}\n{\"kind\":\"resume\",\"step\":\"x\"}\n");
    EXPECT_EQ(readRunFolder(scratch / "a").steps.size(), 2u);
}

TEST(RunFolder, KeepsALossThatIsNotANumber) {
    RunRows rows;
    readMetricLines(rowText(stepRow(1, std::nan(""))) + rowText(stepRow(2, INFINITY)), rows);
    ASSERT_EQ(rows.steps.size(), 2u);
    EXPECT_TRUE(std::isnan(rows.steps[0].loss));
    EXPECT_TRUE(std::isnan(rows.steps[1].loss));
    EXPECT_EQ(rows.steps[1].lr, 1.0 / 7);
}

TEST(RunFolder, SurvivesDamagedLines) {
    const auto sound = rowText(stepRow(1)) + rowText(evalRow(2)) + resumeRowText(1) + rowText(event(RunEventKind::Edit, 3, "text"));
    const RandomStream random(4, 0);
    for (std::uint64_t round = 0; round < 3000; ++round) {
        auto damaged = sound;
        for (std::uint64_t i = 0; i < 3; ++i) damaged[random.below(8 * round + 2 * i, damaged.size())] = static_cast<char>(random.bits(8 * round + 2 * i + 1));
        RunRows rows;
        EXPECT_NO_THROW(readMetricLines(damaged, rows));
        EXPECT_NO_THROW(readEventLines(damaged, rows));
    }
}

struct CommaPunctuation final : std::numpunct<char> {
    char do_decimal_point() const override { return ','; }
    char do_thousands_sep() const override { return '.'; }
    std::string do_grouping() const override { return "\3"; }
};

TEST(RunFolder, WritesTheSameRowsUnderACommaLocale) {
    const auto expected = rowText(stepRow(1234567));
    const auto before = std::locale::global(std::locale(std::locale(), new CommaPunctuation));
    EXPECT_EQ(rowText(stepRow(1234567)), expected);
    RunRows rows;
    readMetricLines(expected, rows);
    std::locale::global(before);
    ASSERT_EQ(rows.steps.size(), 1u);
    EXPECT_EQ(rows.steps[0].lr, 1.0 / 7);
}

TEST(RunFolder, ListsCheckpointsNewestFirst) {
    const ScratchFolder scratch;
    auto writer = RunFolderWriter::create(scratch / "a", {});
    putCheckpoint(scratch / "a/checkpoints/last.safetensors", 30);
    putCheckpoint(scratch / "a/checkpoints/best.safetensors", 20);
    putCheckpoint(scratch / "a/checkpoints/step-00000010.safetensors", 10);
    writeSafetensors(scratch / "a/checkpoints/last.optimizer.safetensors", {});
    put(scratch / "a/checkpoints/step-00000040.safetensors", "half a checkpoi");
    const auto record = readRunFolder(scratch / "a");
    ASSERT_EQ(record.checkpoints.size(), 3u);
    EXPECT_EQ(record.checkpoints[0].step, 30);
    EXPECT_EQ(record.checkpoints[2].step, 10);
    EXPECT_EQ(record.best, scratch / "a/checkpoints/best.safetensors");
}

TEST(RunFollower, ReturnsWhatWasAppendedSinceTheLastPoll) {
    const ScratchFolder scratch;
    RunFollower follower(scratch / "a");
    EXPECT_TRUE(follower.poll().steps.empty());  // not there yet
    auto writer = RunFolderWriter::create(scratch / "a", {});
    writer.append(stepRow(1));
    writer.append(stepRow(2));
    EXPECT_EQ(follower.poll().steps.size(), 2u);
    EXPECT_TRUE(follower.poll().steps.empty());
    writer.append(evalRow(2));
    writer.append(event(RunEventKind::Checkpoint, 2));
    const auto news = follower.poll();
    EXPECT_EQ(news.evals.size(), 1u);
    EXPECT_EQ(news.events.size(), 1u);
}

TEST(RunFollower, WaitsForTheEndOfALine) {
    const ScratchFolder scratch;
    RunFollower follower(scratch / "a");
    const auto line = rowText(stepRow(7));
    put(scratch / "a/metrics.jsonl", line.substr(0, 30));
    EXPECT_TRUE(follower.poll().steps.empty());
    put(scratch / "a/metrics.jsonl", line);
    ASSERT_EQ(follower.poll().steps.size(), 1u);
}

TEST(ListRunFolders, PutsTheLatestFirst) {
    const ScratchFolder scratch;
    EXPECT_TRUE(listRunFolders(scratch / "none").empty());
    for (const auto* name : {"a", "b", "c"}) RunFolderWriter::create(scratch / name, {});
    put(scratch / "notes/readme.txt", "no run");
    auto time = fs::file_time_type::clock::now() + std::chrono::hours(1);
    for (const auto* name : {"c", "a", "b"}) fs::last_write_time((scratch / name) / "run.toml", time -= std::chrono::minutes(1));
    EXPECT_EQ(listRunFolders(scratch.path()), (std::vector<fs::path>{scratch / "c", scratch / "a", scratch / "b"}));
}

}  // namespace
}  // namespace vl
