// SPDX-License-Identifier: Apache-2.0
#include "engine/session/checkpoint_worker.h"

#include <utility>

#include "engine/train/translate_error.h"

namespace vl {
namespace {

constexpr double kProgressSeconds = 0.1;

}  // namespace

CheckpointWorker::CheckpointWorker(Read read, std::function<void()> changed, std::shared_ptr<const Clock> clock)
    : read_(std::move(read)), changed_(std::move(changed)), clock_(std::move(clock)), thread_([this] { loop(); }) {}

CheckpointWorker::~CheckpointWorker() { shutdown(); }

void CheckpointWorker::request(CheckpointRequest request) {
    {
        const std::lock_guard lock(mutex_);
        if (quitting_) return;
        ++serial_;
        look_ = {};
        look_.request = request.id;
        look_.busy = true;
        pending_ = std::move(request);
        wake_.notify_one();
    }
    changed_();
}

void CheckpointWorker::cancel() {
    {
        const std::lock_guard lock(mutex_);
        if (!look_.busy) return;
        ++serial_;
        pending_.reset();
        look_.busy = false;
        look_.cancelled = true;
    }
    changed_();
}

CheckpointLook CheckpointWorker::look() const {
    const std::lock_guard lock(mutex_);
    return look_;
}

void CheckpointWorker::shutdown() {
    {
        const std::lock_guard lock(mutex_);
        quitting_ = true;
        if (look_.busy) {
            look_.busy = false;
            look_.cancelled = true;
        }
        wake_.notify_one();
    }
    if (thread_.joinable()) thread_.join();
}

void CheckpointWorker::loop() {
    while (true) {
        CheckpointRequest request;
        std::uint64_t serial = 0;
        {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, [this] { return quitting_ || pending_; });
            if (quitting_) return;
            request = *std::exchange(pending_, std::nullopt);
            serial = serial_;
            lastProgress_ = clock_->seconds();
        }
        serve(request, serial);
    }
}

void CheckpointWorker::serve(const CheckpointRequest& request, std::uint64_t serial) {
    const ReadWatcher watcher = [this, serial](const ReadProgress& progress) { return watch(progress, serial); };
    try {
        CheckpointOptions listing = request.options;
        listing.statistics = false;
        auto report = std::make_shared<const CheckpointReport>(read_(request.file, listing, watcher));
        const bool more = request.options.statistics;
        const bool current = publish(serial, [&](CheckpointLook& look) {
            look.report = std::move(report);
            look.busy = more;
        });
        if (!current || !more) return;
        report = std::make_shared<const CheckpointReport>(read_(request.file, request.options, watcher));
        publish(serial, [&](CheckpointLook& look) {
            look.report = std::move(report);
            look.progress.doneBytes = look.progress.totalBytes;
            look.busy = false;
        });
    } catch (...) {
        const Error error = translateError(std::current_exception());
        publish(serial, [&](CheckpointLook& look) {
            look.busy = false;
            look.cancelled = error.code() == ErrorCode::Cancelled;
            if (look.cancelled) return;
            look.problem = error.message();
            look.advice = error.hint();
        });
    }
}

bool CheckpointWorker::watch(const ReadProgress& progress, std::uint64_t serial) {
    {
        const std::lock_guard lock(mutex_);
        if (quitting_ || serial != serial_) return false;
        const double now = clock_->seconds();
        if (now - lastProgress_ < kProgressSeconds) return true;
        lastProgress_ = now;
        look_.progress = progress;
    }
    changed_();
    return true;
}

bool CheckpointWorker::publish(std::uint64_t serial, const std::function<void(CheckpointLook&)>& change) {
    {
        const std::lock_guard lock(mutex_);
        if (quitting_ || serial != serial_) return false;
        change(look_);
    }
    changed_();
    return true;
}

}  // namespace vl
