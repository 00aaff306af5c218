// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/shell/run_controls.h"

#include <QLocale>

#include "engine/api/engine.h"
#include "engine/core/text.h"

namespace vl {
namespace {

QString number(std::int64_t value) { return QLocale().toString(static_cast<qlonglong>(value)); }

QString whyNotActive(RunState state) {
    switch (state) {
        case RunState::Starting: return QStringLiteral("The run is still starting.");
        case RunState::Pausing: return QStringLiteral("The run is about to pause.");
        case RunState::Stopping: return QStringLiteral("The run is about to stop.");
        default: return QStringLiteral("No run is in progress.");
    }
}

}  // namespace

RunControls runControls(const RunStatus& status, RunRequest request, bool startable) {
    const RunState state = status.state;
    RunControls controls;

    controls.run.label = canContinue(state) ? QStringLiteral("Continue") : QStringLiteral("Run");
    if (request == RunRequest::Start || state == RunState::Starting) {
        controls.run = {QStringLiteral("Starting…"), QStringLiteral("The run is still starting.")};
    } else if (request == RunRequest::Continue) {
        controls.run = {QStringLiteral("Continuing…"), QStringLiteral("The engine has not confirmed it yet.")};
    } else if (!canContinue(state) && !canStart(state)) {
        controls.run.whyNot = state == RunState::Running ? QStringLiteral("The run is in progress already.")
                                                         : whyNotActive(state);
    } else if (canStart(state) && !startable) {
        controls.run.whyNot = QStringLiteral("Choose a configuration first: New run.");
    }

    controls.pause.label = QStringLiteral("Pause");
    if (request == RunRequest::Pause || state == RunState::Pausing)
        controls.pause = {QStringLiteral("Pausing…"), QStringLiteral("The step in progress is finished first.")};
    else if (!canPause(state))
        controls.pause.whyNot = state == RunState::Paused ? QStringLiteral("The run is paused already.") : whyNotActive(state);

    controls.stop.label = QStringLiteral("Stop");
    if (request == RunRequest::Stop || state == RunState::Stopping)
        controls.stop = {QStringLiteral("Stopping…"), QStringLiteral("The step in progress is finished and saved first.")};
    else if (!canStop(state))
        controls.stop.whyNot = whyNotActive(state);

    controls.checkpoint.label = QStringLiteral("Checkpoint");
    if (request == RunRequest::Checkpoint)
        controls.checkpoint = {QStringLiteral("Saving…"), QStringLiteral("The checkpoint is being written.")};
    else if (!canCheckpoint(state))
        controls.checkpoint.whyNot = whyNotActive(state);
    return controls;
}

bool isAnswered(RunRequest request, const RunStatus& asked, const RunStatus& now) {
    if (request == RunRequest::None) return true;
    if (now.generation != asked.generation) return true;
    if (request == RunRequest::Checkpoint && now.savedStep != asked.savedStep) return true;
    if (request == RunRequest::Checkpoint) return now.savedAt != asked.savedAt || !canCheckpoint(now.state);
    return now.state != asked.state;
}

QString stateDetail(const RunStatus& status) {
    switch (status.state) {
        case RunState::Idle: return QStringLiteral("no run in progress");
        case RunState::Starting: return QStringLiteral("loading data and model");
        case RunState::Finished: return QStringLiteral("at step %1").arg(number(status.step));
        case RunState::Failed: return QStringLiteral("at step %1").arg(number(status.step));
        default: return QStringLiteral("confirmed at step %1").arg(number(status.step));
    }
}

}  // namespace vl
