// SPDX-License-Identifier: Apache-2.0
#include "engine/session/background_jobs.h"

#include <utility>

namespace vl {

void BackgroundJobs::add(Job job) {
    const std::lock_guard lock(mutex_);
    if (quitting_) return;
    jobs_.push_back(std::move(job));
    if (!thread_.joinable()) thread_ = std::thread([this] { loop(); });
    wake_.notify_one();
}

void BackgroundJobs::shutdown() {
    {
        const std::lock_guard lock(mutex_);
        quitting_ = true;
        jobs_.clear();
        wake_.notify_one();
    }
    if (thread_.joinable()) thread_.join();
}

void BackgroundJobs::loop() {
    const KeepGoing keepGoing = [this] {
        const std::lock_guard lock(mutex_);
        return !quitting_;
    };
    while (true) {
        Job job;
        {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, [this] { return quitting_ || !jobs_.empty(); });
            if (quitting_) return;
            job = std::move(jobs_.front());
            jobs_.pop_front();
        }
        job(keepGoing);
    }
}

}  // namespace vl
