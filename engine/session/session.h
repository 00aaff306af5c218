// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <variant>

#include "engine/api/engine.h"
#include "engine/core/clock.h"
#include "engine/session/background_jobs.h"
#include "engine/session/checkpoint_worker.h"
#include "engine/session/generation_worker.h"
#include "engine/session/inspect_worker.h"
#include "engine/session/pictures_worker.h"
#include "engine/session/run_state_machine.h"
#include "engine/session/session_store.h"
#include "engine/session/share_budget.h"
#include "engine/train/run_driver.h"

namespace vl {

/// How a session stores samples and reads them again; the functions of engine/api/sample_result.h in the program.
struct ResultFiles {
    std::function<std::filesystem::path(const std::filesystem::path& resultsFolder, const SampleRecord&,
                                        const GenerationParts::Frames&, const SampleFrame& last)>
        write;
    std::function<GenerationWorker::Present(const std::filesystem::path& folder)> read;
    std::function<std::filesystem::path(const SampleRecord&, const GenerationParts::Frames&, const ExportRequest&,
                                        const std::function<bool(double)>& progress)>
        exportAs;
};

/// What a session is made of; tests put scripted parts in.
struct SessionParts {
    RunFactory runs;
    InspectWorker::Look look;                                      ///< pictures that are not about the running training
    CheckpointWorker::Read checkpoint;                             ///< what a checkpoint file is
    OpenGeneration generate;                                       ///< opens a model to make samples with
    ResultFiles results;
    std::function<std::shared_ptr<const DensePredictor>(const DenseRequest&)> dense;  ///< opens segmenters and detectors
    PictureReaders readers;                                        ///< empty: pictureReaders()
    std::string version;                                           ///< of the program, for records
    int threads = 0;                                               ///< as EngineOptions
    std::function<MachineInfo()> probe;                            ///< runs once, in the background; may be empty
    std::shared_ptr<const Clock> clock;                            ///< null: the system's
    std::function<void(RunState from, RunState to)> onTransition;  ///< called under the state lock; for tests
};

/// The engine behind every front end. One thread works on the run, one looks at pictures, one at checkpoint files, one
/// makes samples, one segments and searches pictures, one writes exports, one probes the machine once.
///
/// Commands are judged at once against the state machine, so that a refusal or "pausing" shows whatever a step costs;
/// accepted work is queued and done by the run thread at the next step boundary. One picture is looked at at a time:
/// a request that is not live ends the live one.
class Session final : public Engine {
public:
    explicit Session(SessionParts parts);
    ~Session() override;

    void start(const RunSettings& settings, const std::filesystem::path& runsFolder) override;
    void resume(const std::filesystem::path& runFolder, std::optional<std::int64_t> newTotalSteps) override;
    void pause() override;
    void continueRun() override;
    void stop() override;
    void checkpointNow() override;
    void edit(const std::string& key, const SettingValue& value) override;
    void inspect(const InspectRequest& request) override;
    void cancelInspect() override;
    void lookAtCheckpoint(const CheckpointRequest& request) override;
    void cancelCheckpoint() override;

    void generate(const SampleRequest& request) override;
    void pauseGeneration() override;
    void continueGeneration() override;
    void stepGeneration() override;
    void stopGeneration() override;
    void examineCell(const CellQuestion& question) override;
    void exportResult(const ExportRequest& request) override;

    void lookAtPictures(const DenseRequest& request) override;
    void cancelPictures(ModelTask task) override;
    void askAboutRegion(const RegionQuestion& question) override;
    void exportPictures(const DenseExport& request) override;

    RunStatus status() const override;
    RunSettings settings() const override;
    MetricsBatch metrics(std::uint64_t generation, std::size_t fromStep, std::size_t fromEval) const override;
    std::vector<RunEvent> events(std::uint64_t generation, std::size_t from) const override;
    std::vector<Notice> takeNotices() override;
    std::shared_ptr<const Inspection> inspection() const override;
    std::shared_ptr<const Gallery> gallery() const override;
    CheckpointLook checkpoint() const override;
    GenerationLook generation(std::uint64_t request, std::size_t fromFrame) const override;
    std::shared_ptr<const CellAnswer> cellAnswer() const override;
    std::vector<std::shared_ptr<const FilmFrame>> film(std::uint64_t generation, std::size_t from) const override;
    DenseLook pictures(ModelTask task) const override;
    std::shared_ptr<const RegionAnswer> regionAnswer() const override;
    const MachineInfo& machine() const override;

    void setListener(std::function<void()> listener) override;
    void shutdown() override;

private:
    struct StartWork {
        RunSettings settings;
        std::filesystem::path runsFolder;
    };
    struct ResumeWork {
        std::filesystem::path runFolder;
        std::optional<std::int64_t> newTotalSteps;
    };
    struct CheckpointWork {};
    struct EditWork {
        std::string key;
        SettingValue value;
    };
    struct EventWork {
        RunEventKind kind;
    };  ///< a pause or continuation to be recorded by the run thread
    using Work = std::variant<StartWork, ResumeWork, CheckpointWork, EditWork, EventWork>;

    // -- any thread
    bool command(RunCommand command, std::optional<Work> work = {});
    void notify();
    void notice(Notice::Kind kind, std::string message, std::string hint, std::uint64_t request = 0);

    void makeGenerationWorker();
    void makePicturesWorker();
    /// Leaves the cores to a run while there is one. For the threads that work beside it.
    void limitSideWork() const;

    // -- run thread
    void runLoop();
    void waitForWork();
    void doQueuedWork();
    void perform(Work work);
    void openRun(const Work& work);
    void advance();
    void stepOnce();
    void evaluate();
    void saveCheckpoint();
    void recordProblems();
    void takeFilm();
    void closeRun();
    void lookWhilePaused();
    void lookWhileTraining(double stepSeconds);
    void lookLive();
    void refreshGallery();
    void fail(std::exception_ptr exception);
    void event(RunEventKind kind, std::string text, std::string detail = {});
    void report(RunReport report);
    void updateFacts();
    RunState state() const;
    bool keepEvaluating() const;

    SessionParts parts_;
    std::shared_ptr<const Clock> clock_;
    SessionStore store_;

    mutable std::mutex mutex_;  ///< guards everything down to the blank line
    std::condition_variable wake_;
    RunStateMachine machine_;
    std::deque<Work> queue_;
    RunStatus status_;  ///< its state field is machine_'s
    RunSettings settings_;
    std::optional<InspectRequest> live_;  ///< the live subscription
    bool liveAsked_ = false;              ///< not yet answered
    bool quitting_ = false;

    std::unique_ptr<RunDriver> driver_;  ///< run thread only, like the rest down to the blank line
    ShareBudget budget_;
    double runSeconds_ = 0;
    std::int64_t runSteps_ = 0;
    double lastGallery_ = 0, lastLive_ = 0;
    bool galleryTurn_ = false;

    mutable std::mutex listenerMutex_;
    std::function<void()> listener_;

    std::atomic<const MachineInfo*> machineInfo_;
    MachineInfo unknownMachine_, probedMachine_;

    std::unique_ptr<InspectWorker> worker_;
    std::unique_ptr<CheckpointWorker> checkpointWorker_;
    std::unique_ptr<GenerationWorker> generationWorker_;
    std::unique_ptr<PicturesWorker> picturesWorker_;
    BackgroundJobs exports_;
    std::thread runThread_, probeThread_;
    std::once_flag shutdownOnce_;
};

}  // namespace vl
