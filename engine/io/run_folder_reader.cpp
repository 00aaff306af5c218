// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "engine/api/engine.h"
#include "engine/api/run_folder.h"
#include "engine/core/error.h"
#include "engine/io/run_rows.h"
#include "engine/io/writer_lock.h"

namespace vl {
namespace fs = std::filesystem;
namespace {

/// What the last event with a say in it leaves the run in; Idle when there is none.
RunState stateAfter(const std::vector<RunEvent>& events) {
    for (auto event = events.rbegin(); event != events.rend(); ++event) {
        switch (event->kind) {
            case RunEventKind::Start:
            case RunEventKind::Resume:
            case RunEventKind::Continue: return RunState::Running;
            case RunEventKind::Pause: return RunState::Paused;
            case RunEventKind::Stop: return RunState::Stopping;
            case RunEventKind::Finish: return RunState::Finished;
            case RunEventKind::Fail: return RunState::Failed;
            default: break;  // edits, checkpoints and the like change nothing
        }
    }
    return RunState::Idle;
}

RunState stateOf(const fs::path& folder, const std::vector<RunEvent>& events) {
    const bool written = WriterLock::isHeld(folder);
    const auto state = stateAfter(events);
    if (state == RunState::Idle) return written ? RunState::Starting : RunState::Idle;
    return isActive(state) && !written ? RunState::Stopping : state;
}

std::vector<CheckpointInfo> readCheckpoints(const fs::path& folder) {
    std::vector<CheckpointInfo> found;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
        const auto name = entry.path().filename().string();
        if (!name.ends_with(".safetensors") || name.ends_with(".optimizer.safetensors")) continue;
        try {
            found.push_back(readCheckpointInfo(entry.path()));
        } catch (const Error&) {
            continue;  // half of a foreign copy, or replaced while we looked: the others still count
        }
    }
    std::sort(found.begin(), found.end(), [](const CheckpointInfo& a, const CheckpointInfo& b) {
        return a.step != b.step ? a.step > b.step : a.file.filename() < b.file.filename();
    });
    return found;
}

/// When something last happened in the folder.
fs::file_time_type touched(const fs::path& folder) {
    auto latest = fs::file_time_type::min();
    for (const auto* name : {"run.toml", "metrics.jsonl", "events.jsonl"}) {
        std::error_code error;
        const auto time = fs::last_write_time(folder / name, error);
        if (!error) latest = std::max(latest, time);
    }
    return latest;
}

}  // namespace

bool isRunFolder(const fs::path& folder) {
    std::error_code error;
    return fs::is_regular_file(folder / "run.toml", error);
}

RunRecord readRunFolder(const fs::path& folder) {
    if (!isRunFolder(folder))
        throw Error(ErrorCode::NotFound, folder.string() + " is not a run folder: it holds no run.toml.", "Name the folder a run was written to.");
    RunRecord record;
    record.folder = folder;
    record.settings = loadSettings(folder / "run.toml");
    auto news = RunFollower(folder).poll();
    record.steps = std::move(news.steps);
    record.evals = std::move(news.evals);
    record.events = std::move(news.events);
    record.state = stateOf(folder, record.events);
    record.checkpoints = readCheckpoints(folder / "checkpoints");
    for (const auto& checkpoint : record.checkpoints)
        if (checkpoint.file.filename() == "best.safetensors") record.best = checkpoint.file;
    return record;
}

std::vector<fs::path> listRunFolders(const fs::path& runsFolder) {
    std::vector<std::pair<fs::file_time_type, fs::path>> found;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(runsFolder, fs::directory_options::skip_permission_denied, error))
        if (isRunFolder(entry.path())) found.emplace_back(touched(entry.path()), entry.path());
    std::sort(found.begin(), found.end(), std::greater<>());
    std::vector<fs::path> folders;
    for (auto& [time, folder] : found) folders.push_back(std::move(folder));
    return folders;
}

RunFollower::RunFollower(fs::path folder) : folder_(std::move(folder)) {}

RunFollower::News RunFollower::poll() {
    RunRows rows;
    readMetricLines(readNewLines(folder_ / "metrics.jsonl", metricsOffset_), rows);
    readEventLines(readNewLines(folder_ / "events.jsonl", eventsOffset_), rows);
    return {std::move(rows.steps), std::move(rows.evals), std::move(rows.events)};
}

}  // namespace vl
