// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/inspect/analysis_job.h"

#include <utility>

namespace vl {

AnalysisJob::AnalysisJob(QObject* parent) : QObject(parent), thread_([this] { work(); }) {}

AnalysisJob::~AnalysisJob() {
    {
        const std::lock_guard lock(mutex_);
        quit_ = true;
        cancel_ = true;
    }
    wake_.notify_all();
    thread_.join();
}

void AnalysisJob::start(std::shared_ptr<const Inspection> inspection, bool masked, bool rollout) {
    {
        const std::lock_guard lock(mutex_);
        next_ = Request{std::move(inspection), masked, rollout, ++asked_};
        const bool same = current_ && current_->masked == masked && current_->rollout == rollout &&
                          current_->inspection->geometry.tokens == next_->inspection->geometry.tokens;
        if (!same) cancel_ = true;
    }
    wake_.notify_all();
}

void AnalysisJob::work() {
    for (;;) {
        Request request;
        {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, [this] { return quit_ || next_; });
            if (quit_) return;
            request = *std::exchange(next_, std::nullopt);
            current_ = request;
            cancel_ = quit_;
        }
        auto analysis = std::make_shared<Analysis>();
        analysis->inspection = request.inspection;
        analysis->masked = request.masked;
        analysis->summary = summarise(*request.inspection, request.masked, &cancel_);
        if (request.rollout && !cancel_) analysis->rollout.emplace(*request.inspection, request.masked, &cancel_);
        const std::lock_guard lock(mutex_);
        current_.reset();
        if (cancel_) continue;
        computed_ = analysis;
        computedNumber_ = request.number;
        done_.notify_all();
        // Queued to this object: it is dropped with it, and the destructor has joined this thread by then.
        QMetaObject::invokeMethod(
            this, [this, number = request.number, analysis] { deliver(number, analysis); }, Qt::QueuedConnection);
    }
}

void AnalysisJob::deliver(std::uint64_t number, std::shared_ptr<const Analysis> analysis) {
    if (number <= delivered_) return;
    delivered_ = number;
    result_ = std::move(analysis);
    Q_EMIT ready();
}

void AnalysisJob::wait() {
    if (!busy()) return;
    std::shared_ptr<const Analysis> computed;
    {
        std::unique_lock lock(mutex_);
        done_.wait(lock, [this] { return computedNumber_ == asked_; });
        computed = computed_;
    }
    deliver(asked_, computed);
}

}  // namespace vl
