// SPDX-License-Identifier: Apache-2.0
// Thousands of random command sequences against the real session with scripted runs.
#include <set>
#include <thread>

#include <gtest/gtest.h>

#include "engine/core/random.h"
#include "tests/session/fake_driver.h"

namespace vl::test {
namespace {

/// One random command; the same numbers give the same command.
void sendRandomCommand(Session& session, const RandomStream& random, std::uint64_t at) {
    InspectRequest request;
    request.id = at + 1;
    request.image = greyPicture();
    switch (random.below(at, 11)) {
        case 0:
            session.start(RunSettings{}, "runs");
            break;
        case 1:
            session.resume("runs/fake-001", 100);
            break;
        case 2:
            session.pause();
            break;
        case 3:
            session.continueRun();
            break;
        case 4:
            session.stop();
            break;
        case 5:
            session.checkpointNow();
            break;
        case 6:
            session.edit("train.lr", 1e-3 * static_cast<double>(1 + random.below(at + 1000, 9)));
            break;
        case 7:
            session.inspect(request);
            break;
        case 8:
            request.live = true;
            session.inspect(request);
            break;
        case 9:
            session.cancelInspect();
            break;
        default:
            (void)session.status();
            break;
    }
}

/// States follow one another without gaps, and only along the edges of the diagram.
void expectLegal(const std::vector<std::pair<RunState, RunState>>& transitions) {
    using S = RunState;
    static const std::set<std::pair<S, S>> legal = {
        {S::Idle, S::Starting},    {S::Finished, S::Starting}, {S::Failed, S::Starting}, {S::Starting, S::Running},
        {S::Running, S::Pausing},  {S::Pausing, S::Paused},    {S::Paused, S::Running},  {S::Starting, S::Stopping},
        {S::Running, S::Stopping}, {S::Pausing, S::Stopping},  {S::Paused, S::Stopping}, {S::Stopping, S::Finished},
        {S::Starting, S::Failed},  {S::Running, S::Failed},    {S::Pausing, S::Failed},  {S::Paused, S::Failed},
        {S::Stopping, S::Failed}};
    RunState last = S::Idle;
    for (const auto& [from, to] : transitions) {
        ASSERT_EQ(from, last);
        ASSERT_TRUE(legal.contains({from, to})) << toString(from) << " to " << toString(to);
        last = to;
    }
}

std::shared_ptr<Script> randomScript(const RandomStream& random) {
    auto script = std::make_shared<Script>();
    script->totalSteps = static_cast<std::int64_t>(1 + random.below(900, 200));
    script->evaluateEvery = static_cast<std::int64_t>(random.below(901, 7));
    script->checkpointEvery = static_cast<std::int64_t>(random.below(902, 5));
    if (random.below(903, 5) == 0) script->failAtStep = static_cast<std::int64_t>(1 + random.below(904, 30));
    script->failToStart = random.below(905, 12) == 0;
    script->failToSave = random.below(906, 12) == 0;
    return script;
}

TEST(SessionProperties, AnyCommandSequenceKeepsToTheDiagramAndShutsDown) {
    for (std::uint64_t sequence = 0; sequence < 1500; ++sequence) {
        const RandomStream random(2026, sequence);
        const auto script = randomScript(random);
        std::vector<std::pair<RunState, RunState>> transitions;
        {
            SessionFixture f(script);
            const auto commands = random.below(907, 25);
            for (std::uint64_t i = 0; i < commands; ++i)
                sendRandomCommand(f.session(), random, i);
            f.session().shutdown();  // at any moment
            EXPECT_FALSE(isActive(f.session().status().state)) << "sequence " << sequence;
            transitions = f.transitions();
        }
        EXPECT_EQ(script->alive, 0) << "sequence " << sequence;
        expectLegal(transitions);
        if (HasFailure()) FAIL() << "sequence " << sequence;
    }
}

TEST(SessionProperties, EveryAcceptedCommandIsConfirmedOrTheRunEnds) {
    for (std::uint64_t sequence = 0; sequence < 300; ++sequence) {
        const RandomStream random(7, sequence);
        SessionFixture f;
        f.session().start(RunSettings{}, "runs");
        ASSERT_TRUE(f.waitForState(RunState::Running));
        for (std::uint64_t i = 0; i < 6; ++i) {
            switch (random.below(i, 3)) {
                case 0:
                    f.session().pause();
                    ASSERT_TRUE(f.waitForState(RunState::Paused));
                    f.session().continueRun();
                    ASSERT_EQ(f.session().status().state, RunState::Running);
                    break;
                case 1: {
                    const int before = f.script().saves;
                    f.session().checkpointNow();
                    ASSERT_TRUE(f.waitFor([&] { return f.script().saves > before; }));
                    break;
                }
                default: {
                    const double lr = 1e-4 * static_cast<double>(1 + random.below(i + 50, 90));
                    f.session().edit("train.lr", lr);
                    ASSERT_TRUE(f.waitFor([&] { return f.session().settings().train.lr == lr; }));
                    break;
                }
            }
        }
        f.session().stop();
        ASSERT_TRUE(f.waitForState(RunState::Finished));
        ASSERT_TRUE(f.session().takeNotices().empty());
    }
}

TEST(SessionProperties, CommandsFromSeveralThreadsDoNotDeadlock) {
    for (std::uint64_t round = 0; round < 40; ++round) {
        const auto script = randomScript(RandomStream(99, round));
        SessionFixture f(script);
        std::vector<std::thread> senders;
        for (std::uint64_t sender = 0; sender < 3; ++sender)
            senders.emplace_back([&f, round, sender] {
                const RandomStream random(round, sender);
                for (std::uint64_t i = 0; i < 60; ++i) {
                    sendRandomCommand(f.session(), random, i);
                    (void)f.session().metrics(0, 0, 0);
                    (void)f.session().events(0, 0);
                    (void)f.session().takeNotices();
                    (void)f.session().gallery();
                }
            });
        for (std::thread& sender : senders)
            sender.join();
        f.session().shutdown();
        EXPECT_FALSE(isActive(f.session().status().state));
        expectLegal(f.transitions());
    }
}

}  // namespace
}  // namespace vl::test
