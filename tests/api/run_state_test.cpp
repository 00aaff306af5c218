// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "engine/api/engine.h"

namespace vl {
namespace {

constexpr RunState allStates[] = {RunState::Idle,   RunState::Starting, RunState::Running,  RunState::Pausing,
                                  RunState::Paused, RunState::Stopping, RunState::Finished, RunState::Failed};

TEST(RunState, EitherStartsOrIsActive) {
    for (const auto state : allStates) EXPECT_NE(canStart(state), isActive(state)) << toString(state);
}

TEST(RunState, OffersPauseAndContinueInTurn) {
    for (const auto state : allStates) EXPECT_FALSE(canPause(state) && canContinue(state)) << toString(state);
    EXPECT_TRUE(canPause(RunState::Running));
    EXPECT_TRUE(canContinue(RunState::Paused));
}

TEST(RunState, CanStopWhateverIsActiveExceptTwice) {
    for (const auto state : allStates) EXPECT_EQ(canStop(state), isActive(state) && state != RunState::Stopping) << toString(state);
}

TEST(RunState, SavesOnlyWhatHasWeights) {
    EXPECT_FALSE(canCheckpoint(RunState::Starting));
    EXPECT_TRUE(canCheckpoint(RunState::Running));
    EXPECT_TRUE(canCheckpoint(RunState::Paused));
    EXPECT_FALSE(canCheckpoint(RunState::Finished));
}

TEST(RunState, HasAWordForEveryState) {
    std::set<std::string> words;
    for (const auto state : allStates) words.insert(toString(state));
    EXPECT_EQ(words.size(), std::size(allStates));
    EXPECT_EQ(words.count("unknown"), 0u);
}

}  // namespace
}  // namespace vl
