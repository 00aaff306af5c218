// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/api/checkpoint_report.h"
#include "engine/api/dense.h"
#include "engine/api/generate.h"
#include "engine/api/settings.h"
#include "engine/api/types.h"

namespace vl {

/// Metrics from a cursor on; the GUI pulls them, the engine never waits.
struct MetricsBatch {
    std::uint64_t generation = 0;       ///< run the rows belong to; a change means: start over
    std::size_t nextStep = 0, nextEval = 0;  ///< pass back as the cursor of the next pull
    std::vector<StepMetrics> steps;
    std::vector<EvalMetrics> evals;
};

/// Ask for one picture to be looked at. The last request per slot wins; unanswered older ones are dropped.
struct InspectRequest {
    std::uint64_t id = 0;               ///< chosen by the caller, returned in Inspection::request
    Image image;
    std::string imageName;
    bool live = false;                  ///< use the running training's weights, refreshed at step boundaries
    std::filesystem::path checkpoint;   ///< not live: a .safetensors with run metadata; empty: the demo model
    std::optional<double> alpha;        ///< override of the soft-mask rate
};

/// Ask what a checkpoint file is. A new request takes the place of an unfinished one.
struct CheckpointRequest {
    std::uint64_t id = 0;               ///< chosen by the caller, returned in CheckpointLook::request
    std::filesystem::path file;
    CheckpointOptions options;
};

/// The answer so far: the listing comes at once, statistics follow while `busy`.
struct CheckpointLook {
    std::uint64_t request = 0;          ///< 0: nothing was asked yet
    bool busy = false;
    bool cancelled = false;
    ReadProgress progress;
    std::shared_ptr<const CheckpointReport> report;  ///< null until the file is listed
    std::string problem, advice;        ///< not empty: it could not be read
};

/// A finished, failed or progressing small job (inspection, opening a model), for the status bar and Problems.
struct Notice {
    enum class Kind { Info, Warning, Error } kind = Kind::Info;
    std::string message;                ///< what happened, one sentence
    std::string hint;                   ///< what to do, one sentence
    std::uint64_t request = 0;          ///< inspection request it is about, 0: none
};

/// The whole engine as the studio and the command line see it: no torch type, no shared mutable state.
/// Every command returns at once; the confirmed result shows in status(), events and notices. Thread-safe.
class Engine {
public:
    virtual ~Engine() = default;

    // -- commands; refused ones produce a Notice that says why
    virtual void start(const RunSettings& settings, const std::filesystem::path& runsFolder) = 0;
    virtual void resume(const std::filesystem::path& runFolder, std::optional<std::int64_t> newTotalSteps = {}) = 0;
    virtual void pause() = 0;
    virtual void continueRun() = 0;
    virtual void stop() = 0;            ///< writes a checkpoint, then Finished
    virtual void checkpointNow() = 0;
    /// Live edit; fields whose `applies` is NextRun are refused with a Notice.
    virtual void edit(const std::string& key, const SettingValue& value) = 0;
    virtual void inspect(const InspectRequest& request) = 0;
    virtual void cancelInspect() = 0;   ///< also unsubscribes from live refreshes
    virtual void lookAtCheckpoint(const CheckpointRequest& request) = 0;
    virtual void cancelCheckpoint() = 0;

    /// Makes a grid of samples; takes the place of one in progress, which is stopped and says what it lost.
    virtual void generate(const SampleRequest& request) = 0;
    virtual void pauseGeneration() = 0;     ///< at the next step boundary
    virtual void continueGeneration() = 0;
    virtual void stepGeneration() = 0;      ///< paused: one step
    /// Ends it early; the frames so far stay, and nothing is saved.
    virtual void stopGeneration() = 0;
    virtual void examineCell(const CellQuestion& question) = 0;
    /// In the background; how it went comes as a Notice that names the file.
    virtual void exportResult(const ExportRequest& request) = 0;

    /// Segments or searches pictures; takes the place of an unfinished request of the same task.
    virtual void lookAtPictures(const DenseRequest& request) = 0;
    virtual void cancelPictures(ModelTask task) = 0;
    virtual void askAboutRegion(const RegionQuestion& question) = 0;
    /// Truth, predictions and scores of the present request as files; how it went comes as a Notice.
    virtual void exportPictures(const DenseExport& request) = 0;

    // -- state and bulk data, pulled
    virtual RunStatus status() const = 0;
    virtual RunSettings settings() const = 0;          ///< of the current run, edits included
    virtual MetricsBatch metrics(std::uint64_t generation, std::size_t fromStep, std::size_t fromEval) const = 0;
    virtual std::vector<RunEvent> events(std::uint64_t generation, std::size_t from) const = 0;
    virtual std::vector<Notice> takeNotices() = 0;     ///< each is handed out once
    virtual std::shared_ptr<const Inspection> inspection() const = 0;
    virtual std::shared_ptr<const Gallery> gallery() const = 0;
    virtual CheckpointLook checkpoint() const = 0;
    /// Frames of the request from a cursor on; another `request` than the present one gives all of the present.
    virtual GenerationLook generation(std::uint64_t request, std::size_t fromFrame) const = 0;
    virtual std::shared_ptr<const CellAnswer> cellAnswer() const = 0;  ///< null before the first
    /// Film of the run of that generation from a cursor on, as metrics().
    virtual std::vector<std::shared_ptr<const FilmFrame>> film(std::uint64_t generation, std::size_t from) const = 0;
    virtual DenseLook pictures(ModelTask task) const = 0;
    virtual std::shared_ptr<const RegionAnswer> regionAnswer() const = 0;  ///< null before the first
    virtual const MachineInfo& machine() const = 0;    ///< probed in the background; cores == 0 until then

    /// Called from engine threads when state, an event, a notice or an inspection changed. Must return at once.
    virtual void setListener(std::function<void()> listener) = 0;
    /// Asks a run to stop with a checkpoint and joins every thread. Called once, at the end.
    virtual void shutdown() = 0;
};

struct EngineOptions {
    std::filesystem::path resources;    ///< folder with demo/ and samples/
    int threads = 0;                    ///< 0: all cores
};

/// The real engine (engine/session). Tests of the studio use their own implementation of Engine.
std::unique_ptr<Engine> makeEngine(const EngineOptions& options);

/// Predicates that decide which run controls are enabled; the same for every front end.
bool canStart(RunState state);
bool canPause(RunState state);
bool canContinue(RunState state);
bool canStop(RunState state);
bool canCheckpoint(RunState state);
bool isActive(RunState state);

}  // namespace vl
