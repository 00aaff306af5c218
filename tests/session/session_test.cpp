// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <gtest/gtest.h>

#include "tests/session/fake_driver.h"

namespace vl::test {
namespace {

using Kinds = std::vector<RunEventKind>;

std::shared_ptr<Script> script(const std::function<void(Script&)>& set) {
    auto result = std::make_shared<Script>();
    set(*result);
    return result;
}

InspectRequest request(std::uint64_t id, bool live) {
    InspectRequest result;
    result.id = id;
    result.image = greyPicture();
    result.live = live;
    return result;
}

TEST(Session, RunsToTheEndAndSaysSo) {
    SessionFixture f(script([](Script& s) {
        s.totalSteps = 10;
        s.evaluateEvery = 5;
        s.checkpointEvery = 4;
    }));
    f.session().start(RunSettings{}, "runs");
    ASSERT_TRUE(f.waitForState(RunState::Finished));
    EXPECT_EQ(f.eventKinds(),
              (Kinds{RunEventKind::Start, RunEventKind::Checkpoint, RunEventKind::Evaluate, RunEventKind::Checkpoint,
                     RunEventKind::Evaluate, RunEventKind::Checkpoint, RunEventKind::Finish}));
    const RunStatus status = f.session().status();
    EXPECT_EQ(status.step, 10);
    EXPECT_EQ(status.totalSteps, 10);
    EXPECT_EQ(status.savedStep, 10);
    EXPECT_EQ(status.runName, "fake-001");
    const MetricsBatch all = f.session().metrics(status.generation, 0, 0);
    EXPECT_EQ(all.steps.size(), 10u);
    EXPECT_EQ(all.evals.size(), 2u);
}

TEST(Session, MetricsAreHandedOutByCursorAndStartOverForANewRun) {
    SessionFixture f(script([](Script& s) { s.totalSteps = 10; }));
    f.session().start(RunSettings{}, "runs");
    ASSERT_TRUE(f.waitForState(RunState::Finished));
    const auto generation = f.session().status().generation;
    const MetricsBatch tail = f.session().metrics(generation, 7, 0);
    ASSERT_EQ(tail.steps.size(), 3u);
    EXPECT_EQ(tail.steps.front().step, 8);
    EXPECT_EQ(tail.nextStep, 10u);
    EXPECT_TRUE(f.session().metrics(generation, tail.nextStep, 0).steps.empty());
    f.session().start(RunSettings{}, "runs");
    ASSERT_TRUE(f.waitForState(RunState::Finished));
    const MetricsBatch fresh = f.session().metrics(generation, 10, 0);
    EXPECT_EQ(fresh.generation, generation + 1);
    EXPECT_EQ(fresh.steps.size(), 10u);
}

TEST(Session, PauseHoldsTheStepUntilContinued) {
    SessionFixture f;
    f.session().start(RunSettings{}, "runs");
    ASSERT_TRUE(f.waitForState(RunState::Running));
    f.session().pause();
    ASSERT_TRUE(f.waitForState(RunState::Paused));
    const auto step = f.session().status().step;
    f.session().checkpointNow();
    ASSERT_TRUE(f.waitFor([&] { return f.script().saves == 1; }));
    EXPECT_EQ(f.session().status().step, step);
    f.session().continueRun();
    ASSERT_TRUE(f.waitFor([&] { return f.session().status().step > step; }));
    f.session().stop();
    ASSERT_TRUE(f.waitForState(RunState::Finished));
    const Kinds kinds = f.eventKinds();
    EXPECT_EQ(kinds, (Kinds{RunEventKind::Start, RunEventKind::Pause, RunEventKind::Checkpoint, RunEventKind::Continue,
                            RunEventKind::Checkpoint, RunEventKind::Stop}));
}

TEST(Session, CommandsAreJudgedAtOnceEvenWhileAStepIsUnderWay) {
    std::mutex gate;
    std::unique_lock closed(gate);
    SessionFixture f(
        script([&](Script& s) { s.onStep = [&gate](std::int64_t) { const std::lock_guard wait(gate); }; }));
    f.session().start(RunSettings{}, "runs");
    ASSERT_TRUE(f.waitForState(RunState::Running));
    f.session().pause();
    EXPECT_EQ(f.session().status().state, RunState::Pausing);
    f.session().stop();
    EXPECT_EQ(f.session().status().state, RunState::Stopping);
    closed.unlock();
    EXPECT_TRUE(f.waitForState(RunState::Finished));
}

TEST(Session, RefusedCommandsProduceANoticeThatSaysWhy) {
    SessionFixture f;
    f.session().pause();
    const auto notices = f.session().takeNotices();
    ASSERT_EQ(notices.size(), 1u);
    EXPECT_EQ(notices[0].message, "Cannot pause now: no run has been started.");
    EXPECT_TRUE(f.session().takeNotices().empty());
}

TEST(Session, AFailingStepIsAStateWithAdviceAndNoCheckpointIsWritten) {
    SessionFixture f(script([](Script& s) { s.failAtStep = 7; }));
    f.session().start(RunSettings{}, "runs");
    ASSERT_TRUE(f.waitForState(RunState::Failed));
    const RunStatus status = f.session().status();
    EXPECT_EQ(status.step, 6);
    EXPECT_NE(status.problem.find("not a number"), std::string::npos);
    EXPECT_EQ(status.advice, "Lower train.lr.");
    EXPECT_EQ(f.script().saves, 0);
    EXPECT_EQ(f.eventKinds().back(), RunEventKind::Fail);
}

TEST(Session, MissingDataFailsTheStartAndTheNextStartWorks) {
    SessionFixture f(script([](Script& s) {
        s.failToStart = true;
        s.totalSteps = 3;
    }));
    f.session().start(RunSettings{}, "runs");
    ASSERT_TRUE(f.waitForState(RunState::Failed));
    EXPECT_EQ(f.session().status().problem, "There is no data.");
    f.script().failToStart = false;
    f.session().start(RunSettings{}, "runs");
    ASSERT_TRUE(f.waitForState(RunState::Finished));
    EXPECT_TRUE(f.session().status().problem.empty());
}

TEST(Session, ADiskThatRefusesTheLastCheckpointIsAFailureNotAnEnd) {
    SessionFixture f(script([](Script& s) {
        s.failToSave = true;
        s.totalSteps = 3;
    }));
    f.session().start(RunSettings{}, "runs");
    ASSERT_TRUE(f.waitForState(RunState::Failed));
    EXPECT_EQ(f.session().status().problem, "The disk is full.");
}

TEST(Session, AnEditIsAppliedRecordedAndCheckpointed) {
    SessionFixture f;
    f.session().start(RunSettings{}, "runs");
    ASSERT_TRUE(f.waitForState(RunState::Running));
    f.session().edit("train.lr", 0.5);
    ASSERT_TRUE(f.waitFor([&] { return f.session().settings().train.lr == 0.5; }));
    ASSERT_TRUE(f.waitFor([&] { return f.script().saves == 1; }));
    const auto events = f.session().events(f.session().status().generation, 0);
    const auto edit =
        std::find_if(events.begin(), events.end(), [](const RunEvent& e) { return e.kind == RunEventKind::Edit; });
    ASSERT_NE(edit, events.end());
    EXPECT_EQ(edit->detail, "train.lr");
}

TEST(Session, EditsThatCannotTakeEffectAreRefusedWithANotice) {
    SessionFixture f;
    f.session().start(RunSettings{}, "runs");
    ASSERT_TRUE(f.waitForState(RunState::Running));
    f.session().edit("model.preset", std::string("illama_tiny"));
    f.session().edit("train.lr", -1.0);
    f.session().edit("train.learning_rate", 1.0);
    const auto notices = f.session().takeNotices();
    ASSERT_EQ(notices.size(), 3u);
    for (const Notice& notice : notices)
        EXPECT_FALSE(notice.hint.empty()) << notice.message;
    EXPECT_EQ(f.session().status().state, RunState::Running);
}

TEST(Session, AnAcceptedEditIsNotLostWhenTheRunEnds) {
    std::mutex gate;
    std::unique_lock closed(gate);
    SessionFixture f(script([&](Script& s) {
        s.totalSteps = 1;
        s.onStep = [&gate](std::int64_t) { const std::lock_guard wait(gate); };
    }));
    f.session().start(RunSettings{}, "runs");
    ASSERT_TRUE(f.waitForState(RunState::Running));
    f.session().edit("train.lr", 0.25);
    f.session().stop();
    closed.unlock();
    ASSERT_TRUE(f.waitForState(RunState::Finished));
    EXPECT_EQ(f.session().settings().train.lr, 0.25);
}

TEST(Session, LiveRequestsAreAnsweredFromTheRunningTraining) {
    SessionFixture f;
    f.session().start(RunSettings{}, "runs");
    ASSERT_TRUE(f.waitForState(RunState::Running));
    f.session().inspect(request(11, true));
    ASSERT_TRUE(f.waitFor([&] {
        const auto i = f.session().inspection();
        return i && i->request == 11;
    }));
    EXPECT_TRUE(f.session().inspection()->live);
}

TEST(Session, LiveRequestsAreAnsweredAtOnceWhilePausedAndAfterTheEnd) {
    SessionFixture f;
    f.session().start(RunSettings{}, "runs");
    ASSERT_TRUE(f.waitForState(RunState::Running));
    f.session().pause();
    ASSERT_TRUE(f.waitForState(RunState::Paused));
    f.session().inspect(request(21, true));
    ASSERT_TRUE(f.waitFor([&] {
        const auto i = f.session().inspection();
        return i && i->request == 21;
    }));
    f.session().stop();
    ASSERT_TRUE(f.waitForState(RunState::Finished));
    f.session().inspect(request(22, true));
    ASSERT_TRUE(f.waitFor([&] {
        const auto i = f.session().inspection();
        return i && i->request == 22;
    }));
}

TEST(Session, ALiveRequestWithoutARunIsANotice) {
    SessionFixture f;
    f.session().inspect(request(5, true));
    const auto notices = f.session().takeNotices();
    ASSERT_EQ(notices.size(), 1u);
    EXPECT_EQ(notices[0].request, 5u);
}

TEST(Session, ACheckpointRequestIsAnsweredWithoutARun) {
    SessionFixture f;
    f.session().inspect(request(31, false));
    ASSERT_TRUE(f.waitFor([&] {
        const auto i = f.session().inspection();
        return i && i->request == 31;
    }));
}

TEST(Session, APictureThatCannotBeReadIsANoticeAndTrainingGoesOn) {
    SessionFixture f;
    f.session().start(RunSettings{}, "runs");
    ASSERT_TRUE(f.waitForState(RunState::Running));
    InspectRequest live = request(41, true);
    live.image = {};
    f.session().inspect(live);
    std::vector<Notice> notices;
    ASSERT_TRUE(f.waitFor([&] {
        for (auto& n : f.session().takeNotices())
            notices.push_back(n);
        return !notices.empty();
    }));
    EXPECT_EQ(notices[0].request, 41u);
    EXPECT_EQ(f.session().status().state, RunState::Running);
}

TEST(Session, TheMachineIsUnknownUntilItWasProbed) {
    SessionParts parts;
    parts.probe = [] {
        MachineInfo info;
        info.cores = 3;
        return info;
    };
    parts.look = [](const InspectRequest&) { return std::make_shared<Inspection>(); };
    Session session(std::move(parts));
    session.shutdown();  // joins the probe
    EXPECT_EQ(session.machine().cores, 3);
}

TEST(Session, ShutdownWhileRunningWritesACheckpointAndLeavesNoRunBehind) {
    auto shared = std::make_shared<Script>();
    {
        SessionFixture f(shared);
        f.session().start(RunSettings{}, "runs");
        ASSERT_TRUE(f.waitFor([&] { return f.session().status().step > 5; }));
        f.session().shutdown();
        EXPECT_EQ(f.session().status().state, RunState::Finished);
        EXPECT_EQ(shared->saves, 1);
        f.session().start(RunSettings{}, "runs");
        EXPECT_EQ(f.session().takeNotices().back().message, "The program is closing.");
    }
    EXPECT_EQ(shared->alive, 0);
}

}  // namespace
}  // namespace vl::test
