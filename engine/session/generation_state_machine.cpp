// SPDX-License-Identifier: Apache-2.0
#include "engine/session/generation_state_machine.h"

#include <algorithm>

namespace vl {
namespace {

using State = GenerationState;

/// A key that repeats must not queue more steps than a person meant.
constexpr int kMostQueuedSteps = 2;

const char* whatItDoes(State state) {
    switch (state) {
        case State::Idle:
            return "nothing is being generated";
        case State::Loading:
            return "the model is still being opened";
        case State::Running:
            return "samples are being made";
        case State::Paused:
            return "it is paused";
        case State::Saving:
            return "the result is being saved";
        case State::Finished:
            return "the samples are finished";
        case State::Stopped:
            return "it was stopped";
        case State::Failed:
            return "it has failed";
    }
    return "";
}

}  // namespace

const char* toString(GenerationCommand command) {
    switch (command) {
        case GenerationCommand::Generate:
            return "generate";
        case GenerationCommand::Pause:
            return "pause generating";
        case GenerationCommand::Continue:
            return "continue generating";
        case GenerationCommand::Step:
            return "make a single step";
        case GenerationCommand::Stop:
            return "stop generating";
    }
    return "";
}

bool GenerationStateMachine::active() const {
    return state_ == State::Loading || state_ == State::Running || state_ == State::Paused || state_ == State::Saving;
}

bool GenerationStateMachine::allowed(GenerationCommand command) const {
    switch (command) {
        case GenerationCommand::Generate:
            return true;
        case GenerationCommand::Pause:
            return (state_ == State::Loading || state_ == State::Running) && (!pausing() || stepping_);
        case GenerationCommand::Continue:
            return state_ == State::Paused || ((state_ == State::Loading || state_ == State::Running) && pausing());
        case GenerationCommand::Step:
            return state_ == State::Paused || (state_ == State::Running && pausing());
        case GenerationCommand::Stop:
            return active();
    }
    return false;
}

std::string GenerationStateMachine::refusal(GenerationCommand command) const {
    if (allowed(command)) return {};
    const char* why = pausing() && active() ? "it is about to pause" : whatItDoes(state_);
    return std::string("Cannot ") + toString(command) + " now: " + why + ".";
}

std::string GenerationStateMachine::apply(GenerationCommand command) {
    std::string why = refusal(command);
    if (!why.empty()) return why;
    switch (command) {
        case GenerationCommand::Generate:
            state_ = State::Loading;
            stepsBeforePause_ = -1;
            stepping_ = false;
            break;
        case GenerationCommand::Pause:
            stepsBeforePause_ = state_ == State::Loading ? 0 : 1;
            break;
        case GenerationCommand::Continue:
            if (state_ == State::Paused) state_ = State::Running;
            stepsBeforePause_ = -1;
            stepping_ = false;
            break;
        case GenerationCommand::Step:
            stepsBeforePause_ = state_ == State::Paused ? 1 : std::min(kMostQueuedSteps, stepsBeforePause_ + 1);
            state_ = State::Running;
            stepping_ = true;
            break;
        case GenerationCommand::Stop:
            state_ = State::Stopped;
            break;
    }
    return {};
}

bool GenerationStateMachine::apply(GenerationReport report) {
    const State before = state_;
    switch (report) {
        case GenerationReport::Opened:
            if (state_ == State::Loading) state_ = stepsBeforePause_ == 0 ? State::Paused : State::Running;
            break;
        case GenerationReport::Stepped:
            if (state_ == State::Running && stepsBeforePause_ > 0 && --stepsBeforePause_ == 0) {
                state_ = State::Paused;
                stepping_ = false;
            }
            break;
        case GenerationReport::Sampled:
            if (state_ != State::Running) break;
            state_ = State::Saving;
            stepsBeforePause_ = -1;
            stepping_ = false;
            break;
        case GenerationReport::Saved:
            if (state_ == State::Saving) state_ = State::Finished;
            break;
        case GenerationReport::Broke:
            if (active()) state_ = State::Failed;
            break;
    }
    return state_ != before;
}

}  // namespace vl
