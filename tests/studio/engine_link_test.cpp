// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/shell/engine_link.h"

#include <QCoreApplication>

#include <gtest/gtest.h>

#include "tests/studio/support/fake_engine.h"

namespace vl {
namespace {

struct EngineLinkTest : ::testing::Test {
    FakeEngine engine;
    EngineLink link{engine};
    int statusSignals = 0, replaced = 0, added = 0;
    std::size_t firstStep = 99, firstEval = 99;

    void SetUp() override {
        QObject::connect(&link, &EngineLink::statusChanged, &link, [this] { ++statusSignals; });
        QObject::connect(&link, &EngineLink::runReplaced, &link, [this] { ++replaced; });
        QObject::connect(&link, &EngineLink::metricsAdded, &link, [this](std::size_t step, std::size_t eval) {
            ++added;
            firstStep = step;
            firstEval = eval;
        });
    }
};

TEST_F(EngineLinkTest, SaysNothingWhenNothingChanged) {
    link.poll();
    link.poll();
    EXPECT_EQ(statusSignals, 0);
    EXPECT_EQ(added, 0);
}

TEST_F(EngineLinkTest, DeliversEveryRowOnceInOrder) {
    engine.beginRun("a", "/runs/a", 100);
    engine.addSteps(3);
    link.poll();
    engine.addSteps(2);
    engine.addEval(0.8);
    link.poll();
    link.poll();
    ASSERT_EQ(link.steps().size(), 5u);
    for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(link.steps()[i].step, std::int64_t(i) + 1);
    EXPECT_EQ(link.evals().size(), 1u);
    EXPECT_EQ(added, 2);
    EXPECT_EQ(firstStep, 3u);
    EXPECT_EQ(firstEval, 0u);
}

TEST_F(EngineLinkTest, AnotherRunDropsTheRowsBeforeAnyOfItsOwnArrive) {
    engine.beginRun("a", "/runs/a", 100);
    engine.addSteps(7);
    link.poll();
    engine.beginRun("b", "/runs/b", 100);
    engine.addSteps(2);
    std::size_t atReplacement = 99;
    QObject::connect(&link, &EngineLink::runReplaced, &link, [&] { atReplacement = link.steps().size(); });
    link.poll();
    EXPECT_EQ(atReplacement, 0u);
    ASSERT_EQ(link.steps().size(), 2u);
    EXPECT_EQ(link.steps()[0].step, 1);
    ASSERT_EQ(link.events().size(), 1u);
    EXPECT_EQ(link.status().runName, "b");
}

TEST_F(EngineLinkTest, TheListenerWakesItWithoutTheTimer) {
    engine.beginRun("a", "/runs/a", 100);
    EXPECT_EQ(statusSignals, 0);
    QCoreApplication::sendPostedEvents(&link);
    EXPECT_EQ(statusSignals, 1);
    EXPECT_EQ(link.status().state, RunState::Running);
}

TEST_F(EngineLinkTest, HandsOutEachNoticeOnce) {
    int notices = 0;
    QObject::connect(&link, &EngineLink::noticed, &link, [&](const Notice& notice) {
        ++notices;
        EXPECT_EQ(notice.message, "Not possible now");
    });
    engine.addNotice(Notice::Kind::Warning, "Not possible now", "Wait.");
    link.poll();
    link.poll();
    EXPECT_EQ(notices, 1);
}

TEST(EngineLinkLife, AnEngineMayRingAfterTheLinkIsGone) {
    FakeEngine engine;
    { EngineLink link(engine); }
    engine.beginRun("a", "/runs/a", 100);
    engine.addStep();
    QCoreApplication::sendPostedEvents();
    SUCCEED();
}

}  // namespace
}  // namespace vl
