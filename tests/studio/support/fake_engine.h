// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/api/engine.h"
#include "engine/core/clock.h"

namespace vl {

/// An engine without threads and without torch: remembers the commands it was given and shows the state the test
/// scripts. With `autoConfirm` every command takes effect at once, as the real engine's confirmation would.
class FakeEngine final : public Engine {
public:
    FakeEngine();

    // -- what the test scripts
    bool autoConfirm = false;
    ManualClock clock;
    std::vector<std::string> commands;       ///< "start fmnist", "pause", "edit train.lr" ...
    std::vector<InspectRequest> inspectRequests;
    std::vector<CheckpointRequest> checkpointRequests;
    std::vector<RunSettings> started;
    int shutdowns = 0;
    MachineInfo info;

    /// Replaces the state and wakes the link, as the engine's own confirmation does.
    void confirm(RunState state);
    void confirm(const RunStatus& status);
    /// A new run in `folder`: grows the generation and drops the rows.
    void beginRun(const std::string& name, const std::filesystem::path& folder, std::int64_t totalSteps);
    /// One optimiser step: the clock moves 0.1 s, the loss falls.
    void addStep();
    void addSteps(int count);
    void addEval(double accuracy);
    void addEval(const EvalMetrics& row);
    void addEvent(RunEventKind kind, const std::string& text);
    void addNotice(Notice::Kind kind, const std::string& message, const std::string& hint);
    void show(std::shared_ptr<const Inspection> inspection);
    void show(std::shared_ptr<const Gallery> gallery);
    /// The answer to the last checkpoint request, so far.
    void show(std::shared_ptr<const CheckpointReport> report, bool busy = false, ReadProgress progress = {});
    void failCheckpoint(const std::string& problem, const std::string& advice);

    std::vector<SampleRequest> sampleRequests;
    std::vector<CellQuestion> cellQuestions;
    std::vector<ExportRequest> exportRequests;
    /// The state of the last sample request, as the engine would confirm it.
    void showGeneration(const GenerationStatus& status);
    void showPlan(std::shared_ptr<const GenerationPlan> plan);
    void addFrame(std::shared_ptr<const SampleFrame> frame);
    void show(std::shared_ptr<const CellAnswer> answer);
    /// A frame of the run's film at `step`: two small cells, lighter as the steps go.
    void addFilm(std::int64_t step);
    void addFilm(std::shared_ptr<const FilmFrame> frame);

    std::vector<DenseRequest> denseRequests;
    std::vector<RegionQuestion> regionQuestions;
    std::vector<DenseExport> denseExports;
    /// What pictures(task) answers from now on.
    void show(ModelTask task, DenseLook look);
    void show(std::shared_ptr<const RegionAnswer> answer);

    // -- Engine
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
    /// Empties the task's look, which is busy with the request from then on.
    void lookAtPictures(const DenseRequest& request) override;
    void cancelPictures(ModelTask task) override;
    void askAboutRegion(const RegionQuestion& question) override;
    void exportPictures(const DenseExport& request) override;
    DenseLook pictures(ModelTask task) const override { return task == ModelTask::Detect ? detected_ : segmented_; }
    std::shared_ptr<const RegionAnswer> regionAnswer() const override { return regionAnswer_; }
    CheckpointLook checkpoint() const override { return look_; }
    GenerationLook generation(std::uint64_t request, std::size_t fromFrame) const override;
    std::shared_ptr<const CellAnswer> cellAnswer() const override { return cellAnswer_; }
    std::vector<std::shared_ptr<const FilmFrame>> film(std::uint64_t generation, std::size_t from) const override;
    RunStatus status() const override { return status_; }
    RunSettings settings() const override { return settings_; }
    MetricsBatch metrics(std::uint64_t generation, std::size_t fromStep, std::size_t fromEval) const override;
    std::vector<RunEvent> events(std::uint64_t generation, std::size_t from) const override;
    std::vector<Notice> takeNotices() override;
    std::shared_ptr<const Inspection> inspection() const override { return inspection_; }
    std::shared_ptr<const Gallery> gallery() const override { return gallery_; }
    const MachineInfo& machine() const override { return info; }
    void setListener(std::function<void()> listener) override { listener_ = std::move(listener); }
    void shutdown() override;

private:
    void wake();
    DenseLook& dense(ModelTask task) { return task == ModelTask::Detect ? detected_ : segmented_; }

    RunStatus status_;
    RunSettings settings_;
    std::vector<StepMetrics> steps_;
    std::vector<EvalMetrics> evals_;
    std::vector<RunEvent> events_;
    std::vector<Notice> notices_;
    std::shared_ptr<const Inspection> inspection_;
    std::shared_ptr<const Gallery> gallery_;
    CheckpointLook look_;
    GenerationLook generation_;              ///< with every frame
    std::shared_ptr<const CellAnswer> cellAnswer_;
    std::vector<std::shared_ptr<const FilmFrame>> film_;
    DenseLook segmented_, detected_;
    std::shared_ptr<const RegionAnswer> regionAnswer_;
    std::function<void()> listener_;
};

}  // namespace vl
