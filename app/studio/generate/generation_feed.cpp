// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/generate/generation_feed.h"

#include <utility>

namespace vl {
namespace {

constexpr std::uint64_t kIdBase = std::uint64_t{4} << 32;  // other views count from other ones
constexpr int kPeriodMs = 100, kIdlePolls = 50;

bool sameStatus(const GenerationStatus& a, const GenerationStatus& b) {
    return a.state == b.state && a.request == b.request && a.step == b.step && a.totalSteps == b.totalSteps &&
           a.secondsLeft == b.secondsLeft && a.share == b.share && a.previewShare == b.previewShare &&
           a.folder == b.folder && a.problem == b.problem;
}

}  // namespace

GenerationFeed::GenerationFeed(Engine& engine, QObject* parent) : QObject(parent), engine_(engine) {
    timer_.setInterval(kPeriodMs);
    connect(&timer_, &QTimer::timeout, this, &GenerationFeed::poll);
}

bool GenerationFeed::active() const { return isActive(status_.state); }

void GenerationFeed::ask(SampleRequest request) {
    request.id = kIdBase + ++serial_;
    engine_.generate(request);
    stayAwake();
    poll();
}

void GenerationFeed::question(CellQuestion question) {
    question.id = kIdBase + ++questions_;
    engine_.examineCell(question);
    stayAwake();
}

void GenerationFeed::stayAwake() {
    idlePolls_ = 0;
    timer_.start();
}

void GenerationFeed::poll() {
    const GenerationLook look = engine_.generation(status_.request, frames_.size());
    const bool other = look.status.request != status_.request;
    const GenerationStatus before = std::exchange(status_, look.status);
    request_ = look.request;
    if (other) {
        frames_.clear();
        plan_.reset();
        Q_EMIT replaced();
    }
    if (look.plan != plan_) {
        plan_ = look.plan;
        Q_EMIT planned();
    }
    const std::size_t first = frames_.size();
    frames_.insert(frames_.end(), look.frames.begin(), look.frames.end());
    if (status_.stepsPerSecond > 0 && plan_ && !plan_->grid.cells.empty())
        pace_ = 1 / (status_.stepsPerSecond * static_cast<double>(plan_->grid.cells.size()));
    if (frames_.size() > first) Q_EMIT framesAdded(first);
    if (other || !sameStatus(before, status_)) Q_EMIT statusChanged();
    if ((other || isActive(before.state)) && status_.state != GenerationState::Idle && !active()) Q_EMIT ended();
    if (auto answer = engine_.cellAnswer(); answer != answer_) {
        answer_ = std::move(answer);
        Q_EMIT answered();
    }
    idlePolls_ = active() && status_.state != GenerationState::Paused ? 0 : idlePolls_ + 1;
    if (idlePolls_ > kIdlePolls && status_.state != GenerationState::Paused) timer_.stop();
}

}  // namespace vl
