// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "engine/api/engine.h"

namespace vl {

/// Looks at pictures on its own thread, the last request first and only: a request that was not begun when the next
/// one comes is dropped, and an answer to a request that is no longer the last is dropped too.
class InspectWorker {
public:
    using Look = std::function<std::shared_ptr<const Inspection>(const InspectRequest&)>;
    using Answer = std::function<void(std::shared_ptr<const Inspection>)>;
    using Failure = std::function<void(const InspectRequest&, std::exception_ptr)>;

    /// Callbacks come from the worker's thread.
    InspectWorker(Look look, Answer answer, Failure failure);
    ~InspectWorker();

    void request(InspectRequest request);
    void cancel();
    /// Joins; no callback comes afterwards.
    void shutdown();

private:
    void loop();

    Look look_;
    Answer answer_;
    Failure failure_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::optional<InspectRequest> pending_;
    std::uint64_t serial_ = 0;
    bool quitting_ = false;
    std::thread thread_;
};

}  // namespace vl
