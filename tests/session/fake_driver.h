// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "engine/core/error.h"
#include "engine/session/session.h"

namespace vl::test {

/// What all runs of one test share: how long a run is, what goes wrong, what was seen.
struct Script {
    std::int64_t totalSteps = 1'000'000'000;
    std::int64_t stepsPerEpoch = 100;
    std::int64_t evaluateEvery = 0, checkpointEvery = 0, filmEvery = 0;
    std::int64_t failAtStep = -1;
    bool failToStart = false, failToSave = false;
    std::function<void(std::int64_t)> onStep;

    std::atomic<int> alive{0}, started{0}, saves{0}, inspections{0};
    std::mutex mutex;
    std::vector<RunEvent> recorded;  // guarded by mutex
};

/// A run without tensors: steps are instant.
class FakeDriver final : public RunDriver {
public:
    FakeDriver(std::shared_ptr<Script> script, RunSettings settings, std::int64_t firstStep = 0)
        : script_(std::move(script)), settings_(std::move(settings)), step_(firstStep) {
        if (script_->failToStart) throw Error(ErrorCode::NotFound, "There is no data.", "Fetch it.");
        ++script_->alive;
        ++script_->started;
    }
    ~FakeDriver() override { --script_->alive; }

    RunFacts facts() const override {
        return {"fake-001", "runs/fake-001", step_, script_->totalSteps, script_->stepsPerEpoch};
    }
    RunSettings settings() const override { return settings_; }
    History history() const override { return {}; }
    bool done() const override { return step_ >= script_->totalSteps; }
    StepMetrics step() override {
        if (step_ + 1 == script_->failAtStep)
            throw Error(ErrorCode::NonFinite, "The loss became not a number at step 7.", "Lower train.lr.");
        if (script_->onStep) script_->onStep(step_ + 1);
        StepMetrics row;
        row.step = ++step_;
        row.loss = 1.0 / static_cast<double>(step_);
        row.lr = settings_.train.lr;
        row.imagesPerSecond = 100;
        return row;
    }
    bool evaluationDue() const override { return due(script_->evaluateEvery, evaluated_); }
    std::optional<EvalMetrics> evaluate(const std::function<bool()>& keepGoing) override {
        for (int batch = 0; batch < 5; ++batch)
            if (!keepGoing()) return std::nullopt;
        evaluated_ = step_;
        EvalMetrics row;
        row.step = step_;
        row.accuracy = 0.5;
        return row;
    }
    bool checkpointDue() const override { return due(script_->checkpointEvery, saved_); }
    std::filesystem::path saveCheckpoint() override {
        if (script_->failToSave) throw Error(ErrorCode::BadFile, "The disk is full.", "Free some space.");
        saved_ = step_;
        ++script_->saves;
        return "runs/fake-001/checkpoints/last.safetensors";
    }
    std::string edit(const std::string& key, const SettingValue& value) override {
        applySetting(settings_, key, value);
        return key + " to " + settingText(settings_, key);
    }
    std::shared_ptr<const Inspection> inspect(const InspectRequest& request) override {
        if (request.image.empty()) throw Error(ErrorCode::Usage, "There is no picture to look at.", "Choose one.");
        ++script_->inspections;
        auto result = std::make_shared<Inspection>();
        result->request = request.id;
        result->step = step_;
        result->live = true;
        return result;
    }
    std::shared_ptr<const Gallery> gallery() const override { return std::make_shared<Gallery>(); }
    std::shared_ptr<const Gallery> refreshGallery() override { return std::make_shared<Gallery>(); }
    std::vector<std::shared_ptr<const FilmFrame>> takeFilm() override {
        const bool due = step_ == 0 || (script_->filmEvery > 0 && step_ % script_->filmEvery == 0);
        if (script_->filmEvery == 0 || !due || filmed_ == step_) return {};
        filmed_ = step_;
        auto frame = std::make_shared<FilmFrame>();
        frame->step = step_;
        return {std::move(frame)};
    }
    void record(const RunEvent& event) override {
        const std::lock_guard lock(script_->mutex);
        script_->recorded.push_back(event);
    }

private:
    bool due(std::int64_t every, std::int64_t last) const {
        return every > 0 && step_ > 0 && step_ % every == 0 && last != step_;
    }

    std::shared_ptr<Script> script_;
    RunSettings settings_;
    std::int64_t step_, evaluated_ = -1, saved_ = -1, filmed_ = -1;
};

inline Image greyPicture() { return {2, 2, 1, {0, 85, 170, 255}}; }

/// A session of fakes that counts every change of state.
class SessionFixture {
public:
    explicit SessionFixture(std::shared_ptr<Script> script = std::make_shared<Script>(), SessionParts parts = {})
        : script_(std::move(script)) {
        parts.runs.start = [this](const RunSettings& settings, const std::filesystem::path&) {
            return std::make_unique<FakeDriver>(script_, settings);
        };
        parts.runs.resume = [this](const std::filesystem::path&, std::optional<std::int64_t>) {
            return std::make_unique<FakeDriver>(script_, RunSettings{}, 40);
        };
        parts.look = [](const InspectRequest& request) {
            if (request.image.empty()) throw Error(ErrorCode::BadFile, "The picture is empty.", "Choose another.");
            auto result = std::make_shared<Inspection>();
            result->request = request.id;
            return result;
        };
        parts.onTransition = [this](RunState from, RunState to) { transitions_.emplace_back(from, to); };
        session_ = std::make_unique<Session>(std::move(parts));
        session_->setListener([this] {
            const std::lock_guard lock(mutex_);
            ++rings_;
            changed_.notify_all();
        });
    }
    ~SessionFixture() {
        session_->shutdown();
        session_->setListener({});
    }

    Session& session() { return *session_; }
    Script& script() { return *script_; }
    /// Valid after shutdown.
    const std::vector<std::pair<RunState, RunState>>& transitions() const { return transitions_; }

    /// Waits for the listener until the condition holds; false after ten seconds.
    bool waitFor(const std::function<bool()>& condition) {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        std::unique_lock lock(mutex_);
        while (true) {
            const auto seen = rings_;
            lock.unlock();
            if (condition()) return true;
            lock.lock();
            // A condition may become true between two rings (a step was done), so look again every now and then.
            changed_.wait_for(lock, std::chrono::milliseconds(5), [&] { return rings_ != seen; });
            if (std::chrono::steady_clock::now() > deadline) return false;
        }
    }
    bool waitForState(RunState state) {
        return waitFor([&] { return session_->status().state == state; });
    }
    std::vector<RunEventKind> eventKinds() {
        std::vector<RunEventKind> kinds;
        for (const RunEvent& event : session_->events(session_->status().generation, 0))
            kinds.push_back(event.kind);
        return kinds;
    }

private:
    std::shared_ptr<Script> script_;
    std::vector<std::pair<RunState, RunState>> transitions_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::uint64_t rings_ = 0;
    std::unique_ptr<Session> session_;
};

}  // namespace vl::test
