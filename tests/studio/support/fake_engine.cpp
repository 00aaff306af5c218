// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/studio/support/fake_engine.h"

#include <cmath>
#include <utility>

namespace vl {
namespace {

template <typename Row>
std::vector<Row> tail(const std::vector<Row>& rows, std::size_t from) {
    if (from >= rows.size()) return {};
    return {rows.begin() + static_cast<std::ptrdiff_t>(from), rows.end()};
}

}  // namespace

FakeEngine::FakeEngine() {
    info.cpuName = "Test CPU";
    info.isa = "AVX-512";
    info.cores = info.threads = 8;
    info.memoryTotalGb = 24;
    info.memoryFreeGb = 21.4;
    info.memoryUsedGb = 0.6;
    info.gpuReason = "No GPU found.";
}

void FakeEngine::wake() {
    if (listener_) listener_();
}

void FakeEngine::confirm(RunState state) {
    status_.state = state;
    wake();
}

void FakeEngine::confirm(const RunStatus& status) {
    status_ = status;
    wake();
}

void FakeEngine::beginRun(const std::string& name, const std::filesystem::path& folder, std::int64_t totalSteps) {
    const std::uint64_t generation = status_.generation + 1;
    status_ = {};
    status_.generation = generation;
    status_.runName = settings_.name = name;
    status_.folder = folder;
    status_.totalSteps = totalSteps;
    status_.stepsPerEpoch = 100;
    status_.state = RunState::Running;
    steps_.clear();
    evals_.clear();
    events_.clear();
    film_.clear();
    addEvent(RunEventKind::Start, "started");
}

void FakeEngine::addStep() {
    clock.advance(0.1);
    StepMetrics row;
    row.step = ++status_.step;
    row.epoch = static_cast<double>(row.step) / 100;
    row.seconds = clock.seconds();
    row.loss = 0.5 + 1.8 * std::exp(-static_cast<double>(row.step) / 60) + 0.03 * std::sin(0.9 * static_cast<double>(row.step));
    row.accuracy = 1 - row.loss / 3;
    row.lr = 2e-3;
    row.alpha = std::max(0.0, 1 - row.epoch / 2);
    row.imagesPerSecond = status_.imagesPerSecond = 640;
    row.dataMs = 2;
    row.forwardMs = 30 + static_cast<float>(row.step % 7);
    row.backwardMs = 58;
    row.optimiserMs = 8;
    row.inspectMs = row.step % 20 == 0 ? 12.f : 0.f;
    steps_.push_back(row);
    wake();
}

void FakeEngine::addSteps(int count) {
    for (int i = 0; i < count; ++i) addStep();
}

void FakeEngine::addEval(double accuracy) {
    EvalMetrics row;
    row.step = status_.step;
    row.epoch = static_cast<double>(row.step) / 100;
    row.seconds = clock.seconds();
    row.loss = 1 - accuracy;
    row.accuracy = accuracy;
    row.images = 10'000;
    addEval(row);
}

void FakeEngine::addEval(const EvalMetrics& row) {
    evals_.push_back(row);
    wake();
}

void FakeEngine::addEvent(RunEventKind kind, const std::string& text) {
    events_.push_back({kind, status_.step, clock.wallSeconds(), text, {}});
    wake();
}

void FakeEngine::addNotice(Notice::Kind kind, const std::string& message, const std::string& hint) {
    notices_.push_back({kind, message, hint, 0});
    wake();
}

void FakeEngine::show(std::shared_ptr<const Inspection> inspection) {
    inspection_ = std::move(inspection);
    wake();
}

void FakeEngine::show(std::shared_ptr<const Gallery> gallery) {
    gallery_ = std::move(gallery);
    wake();
}

void FakeEngine::show(std::shared_ptr<const CheckpointReport> report, bool busy, ReadProgress progress) {
    look_.report = std::move(report);
    look_.busy = busy;
    look_.progress = std::move(progress);
    wake();
}

void FakeEngine::failCheckpoint(const std::string& problem, const std::string& advice) {
    look_.busy = false;
    look_.problem = problem;
    look_.advice = advice;
    wake();
}

void FakeEngine::start(const RunSettings& settings, const std::filesystem::path& runsFolder) {
    commands.push_back("start " + settings.name);
    started.push_back(settings);
    if (!autoConfirm) return;
    settings_ = settings;
    beginRun(settings.name, runsFolder / settings.name, 1000);
}

void FakeEngine::resume(const std::filesystem::path& runFolder, std::optional<std::int64_t>) {
    commands.push_back("resume " + runFolder.filename().string());
    if (autoConfirm) beginRun(runFolder.filename().string(), runFolder, 1000);
}

void FakeEngine::pause() {
    commands.push_back("pause");
    if (autoConfirm) confirm(RunState::Paused);
}

void FakeEngine::continueRun() {
    commands.push_back("continue");
    if (autoConfirm) confirm(RunState::Running);
}

void FakeEngine::stop() {
    commands.push_back("stop");
    if (autoConfirm) confirm(RunState::Finished);
}

void FakeEngine::checkpointNow() {
    commands.push_back("checkpoint");
    if (!autoConfirm) return;
    status_.savedAt = clock.wallSeconds();
    status_.savedStep = status_.step;
    addEvent(RunEventKind::Checkpoint, "checkpoint");
}

void FakeEngine::edit(const std::string& key, const SettingValue& value) {
    commands.push_back("edit " + key);
    if (autoConfirm) applySetting(settings_, key, value);
}

void FakeEngine::inspect(const InspectRequest& request) {
    commands.push_back("inspect");
    inspectRequests.push_back(request);
}

void FakeEngine::cancelInspect() { commands.push_back("cancel inspect"); }

void FakeEngine::lookAtCheckpoint(const CheckpointRequest& request) {
    commands.push_back("look at " + request.file.filename().string());
    checkpointRequests.push_back(request);
    look_ = {};
    look_.request = request.id;
    look_.busy = true;
    wake();
}

void FakeEngine::cancelCheckpoint() {
    commands.push_back("cancel checkpoint");
    look_.busy = false;
    look_.cancelled = true;
    wake();
}

MetricsBatch FakeEngine::metrics(std::uint64_t generation, std::size_t fromStep, std::size_t fromEval) const {
    if (generation != status_.generation) fromStep = fromEval = 0;
    return {status_.generation, steps_.size(), evals_.size(), tail(steps_, fromStep), tail(evals_, fromEval)};
}

std::vector<RunEvent> FakeEngine::events(std::uint64_t generation, std::size_t from) const {
    return tail(events_, generation == status_.generation ? from : 0);
}

std::vector<Notice> FakeEngine::takeNotices() { return std::exchange(notices_, {}); }

void FakeEngine::showGeneration(const GenerationStatus& status) {
    generation_.status = status;
    wake();
}

void FakeEngine::showPlan(std::shared_ptr<const GenerationPlan> plan) {
    generation_.plan = std::move(plan);
    wake();
}

void FakeEngine::addFrame(std::shared_ptr<const SampleFrame> frame) {
    generation_.frames.push_back(std::move(frame));
    wake();
}

void FakeEngine::show(std::shared_ptr<const CellAnswer> answer) {
    cellAnswer_ = std::move(answer);
    wake();
}

void FakeEngine::addFilm(std::int64_t step) {
    auto frame = std::make_shared<FilmFrame>();
    frame->step = step;
    frame->epoch = static_cast<double>(step) / 100;
    const auto grey = static_cast<std::uint8_t>(std::min<std::int64_t>(255, step));
    for (int i = 0; i < 2; ++i) frame->cells.push_back({8, 8, 1, std::vector<std::uint8_t>(64, grey)});
    addFilm(std::move(frame));
}

void FakeEngine::addFilm(std::shared_ptr<const FilmFrame> frame) {
    film_.push_back(std::move(frame));
    wake();
}

void FakeEngine::generate(const SampleRequest& request) {
    commands.push_back("generate");
    sampleRequests.push_back(request);
    generation_ = {};
    generation_.request = std::make_shared<SampleRequest>(request);
    generation_.status.request = request.id;
    generation_.status.state = GenerationState::Loading;
    wake();
}

void FakeEngine::pauseGeneration() {
    commands.push_back("pause generation");
    if (!autoConfirm) return;
    generation_.status.state = GenerationState::Paused;
    wake();
}

void FakeEngine::continueGeneration() {
    commands.push_back("continue generation");
    if (!autoConfirm) return;
    generation_.status.state = GenerationState::Running;
    wake();
}

void FakeEngine::stepGeneration() { commands.push_back("step generation"); }

void FakeEngine::stopGeneration() {
    commands.push_back("stop generation");
    if (!autoConfirm) return;
    generation_.status.state = GenerationState::Stopped;
    wake();
}

void FakeEngine::examineCell(const CellQuestion& question) {
    commands.push_back("examine cell " + std::to_string(question.cell));
    cellQuestions.push_back(question);
}

void FakeEngine::exportResult(const ExportRequest& request) {
    commands.push_back("export " + request.file.filename().string());
    exportRequests.push_back(request);
}

GenerationLook FakeEngine::generation(std::uint64_t request, std::size_t fromFrame) const {
    GenerationLook look = generation_;
    look.frames = tail(generation_.frames, request == generation_.status.request ? fromFrame : 0);
    look.nextFrame = generation_.frames.size();
    return look;
}

std::vector<std::shared_ptr<const FilmFrame>> FakeEngine::film(std::uint64_t generation, std::size_t from) const {
    return tail(film_, generation == status_.generation ? from : 0);
}

void FakeEngine::show(ModelTask task, DenseLook look) {
    dense(task) = std::move(look);
    wake();
}

void FakeEngine::show(std::shared_ptr<const RegionAnswer> answer) {
    regionAnswer_ = std::move(answer);
    wake();
}

void FakeEngine::lookAtPictures(const DenseRequest& request) {
    commands.push_back(request.task == ModelTask::Detect ? "detect" : "segment");
    denseRequests.push_back(request);
    DenseLook& look = dense(request.task);
    const std::uint64_t version = look.version + 1;
    look = {};
    look.request = request.id;
    look.busy = true;
    look.version = version;
    wake();
}

void FakeEngine::cancelPictures(ModelTask task) {
    commands.push_back("cancel pictures");
    if (!autoConfirm) return;
    DenseLook& look = dense(task);
    look.busy = false;
    look.cancelled = true;
    ++look.version;
    wake();
}

void FakeEngine::askAboutRegion(const RegionQuestion& question) {
    commands.push_back("ask about region");
    regionQuestions.push_back(question);
}

void FakeEngine::exportPictures(const DenseExport& request) {
    commands.push_back("export " + request.to.filename().string());
    denseExports.push_back(request);
}

void FakeEngine::shutdown() {
    ++shutdowns;
    commands.push_back("shutdown");
}

}  // namespace vl
