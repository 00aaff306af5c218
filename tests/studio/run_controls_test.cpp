// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/shell/run_controls.h"

#include <ostream>

#include <gtest/gtest.h>

namespace vl {
namespace {

RunStatus in(RunState state) {
    RunStatus status;
    status.state = state;
    status.step = 1240;
    status.totalSteps = 10000;
    return status;
}

struct Row {
    RunState state;
    const char *run, *pause, *stop;
    bool canRun, canPause, canStop, canSave;
};

/// The name of the row in the list of tests.
void PrintTo(const Row& row, std::ostream* out) { *out << toString(row.state); }

class ControlsPerState : public ::testing::TestWithParam<Row> {};

TEST_P(ControlsPerState, LabelsAndReasonsFollowTheConfirmedState) {
    const Row& row = GetParam();
    const RunControls c = runControls(in(row.state), RunRequest::None);
    EXPECT_EQ(c.run.label.toStdString(), row.run);
    EXPECT_EQ(c.pause.label.toStdString(), row.pause);
    EXPECT_EQ(c.stop.label.toStdString(), row.stop);
    EXPECT_EQ(c.run.whyNot.isEmpty(), row.canRun) << c.run.whyNot.toStdString();
    EXPECT_EQ(c.pause.whyNot.isEmpty(), row.canPause) << c.pause.whyNot.toStdString();
    EXPECT_EQ(c.stop.whyNot.isEmpty(), row.canStop) << c.stop.whyNot.toStdString();
    EXPECT_EQ(c.checkpoint.whyNot.isEmpty(), row.canSave) << c.checkpoint.whyNot.toStdString();
}

INSTANTIATE_TEST_SUITE_P(
    All, ControlsPerState,
    ::testing::Values(Row{RunState::Idle, "Run", "Pause", "Stop", true, false, false, false},
                      Row{RunState::Running, "Run", "Pause", "Stop", false, true, true, true},
                      Row{RunState::Starting, "Starting…", "Pause", "Stop", false, false, true, false},
                      Row{RunState::Pausing, "Run", "Pausing…", "Stop", false, false, true, true},
                      Row{RunState::Paused, "Continue", "Pause", "Stop", true, false, true, true},
                      Row{RunState::Stopping, "Run", "Pause", "Stopping…", false, false, false, false},
                      Row{RunState::Finished, "Run", "Pause", "Stop", true, false, false, false},
                      Row{RunState::Failed, "Run", "Pause", "Stop", true, false, false, false}));

TEST(RunControls, ARequestShowsAtOnceAndIsNotClaimedAsDone) {
    const RunControls c = runControls(in(RunState::Running), RunRequest::Pause);
    EXPECT_EQ(c.pause.label, QStringLiteral("Pausing…"));
    EXPECT_FALSE(c.pause.whyNot.isEmpty());
    EXPECT_TRUE(stateDetail(in(RunState::Running)).startsWith(QStringLiteral("confirmed at step")));
}

TEST(RunControls, ARequestIsAnsweredByAnotherStateOrAnotherRun) {
    RunStatus asked = in(RunState::Running), now = asked;
    EXPECT_FALSE(isAnswered(RunRequest::Pause, asked, now));
    now.step += 10;
    EXPECT_FALSE(isAnswered(RunRequest::Pause, asked, now));
    now.state = RunState::Pausing;
    EXPECT_TRUE(isAnswered(RunRequest::Pause, asked, now));
    now = asked;
    now.generation = asked.generation + 1;
    EXPECT_TRUE(isAnswered(RunRequest::Start, asked, now));
}

TEST(RunControls, ACheckpointRequestIsAnsweredByTheSavedStepOnly) {
    RunStatus asked = in(RunState::Running), now = asked;
    now.step += 3;
    EXPECT_FALSE(isAnswered(RunRequest::Checkpoint, asked, now));
    now.savedStep = now.step;
    EXPECT_TRUE(isAnswered(RunRequest::Checkpoint, asked, now));
}

}  // namespace
}  // namespace vl
