// SPDX-License-Identifier: Apache-2.0
#include "engine/api/types.h"

namespace vl {

const char* toString(RunState state) {
    switch (state) {
        case RunState::Idle: return "idle";
        case RunState::Starting: return "starting";
        case RunState::Running: return "running";
        case RunState::Pausing: return "pausing";
        case RunState::Paused: return "paused";
        case RunState::Stopping: return "stopping";
        case RunState::Finished: return "finished";
        case RunState::Failed: return "failed";
    }
    return "unknown";
}

const char* toString(RunEventKind kind) {
    switch (kind) {
        case RunEventKind::Start: return "start";
        case RunEventKind::Resume: return "resume";
        case RunEventKind::Pause: return "pause";
        case RunEventKind::Continue: return "continue";
        case RunEventKind::Edit: return "edit";
        case RunEventKind::Checkpoint: return "checkpoint";
        case RunEventKind::Evaluate: return "evaluate";
        case RunEventKind::Problem: return "problem";
        case RunEventKind::Stop: return "stop";
        case RunEventKind::Finish: return "finish";
        case RunEventKind::Fail: return "fail";
    }
    return "unknown";
}

}  // namespace vl
