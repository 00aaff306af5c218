// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/api/engine.h"

namespace vl {

/// Where a run stands.
struct RunFacts {
    std::string name;
    std::filesystem::path folder;
    std::int64_t step = 0, totalSteps = 0, stepsPerEpoch = 0;
    double epoch() const {
        return stepsPerEpoch > 0 ? static_cast<double>(step) / static_cast<double>(stepsPerEpoch) : 0;
    }
};

/// One training run as the session drives it: everything happens on the calling thread, one piece of work a call, and
/// errors are exceptions. Trainer is the real one; tests script their own.
class RunDriver {
public:
    /// What a resumed run brings along.
    struct History {
        std::vector<StepMetrics> steps;
        std::vector<EvalMetrics> evals;
        std::vector<RunEvent> events;
    };

    virtual ~RunDriver() = default;

    virtual RunFacts facts() const = 0;
    virtual RunSettings settings() const = 0;
    virtual History history() const = 0;
    /// All steps are done.
    virtual bool done() const = 0;
    /// One optimiser step, its record already appended to the run folder.
    virtual StepMetrics step() = 0;
    /// An evaluation belongs at this step and has not been made.
    virtual bool evaluationDue() const = 0;
    /// Evaluates on the validation split; `keepGoing` is asked after every batch, on false nothing is recorded.
    virtual std::optional<EvalMetrics> evaluate(const std::function<bool()>& keepGoing) = 0;
    /// A checkpoint belongs at this step and has not been written.
    virtual bool checkpointDue() const = 0;
    /// Writes last (and a numbered) checkpoint; returns the file.
    virtual std::filesystem::path saveCheckpoint() = 0;
    /// Applies a live edit; returns what changed in words. Throws Error(Usage).
    virtual std::string edit(const std::string& key, const SettingValue& value) = 0;
    /// Looks at a picture with the current weights.
    virtual std::shared_ptr<const Inspection> inspect(const InspectRequest& request) = 0;
    /// The gallery of the last evaluation; null before the first.
    virtual std::shared_ptr<const Gallery> gallery() const = 0;
    /// Predicts the gallery's samples again with the current weights; null when there is no gallery yet.
    virtual std::shared_ptr<const Gallery> refreshGallery() = 0;
    /// Frames of the film since the last call, the oldest first; a resumed run brings its earlier ones.
    virtual std::vector<std::shared_ptr<const FilmFrame>> takeFilm() { return {}; }
    /// One sentence for each data file that could not be used since the last call.
    virtual std::vector<std::string> takeProblems() { return {}; }
    /// Appends to events.jsonl.
    virtual void record(const RunEvent& event) = 0;
};

/// How a session gets its runs.
struct RunFactory {
    std::function<std::unique_ptr<RunDriver>(const RunSettings&, const std::filesystem::path& runsFolder)> start;
    std::function<std::unique_ptr<RunDriver>(const std::filesystem::path& runFolder,
                                             std::optional<std::int64_t> newTotalSteps)>
        resume;
};

}  // namespace vl
