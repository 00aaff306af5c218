// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include "engine/api/types.h"

namespace vl {

/// One run control as the confirmed state and the pending request define it. An empty reason: it can be used.
struct ControlState {
    QString label;      ///< short, for the toolbar: "Pause", "Pausing…"
    QString whyNot;     ///< one sentence
};

/// All run controls; a pure function of what the engine confirmed and what was asked for since.
struct RunControls {
    ControlState run, pause, stop, checkpoint;
};

/// What the user asked for and the engine has not confirmed yet.
enum class RunRequest { None, Start, Continue, Pause, Stop, Checkpoint };

/// `startable`: there is something to start (a demo, a chosen configuration) while no run is active.
RunControls runControls(const RunStatus& status, RunRequest request, bool startable = true);
/// True once the state (or, for Checkpoint, the saved step) shows that the request was answered.
bool isAnswered(RunRequest request, const RunStatus& asked, const RunStatus& now);

/// The line beside the chip: "confirmed at step 6,240", "no run in progress", "saved at step 4,212".
QString stateDetail(const RunStatus& status);

}  // namespace vl
