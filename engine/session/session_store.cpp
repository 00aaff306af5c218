// SPDX-License-Identifier: Apache-2.0
#include "engine/session/session_store.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace vl {
namespace {

template <class Row>
std::vector<Row> tail(const std::vector<Row>& rows, std::size_t from) {
    return {rows.begin() + static_cast<std::ptrdiff_t>(std::min(from, rows.size())), rows.end()};
}

}  // namespace

std::uint64_t SessionStore::beginRun() {
    const std::lock_guard lock(mutex_);
    steps_.clear();
    evals_.clear();
    events_.clear();
    film_.clear();
    gallery_.reset();
    return ++generation_;
}

void SessionStore::restore(std::vector<StepMetrics> steps, std::vector<EvalMetrics> evals,
                           std::vector<RunEvent> events) {
    const std::lock_guard lock(mutex_);
    steps_ = std::move(steps);
    evals_ = std::move(evals);
    events_ = std::move(events);
}

void SessionStore::add(const StepMetrics& row) {
    const std::lock_guard lock(mutex_);
    steps_.push_back(row);
}

void SessionStore::add(const EvalMetrics& row) {
    const std::lock_guard lock(mutex_);
    evals_.push_back(row);
}

void SessionStore::add(const RunEvent& event) {
    const std::lock_guard lock(mutex_);
    events_.push_back(event);
}

void SessionStore::add(std::vector<std::shared_ptr<const FilmFrame>> frames) {
    const std::lock_guard lock(mutex_);
    std::move(frames.begin(), frames.end(), std::back_inserter(film_));
}

void SessionStore::add(Notice notice) {
    const std::lock_guard lock(mutex_);
    notices_.push_back(std::move(notice));
}

void SessionStore::publish(std::shared_ptr<const Inspection> inspection) {
    const std::lock_guard lock(mutex_);
    inspection_.swap(inspection);
}

void SessionStore::publish(std::shared_ptr<const Gallery> gallery) {
    const std::lock_guard lock(mutex_);
    gallery_.swap(gallery);
}

MetricsBatch SessionStore::metrics(std::uint64_t generation, std::size_t fromStep, std::size_t fromEval) const {
    const std::lock_guard lock(mutex_);
    const bool same = generation == generation_;
    return {generation_, steps_.size(), evals_.size(), tail(steps_, same ? fromStep : 0),
            tail(evals_, same ? fromEval : 0)};
}

std::vector<RunEvent> SessionStore::events(std::uint64_t generation, std::size_t from) const {
    const std::lock_guard lock(mutex_);
    return tail(events_, generation == generation_ ? from : 0);
}

std::vector<std::shared_ptr<const FilmFrame>> SessionStore::film(std::uint64_t generation, std::size_t from) const {
    const std::lock_guard lock(mutex_);
    return tail(film_, generation == generation_ ? from : 0);
}

std::vector<Notice> SessionStore::takeNotices() {
    const std::lock_guard lock(mutex_);
    return std::exchange(notices_, {});
}

std::shared_ptr<const Inspection> SessionStore::inspection() const {
    const std::lock_guard lock(mutex_);
    return inspection_;
}

std::shared_ptr<const Gallery> SessionStore::gallery() const {
    const std::lock_guard lock(mutex_);
    return gallery_;
}

}  // namespace vl
