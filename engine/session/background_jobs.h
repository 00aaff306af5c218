// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace vl {

/// Does small jobs one after the other on its own thread, which begins with the first.
class BackgroundJobs {
public:
    /// To be asked now and then: false when the job shall give up.
    using KeepGoing = std::function<bool()>;
    /// Must not throw.
    using Job = std::function<void(const KeepGoing& keepGoing)>;

    ~BackgroundJobs() { shutdown(); }
    void add(Job job);
    /// Asks the job under way to give up, drops the others and joins; later jobs are dropped.
    void shutdown();

private:
    void loop();

    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<Job> jobs_;
    bool quitting_ = false;
    std::thread thread_;
};

}  // namespace vl
