// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include <QObject>

#include "widgets/attention_math.h"

namespace vl {

/// What needs a pass over all of an inspection's attention.
struct Analysis {
    std::shared_ptr<const Inspection> inspection;
    bool masked = false;
    AttentionSummary summary;
    std::optional<Rollout> rollout;  ///< only when asked for
};

/// Computes an Analysis on its own thread. The newest request waits for the one under way when it asks the same of
/// fresher weights (or a live run faster than the arithmetic would never show a number), and cancels it when it asks
/// otherwise.
class AnalysisJob : public QObject {
    Q_OBJECT
public:
    explicit AnalysisJob(QObject* parent = nullptr);
    ~AnalysisJob() override;  ///< cancels and joins

    void start(std::shared_ptr<const Inspection> inspection, bool masked, bool rollout);
    std::shared_ptr<const Analysis> result() const { return result_; }
    bool busy() const { return delivered_ != asked_; }
    /// Blocks until the newest request is computed and delivered; for tests and screenshots.
    void wait();

Q_SIGNALS:
    void ready();

private:
    struct Request {
        std::shared_ptr<const Inspection> inspection;
        bool masked = false, rollout = false;
        std::uint64_t number = 0;
    };
    void work();
    void deliver(std::uint64_t number, std::shared_ptr<const Analysis> analysis);

    std::shared_ptr<const Analysis> result_;
    std::uint64_t asked_ = 0, delivered_ = 0;  // GUI thread

    std::mutex mutex_;
    std::condition_variable wake_, done_;
    std::optional<Request> next_, current_;
    std::shared_ptr<const Analysis> computed_;
    std::uint64_t computedNumber_ = 0;
    std::atomic<bool> cancel_ = false;
    bool quit_ = false;
    std::thread thread_;  // last: starts when everything above exists
};

}  // namespace vl
