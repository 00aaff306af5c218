// SPDX-License-Identifier: Apache-2.0
#include "engine/train/trainer.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include <c10/core/GradMode.h>

#include "engine/api/schedule.h"
#include "engine/core/error.h"
#include "engine/core/text.h"
#include "engine/train/model_setup.h"
#include "engine/train/runtime.h"

namespace vl {

Trainer::Trainer(RunSettings settings, std::filesystem::path folder, std::optional<Datasets> data)
    : settings_(std::move(settings)), folder_(std::move(folder)) {
    validate(settings_);
    if (settings_.train.threads > 0) setComputeThreads(settings_.train.threads);
    openData(std::move(data));
    buildModel();
    checkpoints_ = std::make_unique<CheckpointStore>(folder_, settings_.checkpoint.keep);
    task_ = makeTrainTask(settings_, data_, model_->spec(), folder_);
}

Trainer::~Trainer() = default;

RunFacts Trainer::facts() const { return {folder_.filename().string(), folder_, step_, totalSteps_, stepsPerEpoch_}; }

StepMetrics Trainer::step() {
    applyPendingEdits();
    const c10::AutoGradMode gradients(true);
    StepMetrics row;
    const double start = clock_.seconds();
    const Batch batch = loader_->next();

    const double loaded = clock_.seconds();
    row.alpha = model_->hasSoftMask() ? softMaskAlpha(settings_.softMask, step_, stepsPerEpoch_) : 1;
    row.lr = learningRate(settings_.train, step_, stepsPerEpoch_, totalSteps_);
    model_->setSoftMask(row.alpha);
    double forwarded = loaded;
    const BatchParts::Loss loss = parts_->backward(*task_, batch, step_, [&] { forwarded = clock_.seconds(); });
    row.loss = loss.value;
    requireFinite(row.loss, "loss");
    const double backwarded = clock_.seconds();
    row.gradNorm = globalGradientNorm(model_->parameters());
    requireFinite(row.gradNorm, "gradient");
    optimiser_->step(row.lr, settings_.train.weightDecay, clipFactor(row.gradNorm, settings_.train.clipNorm));
    clearGradients(model_->parameters());
    if (average_) average_->update();
    const double stepped = clock_.seconds();

    row.accuracy = loss.accuracy;
    row.step = ++step_;
    row.epoch = epoch();
    row.seconds = stepped - begin_;
    row.imagesPerSecond = static_cast<double>(batch.B) / std::max(1e-9, stepped - start);
    const auto milliseconds = [](double from, double to) { return static_cast<float>(1000 * (to - from)); };
    row.dataMs = milliseconds(start, loaded);
    row.forwardMs = milliseconds(loaded, forwarded);
    row.backwardMs = milliseconds(forwarded, backwarded);
    row.optimiserMs = milliseconds(backwarded, stepped);
    row.inspectMs = std::exchange(inspectMs_, 0.f);
    writer_->append(row);
    return row;
}

void Trainer::requireFinite(double value, const char* what) {
    if (std::isfinite(value)) return;
    clearGradients(model_->parameters());
    const std::string number = std::isnan(value) ? "not a number" : "infinite";
    const std::string from =
        savedStep_ >= 0 ? "resume from the checkpoint at step " + std::to_string(savedStep_) : "start again";
    throw Error(ErrorCode::NonFinite,
                "The " + std::string(what) + " became " + number + " at step " + std::to_string(step_ + 1) + ".",
                "Lower train.lr, lengthen train.warmup_epochs or set train.clip_norm, then " + from + ".");
}

bool Trainer::evaluationDue() const {
    if (step_ == 0 || evaluatedStep_ == step_) return false;
    return done() || (settings_.eval.everySteps > 0 && step_ % settings_.eval.everySteps == 0);
}

std::optional<EvalMetrics> Trainer::evaluate(const std::function<bool()>& keepGoing) {
    std::optional<EvalMetrics> row = task_->evaluate(published(), point(), keepGoing);
    if (!row) return std::nullopt;
    row->seconds = clock_.seconds() - begin_;
    evaluatedStep_ = step_;
    accuracy_ = row->accuracy;
    writer_->append(*row);
    if (const double score = task_->score(*row); !bestScore_ || score > *bestScore_) {
        bestScore_ = score;
        checkpoints_->saveBest(published(), checkpointInfo());
    }
    return row;
}

bool Trainer::checkpointDue() const {
    return step_ > 0 && savedStep_ != step_ && settings_.checkpoint.every > 0 &&
           step_ % settings_.checkpoint.every == 0;
}

std::filesystem::path Trainer::saveCheckpoint() {
    const TensorMap own = average_ ? stateDict(*model_) : TensorMap{};  // the file itself holds the average
    auto file = checkpoints_->saveLast(published(), *optimiser_, checkpointInfo(), own);
    savedStep_ = step_;
    return file;
}

CheckpointInfo Trainer::checkpointInfo() {
    CheckpointInfo info;
    info.spec = model_->spec();
    info.classNames = data_.train->classNames();
    info.step = step_;
    info.epoch = epoch();
    info.accuracy = accuracy_;
    info.alpha = published().softMask();
    info.mean = settings_.data.mean;
    info.std = settings_.data.std;
    info.dataset = settings_.data.dataset;
    return info;
}

std::shared_ptr<const Inspection> Trainer::inspect(const InspectRequest& request) {
    const double start = clock_.seconds();
    auto result = inspectImage(published(), request.image,
                               {settings_.data.mean, settings_.data.std, data_.train->classNames()}, request.alpha);
    result->request = request.id;
    result->source = "run " + folder_.filename().string() + " at step " + thousands(step_);
    result->step = step_;
    result->live = true;
    inspectMs_ += static_cast<float>(1000 * (clock_.seconds() - start));
    return result;
}

std::shared_ptr<const Gallery> Trainer::refreshGallery() {
    const double start = clock_.seconds();
    auto gallery = task_->refreshGallery(published(), point());
    inspectMs_ += static_cast<float>(1000 * (clock_.seconds() - start));
    return gallery;
}

std::vector<std::string> Trainer::takeProblems() {
    auto problems = data_.train->takeProblems();
    for (std::string& problem : data_.evaluation->takeProblems())
        problems.push_back(std::move(problem));
    return problems;
}

void Trainer::record(const RunEvent& event) { writer_->append(event); }

}  // namespace vl
