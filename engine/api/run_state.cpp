// SPDX-License-Identifier: Apache-2.0
#include "engine/api/engine.h"

namespace vl {

bool isActive(RunState state) {
    return state != RunState::Idle && state != RunState::Finished && state != RunState::Failed;
}

bool canStart(RunState state) { return !isActive(state); }

bool canPause(RunState state) { return state == RunState::Running; }

bool canContinue(RunState state) { return state == RunState::Paused; }

/// While pausing, too: a person who changes their mind must not have to wait for the pause first.
bool canStop(RunState state) { return isActive(state) && state != RunState::Stopping; }

bool canCheckpoint(RunState state) {
    return state == RunState::Running || state == RunState::Pausing || state == RunState::Paused;
}

}  // namespace vl
