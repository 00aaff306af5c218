// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <set>

#include <gtest/gtest.h>

#include "engine/api/engine.h"
#include "engine/core/random.h"
#include "engine/session/run_state_machine.h"

namespace vl {
namespace {

constexpr std::array kCommands = {RunCommand::Start, RunCommand::Resume,     RunCommand::Pause, RunCommand::Continue,
                                  RunCommand::Stop,  RunCommand::Checkpoint, RunCommand::Edit};
constexpr std::array kReports = {RunReport::Ready, RunReport::Parked, RunReport::Ending, RunReport::Ended,
                                 RunReport::Broke};

RunStateMachine machineIn(RunState state) {
    RunStateMachine machine;
    if (state == RunState::Idle) return machine;
    machine.apply(RunCommand::Start);
    if (state == RunState::Starting) return machine;
    if (state == RunState::Failed) {
        machine.apply(RunReport::Broke);
        return machine;
    }
    machine.apply(RunReport::Ready);
    if (state == RunState::Pausing || state == RunState::Paused) machine.apply(RunCommand::Pause);
    if (state == RunState::Paused) machine.apply(RunReport::Parked);
    if (state == RunState::Stopping || state == RunState::Finished) machine.apply(RunCommand::Stop);
    if (state == RunState::Finished) machine.apply(RunReport::Ended);
    return machine;
}

constexpr std::array kStates = {RunState::Idle,   RunState::Starting, RunState::Running,  RunState::Pausing,
                                RunState::Paused, RunState::Stopping, RunState::Finished, RunState::Failed};

TEST(RunStateMachine, ReachesEveryState) {
    for (const RunState state : kStates)
        EXPECT_EQ(machineIn(state).state(), state) << toString(state);
}

TEST(RunStateMachine, RefusesWithASentenceAndStaysWhereItIs) {
    for (const RunState state : kStates) {
        for (const RunCommand command : kCommands) {
            RunStateMachine machine = machineIn(state);
            const std::string why = machine.refusal(command);
            EXPECT_EQ(machine.apply(command), why);
            if (why.empty()) continue;
            EXPECT_EQ(machine.state(), state) << toString(command);
            EXPECT_EQ(why.back(), '.');
            EXPECT_NE(why.find(toString(command)), std::string::npos) << why;
        }
    }
}

TEST(RunStateMachine, AgreesWithThePredicatesThatEnableButtons) {
    for (const RunState state : kStates) {
        const RunStateMachine machine = machineIn(state);
        EXPECT_EQ(machine.refusal(RunCommand::Start).empty(), canStart(state)) << toString(state);
        EXPECT_EQ(machine.refusal(RunCommand::Pause).empty(), canPause(state)) << toString(state);
        EXPECT_EQ(machine.refusal(RunCommand::Continue).empty(), canContinue(state)) << toString(state);
        EXPECT_EQ(machine.refusal(RunCommand::Stop).empty(), canStop(state)) << toString(state);
        EXPECT_EQ(machine.refusal(RunCommand::Checkpoint).empty(), canCheckpoint(state)) << toString(state);
    }
}

TEST(RunStateMachine, StopWinsOverAPauseThatIsUnderWay) {
    RunStateMachine machine = machineIn(RunState::Pausing);
    machine.apply(RunCommand::Stop);
    EXPECT_FALSE(machine.apply(RunReport::Parked));
    EXPECT_EQ(machine.state(), RunState::Stopping);
}

TEST(RunStateMachine, AStopWhileStartingIsNotUndoneByReady) {
    RunStateMachine machine = machineIn(RunState::Starting);
    machine.apply(RunCommand::Stop);
    EXPECT_FALSE(machine.apply(RunReport::Ready));
    EXPECT_TRUE(machine.apply(RunReport::Ended));
    EXPECT_EQ(machine.state(), RunState::Finished);
}

// The diagram in the header, written out by hand.
const std::set<std::pair<RunState, RunState>> kLegal = {
    {RunState::Idle, RunState::Starting},    {RunState::Finished, RunState::Starting},
    {RunState::Failed, RunState::Starting},  {RunState::Starting, RunState::Running},
    {RunState::Running, RunState::Pausing},  {RunState::Pausing, RunState::Paused},
    {RunState::Paused, RunState::Running},   {RunState::Starting, RunState::Stopping},
    {RunState::Running, RunState::Stopping}, {RunState::Pausing, RunState::Stopping},
    {RunState::Paused, RunState::Stopping},  {RunState::Stopping, RunState::Finished},
    {RunState::Starting, RunState::Failed},  {RunState::Running, RunState::Failed},
    {RunState::Pausing, RunState::Failed},   {RunState::Paused, RunState::Failed},
    {RunState::Stopping, RunState::Failed}};

TEST(RunStateMachine, RandomSequencesUseOnlyTheEdgesOfTheDiagram) {
    std::set<std::pair<RunState, RunState>> used;
    for (std::uint64_t sequence = 0; sequence < 5000; ++sequence) {
        const RandomStream random(17, sequence);
        RunStateMachine machine;
        for (std::uint64_t i = 0; i < 40; ++i) {
            const RunState before = machine.state();
            const auto pick = random.below(i, kCommands.size() + kReports.size());
            if (pick < kCommands.size())
                machine.apply(kCommands[pick]);
            else
                machine.apply(kReports[pick - kCommands.size()]);
            if (machine.state() == before) continue;
            EXPECT_TRUE(kLegal.contains({before, machine.state()}))
                << toString(before) << " to " << toString(machine.state());
            used.insert({before, machine.state()});
        }
    }
    EXPECT_EQ(used, kLegal);  // every edge was taken
}

TEST(RunStateMachine, StopThenEndedAlwaysLeadsOutOfAnActiveState) {
    for (const RunState state : kStates) {
        RunStateMachine machine = machineIn(state);
        machine.apply(RunCommand::Stop);
        machine.apply(RunReport::Ended);
        EXPECT_FALSE(isActive(machine.state())) << toString(state);
    }
}

}  // namespace
}  // namespace vl
