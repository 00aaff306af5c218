// SPDX-License-Identifier: Apache-2.0
#include "engine/session/run_state_machine.h"

#include "engine/api/engine.h"

namespace vl {
namespace {

bool allowed(RunState state, RunCommand command) {
    switch (command) {
        case RunCommand::Start:
        case RunCommand::Resume:
            return canStart(state);
        case RunCommand::Pause:
            return canPause(state);
        case RunCommand::Continue:
            return canContinue(state);
        case RunCommand::Stop:
            return canStop(state);
        case RunCommand::Checkpoint:
        case RunCommand::Edit:
            return canCheckpoint(state);
    }
    return false;
}

const char* whatRunDoes(RunState state) {
    switch (state) {
        case RunState::Idle:
            return "no run has been started";
        case RunState::Starting:
            return "the run is still starting";
        case RunState::Running:
            return "the run is in progress";
        case RunState::Pausing:
            return "the run is about to pause";
        case RunState::Paused:
            return "the run is paused";
        case RunState::Stopping:
            return "the run is stopping";
        case RunState::Finished:
            return "the run has finished";
        case RunState::Failed:
            return "the run has failed";
    }
    return "";
}

}  // namespace

const char* toString(RunCommand command) {
    switch (command) {
        case RunCommand::Start:
            return "start";
        case RunCommand::Resume:
            return "resume";
        case RunCommand::Pause:
            return "pause";
        case RunCommand::Continue:
            return "continue";
        case RunCommand::Stop:
            return "stop";
        case RunCommand::Checkpoint:
            return "write a checkpoint";
        case RunCommand::Edit:
            return "change a setting";
    }
    return "";
}

const char* toString(RunReport report) {
    switch (report) {
        case RunReport::Ready:
            return "ready";
        case RunReport::Parked:
            return "parked";
        case RunReport::Ending:
            return "ending";
        case RunReport::Ended:
            return "ended";
        case RunReport::Broke:
            return "broke";
    }
    return "";
}

std::string RunStateMachine::refusal(RunCommand command) const {
    if (allowed(state_, command)) return {};
    return std::string("Cannot ") + toString(command) + " now: " + whatRunDoes(state_) + ".";
}

std::string RunStateMachine::apply(RunCommand command) {
    std::string why = refusal(command);
    if (!why.empty()) return why;
    switch (command) {
        case RunCommand::Start:
        case RunCommand::Resume:
            state_ = RunState::Starting;
            break;
        case RunCommand::Pause:
            state_ = RunState::Pausing;
            break;
        case RunCommand::Continue:
            state_ = RunState::Running;
            break;
        case RunCommand::Stop:
            state_ = RunState::Stopping;
            break;
        case RunCommand::Checkpoint:
        case RunCommand::Edit:
            break;
    }
    return {};
}

bool RunStateMachine::apply(RunReport report) {
    const RunState before = state_;
    switch (report) {
        case RunReport::Ready:
            if (state_ == RunState::Starting) state_ = RunState::Running;
            break;
        case RunReport::Parked:
            if (state_ == RunState::Pausing) state_ = RunState::Paused;
            break;
        case RunReport::Ending:
            if (state_ == RunState::Running || state_ == RunState::Pausing || state_ == RunState::Paused)
                state_ = RunState::Stopping;
            break;
        case RunReport::Ended:
            if (state_ == RunState::Stopping) state_ = RunState::Finished;
            break;
        case RunReport::Broke:
            if (isActive(state_)) state_ = RunState::Failed;
            break;
    }
    return state_ != before;
}

}  // namespace vl
