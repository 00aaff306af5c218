// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "engine/api/engine.h"
#include "engine/core/clock.h"

namespace vl {

/// Looks at checkpoint files on its own thread. The last request wins: an unfinished one is given up at the reader's
/// next call of the watcher and never heard of again. What is known so far is in look().
class CheckpointWorker {
public:
    /// inspectCheckpoint in the program. Called once for the listing, which is published at once, and a second time when
    /// statistics were asked for.
    using Read = std::function<CheckpointReport(const std::filesystem::path& file, const CheckpointOptions& options,
                                                const ReadWatcher& watch)>;

    /// `changed` comes from the worker's thread and from the callers of request() and cancel(), at most ten times a
    /// second while a file is read.
    CheckpointWorker(Read read, std::function<void()> changed, std::shared_ptr<const Clock> clock);
    ~CheckpointWorker();

    void request(CheckpointRequest request);
    /// Shows at once; the reader itself stops at its next call of the watcher. What was listed stays.
    void cancel();
    CheckpointLook look() const;
    /// Gives up what is under way and joins; later requests are ignored.
    void shutdown();

private:
    void loop();
    void serve(const CheckpointRequest& request, std::uint64_t serial);
    bool watch(const ReadProgress& progress, std::uint64_t serial);
    /// Changes the published look unless the request is no longer the last; says whether it did.
    bool publish(std::uint64_t serial, const std::function<void(CheckpointLook&)>& change);

    Read read_;
    std::function<void()> changed_;
    std::shared_ptr<const Clock> clock_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::optional<CheckpointRequest> pending_;
    CheckpointLook look_;
    std::uint64_t serial_ = 0;
    double lastProgress_ = 0;
    bool quitting_ = false;
    std::thread thread_;  // last: starts when everything above exists
};

}  // namespace vl
