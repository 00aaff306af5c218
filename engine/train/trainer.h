// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/clock.h"
#include "engine/data/dataset.h"
#include "engine/data/loader.h"
#include "engine/io/run_folder_writer.h"
#include "engine/nn/model.h"
#include "engine/train/batch_parts.h"
#include "engine/train/checkpoint_store.h"
#include "engine/train/inspect_model.h"
#include "engine/train/optimiser.h"
#include "engine/train/run_driver.h"
#include "engine/train/train_task.h"
#include "engine/train/weight_average.h"

namespace vl {

/// One training run: model, optimiser, data and run folder, moved on one step a call by whoever owns the thread.
///
/// Weights after N steps depend on settings and N alone (for one number of threads): order, augmentation and
/// stochastic depth draw from (seed, step), so a run continued from a checkpoint ends with the same bytes.
class Trainer final : public RunDriver {
public:
    /// A new run in `folder`, which must not hold one. Without `data` the settings say what to open.
    static std::unique_ptr<Trainer> start(const RunSettings& settings, const std::filesystem::path& folder,
                                          std::optional<Datasets> data = {});
    /// Continues the run in `folder` from its last checkpoint; rows written after it are dropped, they will come again.
    static std::unique_ptr<Trainer> resume(const std::filesystem::path& folder,
                                           std::optional<std::int64_t> newTotalSteps = {},
                                           std::optional<Datasets> data = {});
    ~Trainer() override;

    RunFacts facts() const override;
    RunSettings settings() const override { return settings_; }
    History history() const override { return history_; }
    bool done() const override { return step_ >= totalSteps_; }
    /// Throws Error(NonFinite) when loss or gradient is not a number; weights and optimiser are then as before the
    /// step.
    StepMetrics step() override;
    bool evaluationDue() const override;
    std::optional<EvalMetrics> evaluate(const std::function<bool()>& keepGoing) override;
    bool checkpointDue() const override;
    std::filesystem::path saveCheckpoint() override;
    std::string edit(const std::string& key, const SettingValue& value) override;
    std::shared_ptr<const Inspection> inspect(const InspectRequest& request) override;
    std::shared_ptr<const Gallery> gallery() const override { return task_->gallery(); }
    std::shared_ptr<const Gallery> refreshGallery() override;
    std::vector<std::shared_ptr<const FilmFrame>> takeFilm() override { return task_->takeFilm(); }
    std::vector<std::string> takeProblems() override;
    void record(const RunEvent& event) override;

    Model& model() { return *model_; }
    /// What is evaluated, shown and saved: the average of the weights where one is kept, else the model.
    Model& published() { return average_ ? average_->model() : *model_; }
    const AdamW& optimiser() const { return *optimiser_; }

private:
    Trainer(RunSettings settings, std::filesystem::path folder, std::optional<Datasets> data);
    void openData(std::optional<Datasets> data);
    void buildModel();
    void openLoader();
    void restore(std::optional<std::int64_t> newTotalSteps);
    void applyPendingEdits();
    void applyEdit(const std::string& key, const SettingValue& value);
    void requireFinite(double value, const char* what);
    CheckpointInfo checkpointInfo();
    RunPoint point() const { return {step_, epoch()}; }
    double epoch() const { return static_cast<double>(step_) / static_cast<double>(stepsPerEpoch_); }

    RunSettings settings_;
    std::filesystem::path folder_;
    SystemClock clock_;
    double begin_ = 0;
    Datasets data_;
    std::unique_ptr<Model> model_;
    std::unique_ptr<WeightAverage> average_;  ///< null: none is kept
    std::unique_ptr<AdamW> optimiser_;
    std::unique_ptr<BatchParts> parts_;
    std::unique_ptr<TrainTask> task_;
    std::unique_ptr<Loader> loader_;
    std::unique_ptr<CheckpointStore> checkpoints_;
    std::unique_ptr<RunFolderWriter> writer_;
    History history_;
    std::vector<std::pair<std::string, SettingValue>> nextEpochEdits_;
    std::int64_t step_ = 0, totalSteps_ = 0, stepsPerEpoch_ = 1;
    std::int64_t evaluatedStep_ = -1, savedStep_ = -1;
    double accuracy_ = -1;
    std::optional<double> bestScore_;
    float inspectMs_ = 0;  ///< since the last step's row
};

/// A folder name under `runsFolder` no run has yet: name-001, name-002 ...
std::filesystem::path nextRunFolder(const std::filesystem::path& runsFolder, const std::string& name);

}  // namespace vl
