// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "engine/api/generate.h"

namespace vl {

/// What a front end may ask of a grid that is being made.
enum class GenerationCommand { Generate, Pause, Continue, Step, Stop };
/// What the thread that makes it reports.
enum class GenerationReport {
    Opened,    ///< the model is there and the first frame is published
    Stepped,   ///< a step boundary was reached
    Sampled,   ///< every chain has ended
    Saved,     ///< the result is stored, or was not to be
    Broke,     ///< an error ended it
};
const char* toString(GenerationCommand command);

/// The life of a generation as a table: commands and reports in, states out. Knows no threads, no clock, no models.
///
///     any --Generate--> Loading --Opened--> Running | Paused --Sampled--> Saving --Saved--> Finished
///     Running --Stepped, after Pause or Step--> Paused --Continue, Step--> Running
///     Loading | Running | Paused | Saving --Stop--> Stopped, --Broke--> Failed
class GenerationStateMachine {
public:
    GenerationState state() const { return state_; }
    /// Loading to Saving.
    bool active() const;
    /// A pause was asked for and is still to come.
    bool pausing() const { return stepsBeforePause_ >= 0 && state_ != GenerationState::Paused; }
    /// The running step was asked for alone.
    bool stepping() const { return stepping_; }

    /// Empty when the command is allowed now, otherwise one sentence that says why not.
    std::string refusal(GenerationCommand command) const;
    /// Applies the command when it is allowed; returns refusal(command) as it was before.
    std::string apply(GenerationCommand command);
    /// Applies a report; one that means nothing in this state changes nothing. Returns whether the state changed.
    bool apply(GenerationReport report);

private:
    bool allowed(GenerationCommand command) const;

    GenerationState state_ = GenerationState::Idle;
    int stepsBeforePause_ = -1;  ///< boundaries to pass before the pause, -1: none was asked for
    bool stepping_ = false;
};

}  // namespace vl
