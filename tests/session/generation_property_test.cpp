// SPDX-License-Identifier: Apache-2.0
// The table of states, and thousands of random command sequences against it.
#include <array>
#include <set>

#include <gtest/gtest.h>

#include "engine/core/random.h"
#include "tests/session/fake_generation.h"

namespace vl::test {
namespace {

using State = GenerationState;
using Command = GenerationCommand;
using Report = GenerationReport;

constexpr std::array kStates = {State::Idle,   State::Loading,  State::Running, State::Paused,
                                State::Saving, State::Finished, State::Stopped, State::Failed};

GenerationStateMachine machineIn(State state) {
    GenerationStateMachine machine;
    if (state == State::Idle) return machine;
    machine.apply(Command::Generate);
    if (state == State::Loading) return machine;
    if (state == State::Failed) machine.apply(Report::Broke);
    if (state == State::Stopped) machine.apply(Command::Stop);
    if (state == State::Paused) machine.apply(Command::Pause);
    machine.apply(Report::Opened);
    if (state == State::Saving || state == State::Finished) machine.apply(Report::Sampled);
    if (state == State::Finished) machine.apply(Report::Saved);
    return machine;
}

TEST(GenerationStateMachine, ReachesEveryStateAndAllowsWhatTheTableSays) {
    const std::set<std::pair<State, Command>> allowed = {
        {State::Loading, Command::Pause},   {State::Running, Command::Pause}, {State::Paused, Command::Continue},
        {State::Paused, Command::Step},     {State::Loading, Command::Stop},  {State::Running, Command::Stop},
        {State::Paused, Command::Stop},     {State::Saving, Command::Stop}};
    for (const State state : kStates) {
        EXPECT_EQ(machineIn(state).state(), state);
        for (const Command command : {Command::Pause, Command::Continue, Command::Step, Command::Stop}) {
            GenerationStateMachine machine = machineIn(state);
            const std::string why = machine.apply(command);
            EXPECT_EQ(why.empty(), allowed.contains({state, command})) << static_cast<int>(state) << toString(command);
            if (why.empty()) continue;
            EXPECT_EQ(machine.state(), state);
            EXPECT_EQ(why.back(), '.');
            EXPECT_NE(why.find(toString(command)), std::string::npos);
        }
        GenerationStateMachine machine = machineIn(state);
        EXPECT_EQ(machine.apply(Command::Generate), "");
        EXPECT_EQ(machine.state(), State::Loading);
        EXPECT_FALSE(machine.pausing());
    }
}

TEST(GenerationStateMachine, PausesAtTheBoundaryAfterTheCommandAndCanBeTakenBack) {
    GenerationStateMachine machine = machineIn(State::Running);
    EXPECT_FALSE(machine.apply(Report::Stepped));
    machine.apply(Command::Pause);
    EXPECT_TRUE(machine.pausing());
    EXPECT_EQ(machine.state(), State::Running);
    EXPECT_NE(machine.apply(Command::Pause), "");
    EXPECT_EQ(machine.apply(Command::Continue), "");
    EXPECT_FALSE(machine.apply(Report::Stepped));
    machine.apply(Command::Pause);
    EXPECT_TRUE(machine.apply(Report::Stepped));
    EXPECT_EQ(machine.state(), State::Paused);
}

TEST(GenerationStateMachine, SingleStepsAreMadeOneByOneAndFewOfThemWait) {
    GenerationStateMachine machine = machineIn(State::Paused);
    for (int i = 0; i < 5; ++i) EXPECT_EQ(machine.apply(Command::Step), "");
    int made = 0;
    for (; machine.state() == State::Running && made < 10; ++made) machine.apply(Report::Stepped);
    EXPECT_EQ(made, 2);
    EXPECT_EQ(machine.state(), State::Paused);
}

TEST(GenerationStateMachine, ReportsThatMeanNothingChangeNothing) {
    for (const State state : {State::Idle, State::Finished, State::Stopped, State::Failed})
        for (const Report report : {Report::Opened, Report::Stepped, Report::Sampled, Report::Saved, Report::Broke}) {
            GenerationStateMachine machine = machineIn(state);
            EXPECT_FALSE(machine.apply(report));
            EXPECT_EQ(machine.state(), state);
        }
}

/// States follow one another without gaps, and only along the edges of the diagram.
void expectLegal(const std::vector<std::pair<State, State>>& transitions) {
    using S = State;
    static const std::set<std::pair<S, S>> legal = {
        {S::Loading, S::Running}, {S::Loading, S::Paused},  {S::Loading, S::Stopped}, {S::Loading, S::Failed},
        {S::Running, S::Paused},  {S::Running, S::Saving},  {S::Running, S::Stopped}, {S::Running, S::Failed},
        {S::Paused, S::Running},  {S::Paused, S::Stopped},  {S::Saving, S::Finished}, {S::Saving, S::Stopped},
        {S::Saving, S::Failed}};
    S last = S::Idle;
    for (const auto& [from, to] : transitions) {
        ASSERT_EQ(from, last);
        ASSERT_TRUE(to == S::Loading || legal.contains({from, to})) << static_cast<int>(from) << static_cast<int>(to);
        last = to;
    }
}

std::shared_ptr<JobScript> randomScript(const RandomStream& random) {
    auto script = std::make_shared<JobScript>();
    script->steps = static_cast<int>(random.below(900, 40));
    script->plannedSteps = static_cast<int>(1 + random.below(901, 40));
    if (random.below(902, 6) == 0) script->failAtStep = static_cast<int>(1 + random.below(903, 10));
    script->failToOpen = random.below(904, 12) == 0;
    script->failToDecode = random.below(905, 10) == 0;
    script->failToSave = random.below(906, 10) == 0;
    script->failToAnswer = random.below(907, 8) == 0;
    script->largerResult = random.below(908, 2) == 0;
    return script;
}

void expectSound(const GenerationLook& look, std::uint64_t asked) {
    ASSERT_EQ(look.status.request, asked);
    ASSERT_EQ(look.frames.size(), look.nextFrame);
    int last = 0;
    for (std::size_t i = 0; i < look.frames.size(); ++i) {
        ASSERT_EQ(look.frames[i]->step == 0, look.frames[i]->step <= 0);
        ASSERT_GE(look.frames[i]->step, last);
        last = look.frames[i]->step;
    }
    if (!look.frames.empty()) {
        ASSERT_EQ(look.frames.front()->step, 0);
        ASSERT_NE(look.plan, nullptr);
        ASSERT_EQ(look.plan->modelName, "model-" + std::to_string(asked));  // never a frame of another request
    }
    if (look.status.state == State::Finished) {
        ASSERT_FALSE(look.status.folder.empty());
    } else {
        ASSERT_TRUE(look.status.folder.empty() || look.status.state == State::Saving);
    }
}

TEST(GenerationWorker, AnySequenceOfCommandsKeepsToTheTable) {
    for (std::uint64_t sequence = 0; sequence < 1500; ++sequence) {
        const RandomStream random(23, sequence);
        GenerationFixture f(randomScript(random), 600);
        std::uint64_t asked = 0;
        const auto commands = random.below(0, 25);
        for (std::uint64_t i = 1; i <= commands; ++i) {
            switch (random.below(i, 10)) {
                case 0:
                case 1:
                    f.generate(++asked, static_cast<int>(random.below(100 + i, 5)), "results", random.below(200 + i, 3) == 0);
                    break;
                case 2:
                    f.worker().pause();
                    break;
                case 3:
                    f.worker().continueGeneration();
                    break;
                case 4:
                    f.worker().step();
                    break;
                case 5:
                    f.worker().stop();
                    break;
                case 6:
                    f.ask(i, random.below(300 + i, 12), static_cast<int>(random.below(400 + i, 3)));
                    break;
                case 7:
                    (void)f.waitFor([&] { return f.state() != State::Loading && f.state() != State::Running; });
                    break;
                default:
                    (void)f.worker().present();
                    break;
            }
            expectSound(f.worker().look(asked, 0), asked);
            const auto answer = f.worker().answer();
            ASSERT_TRUE(!answer || answer->question <= i);
        }
        if (random.below(950, 2) == 0) {
            ASSERT_TRUE(f.waitFor([&] {
                return f.state() != State::Loading && f.state() != State::Running && f.state() != State::Saving;
            })) << "sequence " << sequence;
            expectSound(f.worker().look(asked, 0), asked);
        }
        f.worker().shutdown();
        expectLegal(f.transitions());
        ASSERT_LE(f.script().alive, 1);
        if (HasFatalFailure()) FAIL() << "sequence " << sequence;
    }
}

}  // namespace
}  // namespace vl::test
