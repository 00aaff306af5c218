// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/shell/engine_link.h"

#include <atomic>
#include <mutex>
#include <tuple>
#include <utility>

namespace vl {
namespace {

constexpr int kPullMs = 100;  // 10 Hz: alive to the eye, cheap for the engine

bool sameStatus(const RunStatus& a, const RunStatus& b) {
    const auto key = [](const RunStatus& s) {
        return std::tie(s.state, s.step, s.totalSteps, s.stepsPerEpoch, s.runName, s.folder, s.problem, s.advice,
                        s.savedAt, s.savedStep, s.imagesPerSecond, s.secondsLeft, s.generation);
    };
    return key(a) == key(b);
}

bool sameLook(const CheckpointLook& a, const CheckpointLook& b) {
    const auto key = [](const CheckpointLook& l) {
        return std::tie(l.request, l.busy, l.cancelled, l.progress.doneBytes, l.progress.totalBytes, l.progress.what,
                        l.report, l.problem, l.advice);
    };
    return key(a) == key(b);
}

}  // namespace

struct EngineLink::Wakeup {
    std::mutex mutex;
    EngineLink* link = nullptr;          // null once the link is gone
    std::atomic<bool> pending = false;   // many events, one poll

    void ring() {
        if (pending.exchange(true)) return;
        const std::lock_guard lock(mutex);
        if (link) QMetaObject::invokeMethod(link, &EngineLink::poll, Qt::QueuedConnection);
    }
};

EngineLink::EngineLink(Engine& engine, QObject* parent)
    : QObject(parent), engine_(engine), wakeup_(std::make_shared<Wakeup>()) {
    wakeup_->link = this;
    timer_.setInterval(kPullMs);
    connect(&timer_, &QTimer::timeout, this, &EngineLink::poll);
    engine_.setListener([wakeup = wakeup_] { wakeup->ring(); });
    timer_.start();
}

EngineLink::~EngineLink() {
    engine_.setListener({});
    const std::lock_guard lock(wakeup_->mutex);
    wakeup_->link = nullptr;
}

void EngineLink::setListening(bool on) {
    if (on == timer_.isActive()) return;
    if (!on) {
        engine_.setListener({});
        timer_.stop();
        return;
    }
    engine_.setListener([wakeup = wakeup_] { wakeup->ring(); });
    timer_.start();
    poll();
}

void EngineLink::poll() {
    wakeup_->pending = false;  // before pulling: what arrives from now on rings again
    pullRun();
    pullPictures();
    pullCheckpoint();
    for (const Notice& notice : engine_.takeNotices()) Q_EMIT noticed(notice);
}

void EngineLink::pullRun() {
    RunStatus status = engine_.status();
    const bool replaced = status.generation != status_.generation;
    const bool changed = replaced || !sameStatus(status, status_);
    status_ = std::move(status);
    if (replaced) {
        steps_.clear();
        evals_.clear();
        events_.clear();
        nextStep_ = nextEval_ = 0;
        gallery_.reset();
        film_.clear();
        Q_EMIT runReplaced();
    }
    if (changed) Q_EMIT statusChanged();

    MetricsBatch batch = engine_.metrics(status_.generation, nextStep_, nextEval_);
    // A run that started after status() was read: its rows wait for the next poll.
    if (batch.generation == status_.generation && (!batch.steps.empty() || !batch.evals.empty())) {
        const std::size_t firstStep = steps_.size(), firstEval = evals_.size();
        steps_.insert(steps_.end(), batch.steps.begin(), batch.steps.end());
        evals_.insert(evals_.end(), batch.evals.begin(), batch.evals.end());
        nextStep_ = batch.nextStep;
        nextEval_ = batch.nextEval;
        Q_EMIT metricsAdded(firstStep, firstEval);
    }
    const std::vector<RunEvent> fresh = engine_.events(status_.generation, events_.size());
    if (!fresh.empty()) {
        const std::size_t first = events_.size();
        events_.insert(events_.end(), fresh.begin(), fresh.end());
        Q_EMIT eventsAdded(first);
    }
}

void EngineLink::pullPictures() {
    if (auto inspection = engine_.inspection(); inspection != inspection_) {
        inspection_ = std::move(inspection);
        Q_EMIT inspectionChanged();
    }
    if (auto gallery = engine_.gallery(); gallery != gallery_) {
        gallery_ = std::move(gallery);
        Q_EMIT galleryChanged();
    }
    const auto frames = engine_.film(status_.generation, film_.size());
    // As with rows: those of a run that started meanwhile wait for the next poll.
    if (!frames.empty() && engine_.status().generation == status_.generation) {
        film_.insert(film_.end(), frames.begin(), frames.end());
        Q_EMIT filmAdded();
    }
}

void EngineLink::pullCheckpoint() {
    CheckpointLook look = engine_.checkpoint();
    if (sameLook(look, checkpoint_)) return;
    checkpoint_ = std::move(look);
    Q_EMIT checkpointChanged();
}

}  // namespace vl
