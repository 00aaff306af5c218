// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "engine/api/settings.h"
#include "engine/api/types.h"

namespace vl {

/// A checkpoint file inside (or outside) a run folder, read from its safetensors header only.
struct CheckpointInfo {
    std::filesystem::path file;
    ModelSpec spec;
    std::vector<std::string> classNames;
    std::int64_t step = 0;
    double epoch = 0;
    double accuracy = -1;         ///< 0..1, -1: not evaluated
    double alpha = 0;             ///< soft-mask rate when saved
    double mean = 0, std = 1;     ///< input normalisation
    bool imagenetColours = false; ///< colour pictures are normalised with ImageNet's figures channel by channel instead
    std::string dataset;
};
/// Throws Error(NotFound | BadFile).
CheckpointInfo readCheckpointInfo(const std::filesystem::path& file);

/// Everything a run folder says; tolerant of a torn last line, because another process may be writing it.
struct RunRecord {
    std::filesystem::path folder;
    RunSettings settings;
    RunState state = RunState::Idle;   ///< from the last event; an active state without a live writer reads as Stopping
    std::vector<StepMetrics> steps;
    std::vector<EvalMetrics> evals;
    std::vector<RunEvent> events;
    std::vector<CheckpointInfo> checkpoints;  ///< newest first
    std::filesystem::path best;               ///< empty: none
};
RunRecord readRunFolder(const std::filesystem::path& folder);
/// True when the folder holds run.toml.
bool isRunFolder(const std::filesystem::path& folder);
/// The film of a denoiser's run, oldest first; frames whose picture cannot be read are left out.
std::vector<FilmFrame> readFilm(const std::filesystem::path& folder);
/// Newest first.
std::vector<std::filesystem::path> listRunFolders(const std::filesystem::path& runsFolder);

/// Follows a run folder that another process writes: each poll returns the rows appended since the last.
class RunFollower {
public:
    explicit RunFollower(std::filesystem::path folder);
    struct News {
        std::vector<StepMetrics> steps;
        std::vector<EvalMetrics> evals;
        std::vector<RunEvent> events;
    };
    News poll();

private:
    std::filesystem::path folder_;
    std::uintmax_t metricsOffset_ = 0, eventsOffset_ = 0;
};

}  // namespace vl
