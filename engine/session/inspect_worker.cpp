// SPDX-License-Identifier: Apache-2.0
#include "engine/session/inspect_worker.h"

#include <utility>

namespace vl {

InspectWorker::InspectWorker(Look look, Answer answer, Failure failure)
    : look_(std::move(look)), answer_(std::move(answer)), failure_(std::move(failure)), thread_([this] { loop(); }) {}

InspectWorker::~InspectWorker() { shutdown(); }

void InspectWorker::request(InspectRequest request) {
    const std::lock_guard lock(mutex_);
    ++serial_;
    pending_ = std::move(request);
    wake_.notify_one();
}

void InspectWorker::cancel() {
    const std::lock_guard lock(mutex_);
    ++serial_;
    pending_.reset();
}

void InspectWorker::shutdown() {
    {
        const std::lock_guard lock(mutex_);
        quitting_ = true;
        wake_.notify_one();
    }
    if (thread_.joinable()) thread_.join();
}

void InspectWorker::loop() {
    std::unique_lock lock(mutex_);
    while (true) {
        wake_.wait(lock, [this] { return quitting_ || pending_; });
        if (quitting_) return;
        const InspectRequest request = std::move(*pending_);
        pending_.reset();
        const std::uint64_t serial = serial_;
        lock.unlock();
        std::shared_ptr<const Inspection> result;
        std::exception_ptr problem;
        try {
            result = look_(request);
        } catch (...) {
            problem = std::current_exception();
        }
        lock.lock();
        if (serial != serial_ || quitting_) continue;
        lock.unlock();
        if (problem)
            failure_(request, problem);
        else
            answer_(std::move(result));
        lock.lock();
    }
}

}  // namespace vl
