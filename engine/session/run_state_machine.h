// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "engine/api/types.h"

namespace vl {

/// What a front end may ask of a run.
enum class RunCommand { Start, Resume, Pause, Continue, Stop, Checkpoint, Edit };
/// What the thread that works on the run reports.
enum class RunReport {
    Ready,   ///< model and data are there, steps can begin
    Parked,  ///< a step boundary was reached while pausing
    Ending,  ///< no step will follow; the closing checkpoint is about to be written
    Ended,   ///< the closing checkpoint is written
    Broke,   ///< an error ended the run
};
const char* toString(RunCommand command);
const char* toString(RunReport report);

/// The life of a run as a table: commands and reports in, states out. Knows no threads, no clock, no tensors.
///
///     Idle | Finished | Failed --Start, Resume--> Starting --Ready--> Running <--Continue-- Paused
///     Running --Pause--> Pausing --Parked--> Paused
///     Starting | Running | Pausing | Paused --Stop, Ending--> Stopping --Ended--> Finished
///     any of the active ones --Broke--> Failed
class RunStateMachine {
public:
    RunState state() const { return state_; }

    /// Empty when the command is allowed now, otherwise one sentence that says why not.
    std::string refusal(RunCommand command) const;
    /// Applies the command when it is allowed; returns refusal(command) as it was before.
    std::string apply(RunCommand command);
    /// Applies a report; one that means nothing in this state changes nothing. Returns whether the state changed.
    bool apply(RunReport report);

private:
    RunState state_ = RunState::Idle;
};

}  // namespace vl
