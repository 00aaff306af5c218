// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "engine/api/engine.h"

namespace vl {

/// What the session has to show, kept for pulling: rows and events by cursor, pictures latest-wins. Thread-safe; no
/// call waits for more than a copy of what it returns.
class SessionStore {
public:
    /// Forgets rows and events of the run before. Generations grow by one.
    std::uint64_t beginRun();
    /// Rows a resumed run brings along.
    void restore(std::vector<StepMetrics> steps, std::vector<EvalMetrics> evals, std::vector<RunEvent> events);

    void add(const StepMetrics& row);
    void add(const EvalMetrics& row);
    void add(const RunEvent& event);
    void add(std::vector<std::shared_ptr<const FilmFrame>> frames);
    void add(Notice notice);
    void publish(std::shared_ptr<const Inspection> inspection);
    void publish(std::shared_ptr<const Gallery> gallery);

    MetricsBatch metrics(std::uint64_t generation, std::size_t fromStep, std::size_t fromEval) const;
    std::vector<RunEvent> events(std::uint64_t generation, std::size_t from) const;
    std::vector<std::shared_ptr<const FilmFrame>> film(std::uint64_t generation, std::size_t from) const;
    std::vector<Notice> takeNotices();
    std::shared_ptr<const Inspection> inspection() const;
    std::shared_ptr<const Gallery> gallery() const;

private:
    mutable std::mutex mutex_;
    std::uint64_t generation_ = 0;
    std::vector<StepMetrics> steps_;
    std::vector<EvalMetrics> evals_;
    std::vector<RunEvent> events_;
    std::vector<std::shared_ptr<const FilmFrame>> film_;
    std::vector<Notice> notices_;
    std::shared_ptr<const Inspection> inspection_;
    std::shared_ptr<const Gallery> gallery_;
};

}  // namespace vl
