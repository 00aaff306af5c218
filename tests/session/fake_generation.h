// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "engine/core/error.h"
#include "engine/session/generation_worker.h"

namespace vl::test {

/// Several threads read it: seconds are counted in whole milliseconds.
struct Ticks final : Clock {
    std::atomic<long> milliseconds{0};
    double seconds() const override { return 0.001 * static_cast<double>(milliseconds.load()); }
    double wallSeconds() const override { return 1.7e9 + seconds(); }
};

/// What all jobs of one test share: how long they are, what goes wrong, what was seen.
struct JobScript {
    int steps = 6, cells = 2, side = 4;
    int plannedSteps = 0;              ///< what the plan says, 0: `steps`
    long stepMs = 10, frameMs = 0;
    int failAtStep = -1;
    bool failToOpen = false, failToDecode = false, failToSave = false, failToAnswer = false;
    bool largerResult = false;         ///< the result is decoded to twice the size
    std::atomic<bool> holdOpening{false}, holdDecoding{false}, holdSaving{false};
    std::atomic<int> holdAtStep{-1};   ///< this step lasts until it is given up or the number changes
    std::function<void(int)> onStep;   ///< on the worker's thread, before the step is made

    std::atomic<int> alive{0}, opened{0}, advanced{0}, answered{0}, saved{0};
    std::atomic<bool> opening{false}, inStep{false}, decoding{false}, saving{false};
    std::shared_ptr<Ticks> clock = std::make_shared<Ticks>();
    std::mutex mutex;
    std::vector<std::size_t> savedFrames;  ///< frames of each result, guarded by mutex
};

/// A grid without a model: cell c at step s is a picture of the value 10 s + c.
class FakeJob final : public GenerationJob {
public:
    FakeJob(std::shared_ptr<JobScript> script, const std::string& model) : script_(std::move(script)) {
        ++script_->alive;
        ++script_->opened;
        plan_.modelName = model;
        plan_.totalSteps = script_->plannedSteps ? script_->plannedSteps : script_->steps;
        plan_.grid.columns = script_->cells;
        plan_.grid.cells.resize(static_cast<std::size_t>(script_->cells));
    }
    ~FakeJob() override { --script_->alive; }
    FakeJob(const FakeJob&) = delete;
    FakeJob& operator=(const FakeJob&) = delete;

    const GenerationPlan& plan() const override { return plan_; }
    int step() const override { return step_; }
    bool done() const override { return step_ >= script_->steps; }
    bool advance(const std::function<bool()>& keepGoing) override {
        if (step_ + 1 == script_->failAtStep)
            throw Error(ErrorCode::NonFinite, "The samples became not a number at step 3.", "Lower the guidance.");
        if (script_->onStep) script_->onStep(step_ + 1);
        script_->inStep = true;
        while (script_->holdAtStep == step_ + 1 && keepGoing()) std::this_thread::yield();
        script_->inStep = false;
        if (!keepGoing()) return false;
        script_->clock->milliseconds += script_->stepMs;
        ++script_->advanced;
        ++step_;
        return true;
    }
    SampleFrame frame() override {
        script_->clock->milliseconds += script_->frameMs;
        steps_.push_back(step_);
        return pictures(script_->side);
    }
    SampleFrame result(const std::function<bool(double)>& progress) override {
        script_->decoding = true;
        while (script_->holdDecoding && progress(0.5)) std::this_thread::yield();
        script_->decoding = false;
        if (!progress(0.9)) throw Error(ErrorCode::Cancelled, "Cancelled.");
        plan_.modelHash = "0123456789ab";  // known late, as of a large file
        if (script_->failToDecode) throw Error(ErrorCode::OutOfMemory, "Memory ran out.", "Make a smaller grid.");
        return pictures(script_->side * (script_->largerResult ? 2 : 1));
    }
    CellAnswer answer(const CellQuestion& question) override {
        if (script_->failToAnswer) throw Error(ErrorCode::Usage, "There is no layer 99.", "Choose another layer.");
        ++script_->answered;
        CellAnswer answer;
        answer.step = steps_.at(question.frame);
        answer.heads = question.head;
        return answer;
    }

private:
    SampleFrame pictures(int side) const {
        SampleFrame frame;
        frame.step = step_;
        for (int cell = 0; cell < script_->cells; ++cell) {
            const auto value = static_cast<std::uint8_t>(10 * step_ + cell);
            const Image image{side, side, 1, std::vector<std::uint8_t>(static_cast<std::size_t>(side) * side, value)};
            frame.noisy.push_back(image);
            frame.clean.push_back(image);
            frame.cellSteps.push_back(step_);
        }
        return frame;
    }

    std::shared_ptr<JobScript> script_;
    GenerationPlan plan_;
    std::vector<int> steps_;  ///< of each frame
    int step_ = 0;
};

inline OpenGeneration scriptedJobs(std::shared_ptr<JobScript> script) {
    return [script](const SampleRequest& request, const std::function<bool(double)>& opening) {
        script->opening = true;
        while (script->holdOpening && opening(0.25)) std::this_thread::yield();
        script->opening = false;
        if (!opening(0.5)) throw Error(ErrorCode::Cancelled, "Cancelled.");
        if (script->failToOpen) throw Error(ErrorCode::NotFound, "There is no such model.", "Choose another one.");
        return std::make_unique<FakeJob>(script, request.model.string());
    };
}

/// A worker of scripted jobs that counts every change of state.
class GenerationFixture {
public:
    explicit GenerationFixture(std::shared_ptr<JobScript> script = std::make_shared<JobScript>(),
                               std::size_t frameBytes = 1u << 20)
        : script_(std::move(script)) {
        GenerationParts parts;
        parts.open = scriptedJobs(script_);
        parts.save = [this](const std::filesystem::path& folder, const SampleRecord& record,
                            const GenerationParts::Frames& frames, const SampleFrame& last) {
            return save(folder, record, frames, last);
        };
        parts.changed = [this] { ring(); };
        parts.notice = [this](Notice notice) {
            const std::lock_guard lock(mutex_);
            notices_.push_back(std::move(notice));
        };
        parts.clock = script_->clock;
        parts.version = "1.2.3";
        parts.frameBytes = frameBytes;
        parts.onTransition = [this](GenerationState from, GenerationState to) { transitions_.emplace_back(from, to); };
        worker_ = std::make_unique<GenerationWorker>(std::move(parts));
    }
    ~GenerationFixture() { worker_->shutdown(); }

    GenerationWorker& worker() { return *worker_; }
    JobScript& script() { return *script_; }
    void generate(std::uint64_t id, int previewEvery = 1, const std::string& folder = "results", bool paused = false) {
        SampleRequest request;
        request.id = id;
        request.model = "model-" + std::to_string(id);
        request.previewEvery = previewEvery;
        request.resultsFolder = folder;
        request.startPaused = paused;
        worker_->generate(request);
    }
    void ask(std::uint64_t id, std::size_t frame, int cell = 0) {
        CellQuestion question;
        question.id = id;
        question.frame = frame;
        question.cell = cell;
        worker_->examine(question);
    }
    GenerationState state() const { return worker_->look(0, 0).status.state; }
    std::vector<int> frameSteps() const {
        std::vector<int> steps;
        for (const auto& frame : worker_->look(0, 0).frames) steps.push_back(frame->step);
        return steps;
    }
    std::vector<Notice> notices() {
        const std::lock_guard lock(mutex_);
        return notices_;
    }
    int rings() {
        const std::lock_guard lock(mutex_);
        return rings_;
    }
    /// Valid after shutdown.
    const std::vector<std::pair<GenerationState, GenerationState>>& transitions() const { return transitions_; }

    /// Waits for the listener until the condition holds; false after ten seconds.
    bool waitFor(const std::function<bool()>& condition) {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        std::unique_lock lock(mutex_);
        while (true) {
            const int seen = rings_;
            lock.unlock();
            if (condition()) return true;
            lock.lock();
            // What the script tells does not ring, so look again every now and then.
            changed_.wait_for(lock, std::chrono::milliseconds(2), [&] { return rings_ != seen; });
            if (std::chrono::steady_clock::now() > deadline) return false;
        }
    }
    bool waitForState(GenerationState wanted) {
        return waitFor([&] { return state() == wanted; });
    }

    SampleRecord lastRecord;  ///< read it when nothing is being saved

private:
    std::filesystem::path save(const std::filesystem::path& folder, const SampleRecord& record,
                               const GenerationParts::Frames& frames, const SampleFrame&) {
        script_->saving = true;
        while (script_->holdSaving) std::this_thread::yield();
        script_->saving = false;
        if (script_->failToSave) throw Error(ErrorCode::BadFile, "The disk is full.", "Free some space.");
        const std::lock_guard lock(script_->mutex);
        script_->savedFrames.push_back(frames.size());
        ++script_->saved;
        lastRecord = record;
        return folder / "grid-0001";
    }
    void ring() {
        const std::lock_guard lock(mutex_);
        ++rings_;
        changed_.notify_all();
    }

    std::shared_ptr<JobScript> script_;
    std::vector<std::pair<GenerationState, GenerationState>> transitions_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Notice> notices_;
    int rings_ = 0;
    std::unique_ptr<GenerationWorker> worker_;
};

}  // namespace vl::test
