// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/shell/run_store.h"

#include <gtest/gtest.h>

#include "engine/io/run_folder_writer.h"
#include "tests/studio/support/studio_fixture.h"

namespace vl {
namespace {

StepMetrics row(std::int64_t step, double loss) {
    StepMetrics out;
    out.step = step;
    out.loss = loss;
    return out;
}

/// A folder written as another process would, by the engine's own writer.
class RunStoreTest : public StudioFixture {
protected:
    RunStore& store() { return window_->context().runs; }
    std::filesystem::path runFolder(const char* name) const { return std::filesystem::path(folder_.path().toStdString()) / "elsewhere" / name; }
    RunFolderWriter write(const char* name) const {
        RunSettings settings;
        settings.name = name;
        return RunFolderWriter::create(runFolder(name), settings, &engine_.clock);
    }
    std::shared_ptr<StoredRun> opened(const char* name) {
        store().open(runFolder(name));
        waitUntil([&] { return store().find(runFolder(name)) != nullptr; });
        return store().find(runFolder(name));
    }
    bool grows(const StoredRun& run, std::size_t steps) {
        return waitUntil([&] {
            store().follow();
            return run.record.steps.size() >= steps;
        });
    }
};

TEST_F(RunStoreTest, RowsAnotherProcessAppendsArriveOnce) {
    RunFolderWriter writer = write("far");
    writer.append(row(1, 2.0));
    writer.append(row(2, 1.9));
    const auto run = opened("far");
    ASSERT_NE(run, nullptr);
    EXPECT_FALSE(run->live);
    EXPECT_EQ(run->record.steps.size(), 2u);
    writer.append(row(3, 1.8));
    ASSERT_TRUE(grows(*run, 3));
    store().follow();
    store().waitForReads();
    EXPECT_TRUE(waitUntil([&] { return run->record.steps.size() == 3; }));
    EXPECT_EQ(run->record.steps.back().step, 3);
}

TEST_F(RunStoreTest, AnEventBringsTheNewStateWithIt) {
    auto writer = std::make_unique<RunFolderWriter>(write("far"));
    writer->append(RunEvent{RunEventKind::Start, 0, 1.0, "started", {}});
    writer->append(row(1, 2.0));
    const auto run = opened("far");
    ASSERT_NE(run, nullptr);
    writer->append(RunEvent{RunEventKind::Finish, 1, 2.0, "finished", {}});
    writer.reset();
    EXPECT_TRUE(waitUntil([&] {
        store().follow();
        return run->state == RunState::Finished;
    }));
}

TEST_F(RunStoreTest, OpeningTwiceKeepsOneEntryAndItsColour) {
    write("a").append(row(1, 2));
    write("b").append(row(1, 2));
    const auto a = opened("a"), b = opened("b");
    ASSERT_TRUE(a && b);
    const int colour = a->series;
    EXPECT_NE(colour, b->series);
    store().open(runFolder("a"));
    store().waitForReads();
    EXPECT_TRUE(waitUntil([&] { return store().runs().size() == 2; }));
    EXPECT_EQ(store().find(runFolder("a"))->series, colour);
}

TEST_F(RunStoreTest, AColourOutlivesTheProgram) {
    write("a").append(row(1, 2));
    write("b").append(row(1, 2));
    opened("a");
    const int colour = opened("b")->series;
    reopen();
    EXPECT_EQ(opened("b")->series, colour);
}

TEST_F(RunStoreTest, WhatTheRunsFolderHoldsIsListedButNotDrawn) {
    RunSettings settings;
    settings.name = "old";
    RunFolderWriter::create(store().runsFolder() / "old", settings, &engine_.clock).append(row(1, 2));
    store().scan();
    ASSERT_TRUE(waitUntil([&] { return store().find(store().runsFolder() / "old") != nullptr; }));
    EXPECT_FALSE(store().runs()[0]->visible);
    store().setVisible(store().runsFolder() / "old", true);
    EXPECT_TRUE(store().runs()[0]->visible);
}

TEST_F(RunStoreTest, AMissingFolderFailsInWords) {
    QString message;
    QObject::connect(&store(), &RunStore::failed, &store(), [&](const QString& text, const QString&) { message = text; });
    store().open(runFolder("nowhere"));
    EXPECT_TRUE(waitUntil([&] { return !message.isEmpty(); }));
    EXPECT_TRUE(store().runs().empty());
}

}  // namespace
}  // namespace vl
