// SPDX-License-Identifier: Apache-2.0
// How a Trainer comes to be: new or resumed, and how its settings change while it runs.
#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdio>

#include "engine/api/run_folder.h"
#include "engine/core/error.h"
#include "engine/data/dense_training.h"
#include "engine/nn/layer_depth.h"
#include "engine/nn/weights_file.h"
#include "engine/train/model_setup.h"
#include "engine/train/trainer.h"

namespace vl {
namespace {

std::int64_t plannedSteps(const TrainSettings& train, std::int64_t stepsPerEpoch) {
    if (train.maxSteps > 0) return train.maxSteps;
    return static_cast<std::int64_t>(std::llround(train.epochs * static_cast<double>(stepsPerEpoch)));
}

bool isDense(ModelTask task) { return task == ModelTask::Segment || task == ModelTask::Detect; }

Datasets dataFor(const RunSettings& settings, const ModelSpec& spec) {
    return isDense(spec.task()) ? openDenseDatasets(settings, spec.task(), spec.imageSize)
                                : openDatasets(settings.data, spec.imageSize, spec.inChannels, settings.train.seed);
}

/// Each layer's share of the learning rate (models.md 6.6).
AdamW::RateShare rateShares(const RunSettings& settings, const Model& model) {
    const double decay = settings.train.layerDecay;
    if (decay >= 1) return {};
    return [decay, layers = model.spec().depth](const Parameter& parameter) {
        return std::pow(decay, layers + 1 - layerDepth(parameter.name, layers));
    };
}

/// Rows up to the checkpoint; what came after it is about to be done again.
template <class Row>
void keepUpTo(std::vector<Row>& rows, std::int64_t step) {
    std::erase_if(rows, [step](const Row& row) { return row.step > step; });
}

}  // namespace

std::unique_ptr<Trainer> Trainer::start(const RunSettings& settings, const std::filesystem::path& folder,
                                        std::optional<Datasets> data) {
    if (isRunFolder(folder))
        throw Error(ErrorCode::Usage, folder.string() + " already holds a run.",
                    "Resume it, or choose another folder.");
    std::unique_ptr<Trainer> trainer(new Trainer(settings, folder, std::move(data)));
    trainer->openLoader();
    trainer->writer_ = std::make_unique<RunFolderWriter>(RunFolderWriter::create(folder, trainer->settings_));
    trainer->begin_ = trainer->clock_.seconds();
    return trainer;
}

std::unique_ptr<Trainer> Trainer::resume(const std::filesystem::path& folder, std::optional<std::int64_t> newTotalSteps,
                                         std::optional<Datasets> data) {
    if (!isRunFolder(folder))
        throw Error(ErrorCode::NotFound, folder.string() + " is not a run folder: it holds no run.toml.",
                    "Name the folder a run was written to.");
    RunRecord record = readRunFolder(folder);
    std::unique_ptr<Trainer> trainer(new Trainer(record.settings, folder, std::move(data)));
    trainer->history_ = {std::move(record.steps), std::move(record.evals), std::move(record.events)};
    trainer->restore(newTotalSteps);
    trainer->openLoader();
    trainer->begin_ = trainer->clock_.seconds();
    return trainer;
}

void Trainer::openData(std::optional<Datasets> data) {
    const ModelSpec spec = resolveSpec(settings_, 1);
    data_ = data ? std::move(*data) : dataFor(settings_, spec);
    const auto classes = static_cast<int>(data_.train->classNames().size());
    if (settings_.model.numClasses == 0) settings_.model.numClasses = classes;
    if (settings_.model.numClasses < classes)
        throw Error(ErrorCode::Mismatch,
                    "The data has " + std::to_string(classes) + " classes, the model only " +
                        std::to_string(settings_.model.numClasses) + " outputs.",
                    "Set model.num_classes to 0 or to the number of classes.");
    settings_.model.imageSize = spec.imageSize;
    stepsPerEpoch_ = std::max<std::int64_t>(1, data_.train->size() / std::max(1, settings_.data.batch));
    totalSteps_ = plannedSteps(settings_.train, stepsPerEpoch_);
}

void Trainer::buildModel() {
    model_ = setUpModel(settings_, resolveSpec(settings_, settings_.model.numClasses));
    parts_ = std::make_unique<BatchParts>(*model_, settings_);
    const AdamW::Options options{settings_.train.beta1, settings_.train.beta2, 1e-8};
    optimiser_ = std::make_unique<AdamW>(model_->parameters(), options, rateShares(settings_, *model_));
    if (settings_.train.emaDecay > 0) average_ = std::make_unique<WeightAverage>(*model_, settings_.train.emaDecay);
}

void Trainer::openLoader() {
    LoaderOptions options;
    options.batch = settings_.data.batch;
    options.workers = settings_.data.workers;
    options.prefetch = settings_.data.prefetch;
    options.seed = settings_.train.seed;
    options.firstStep = step_;
    options.transform = {settings_.data.pad, settings_.data.flip, settings_.data.mean, settings_.data.std};
    loader_ = std::make_unique<Loader>(data_.train, options);
    stepsPerEpoch_ = loader_->stepsPerEpoch();
}

void Trainer::restore(std::optional<std::int64_t> newTotalSteps) {
    const CheckpointStore::Loaded loaded = checkpoints_->loadLast();
    loadStateDict(published(), loaded.weights);
    if (average_) loadStateDict(*model_, loaded.own);
    optimiser_->load(loaded.optimiser, loaded.optimiserSteps);
    published().setSoftMask(loaded.info.alpha);
    step_ = savedStep_ = loaded.info.step;
    accuracy_ = loaded.info.accuracy;
    keepUpTo(history_.steps, step_);
    keepUpTo(history_.evals, step_);
    keepUpTo(history_.events, step_);
    for (const EvalMetrics& row : history_.evals)
        if (!bestScore_ || task_->score(row) > *bestScore_) bestScore_ = task_->score(row);
    if (!history_.evals.empty()) evaluatedStep_ = history_.evals.back().step;
    task_->resumeAt(step_);
    if (newTotalSteps) {
        if (*newTotalSteps < step_)
            throw Error(ErrorCode::Usage,
                        "The run is already at step " + std::to_string(step_) + ", beyond " +
                            std::to_string(*newTotalSteps) + ".",
                        "Give a larger number of steps.");
        settings_.train.maxSteps = totalSteps_ = *newTotalSteps;
    }
    writer_ = std::make_unique<RunFolderWriter>(RunFolderWriter::resume(folder_, settings_, step_));
    checkpoints_->tidyUp();  // the writer's lock says that nobody is at work here
}

std::string Trainer::edit(const std::string& key, const SettingValue& value) {
    const SettingField& field = findSetting(key);
    if (field.applies == Applies::NextRun)
        throw Error(ErrorCode::Usage, "'" + key + "' cannot change during a run.", "It takes effect in the next run.");
    RunSettings trial = settings_;
    applySetting(trial, key, value);
    validate(trial);
    const std::string label(field.label);
    if (field.applies == Applies::NextEpoch && step_ % stepsPerEpoch_ != 0) {
        nextEpochEdits_.emplace_back(key, value);
        return label + " to " + settingText(trial, key) + " from the next epoch on";
    }
    const std::string before = settingText(settings_, key);
    applyEdit(key, value);
    return label + " " + before + " to " + settingText(settings_, key);
}

void Trainer::applyEdit(const std::string& key, const SettingValue& value) {
    applySetting(settings_, key, value);
    optimiser_->setOptions({settings_.train.beta1, settings_.train.beta2, 1e-8});
    checkpoints_ = std::make_unique<CheckpointStore>(folder_, settings_.checkpoint.keep);
    writer_->writeSettings(settings_);
}

void Trainer::applyPendingEdits() {
    if (nextEpochEdits_.empty() || step_ % stepsPerEpoch_ != 0) return;
    for (const auto& [key, value] : nextEpochEdits_)
        applyEdit(key, value);
    nextEpochEdits_.clear();
}

std::filesystem::path nextRunFolder(const std::filesystem::path& runsFolder, const std::string& name) {
    std::string stem;
    for (const char c : name)
        stem += std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' ? c : '-';
    if (stem.empty()) stem = "run";
    for (int number = 1;; ++number) {
        char suffix[16];
        std::snprintf(suffix, sizeof suffix, "-%03d", number);
        if (!std::filesystem::exists(runsFolder / (stem + suffix))) return runsFolder / (stem + suffix);
    }
}

}  // namespace vl
