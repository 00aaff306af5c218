// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "app/studio/shell/close_guard.h"
#include "tests/studio/support/studio_fixture.h"

namespace vl {
namespace {

using Phase = CloseGuard::Phase;

class ClosingTest : public StudioFixture {};

TEST_F(ClosingTest, AnIdleStudioClosesWithoutAQuestionAndJoinsTheEngine) {
    window_->close();
    EXPECT_NE(window_->closeGuard().phase(), Phase::Asking);
    ASSERT_TRUE(waitUntil([this] { return window_->closeGuard().phase() == Phase::Done && !window_->isVisible(); }));
    EXPECT_EQ(engine_.shutdowns, 1);
}

TEST_F(ClosingTest, ARunIsAskedAboutOnceAndMayGoOn) {
    engine_.beginRun("a", "/runs/a", 1000);
    window_->context().link.poll();
    window_->close();
    EXPECT_TRUE(window_->isVisible());
    EXPECT_EQ(window_->closeGuard().phase(), Phase::Asking);
    window_->closeGuard().keepRunning();
    EXPECT_EQ(window_->closeGuard().phase(), Phase::Open);
    EXPECT_TRUE(window_->isVisible());
    EXPECT_EQ(engine_.shutdowns, 0);
}

TEST_F(ClosingTest, SaveAndCloseShutsTheEngineDownOnceAndThenGoes) {
    engine_.beginRun("a", "/runs/a", 1000);
    window_->context().link.poll();
    window_->close();
    window_->closeGuard().saveAndClose();
    window_->close();  // impatience changes nothing
    ASSERT_TRUE(waitUntil([this] { return !window_->isVisible(); }));
    EXPECT_EQ(engine_.shutdowns, 1);
}

}  // namespace
}  // namespace vl
