// SPDX-License-Identifier: Apache-2.0
#include "engine/session/generation_worker.h"

#include <algorithm>
#include <utility>

#include "engine/core/text.h"

namespace vl {
namespace {

constexpr double kRingSeconds = 0.05;

}  // namespace

GenerationWorker::GenerationWorker(GenerationParts parts)
    : parts_(std::move(parts)), lastRing_(parts_.clock->seconds()), thread_([this] { loop(); }) {}

GenerationWorker::~GenerationWorker() { shutdown(); }

std::string GenerationWorker::apply(GenerationCommand command) {
    const GenerationState before = machine_.state();
    std::string why = machine_.apply(command);
    if (parts_.onTransition && machine_.state() != before) parts_.onTransition(before, machine_.state());
    return why;
}

bool GenerationWorker::apply(GenerationReport report) {
    const GenerationState before = machine_.state();
    const bool changed = machine_.apply(report);
    if (parts_.onTransition && changed) parts_.onTransition(before, machine_.state());
    return changed;
}

void GenerationWorker::generate(SampleRequest request) {
    std::string loss;
    GenerationParts::Frames old;  // freed outside the lock
    {
        const std::lock_guard lock(mutex_);
        if (quitting_) return;
        loss = lost();
        ++serial_;
        pending_ = true;
        status_ = {};
        status_.request = request.id;
        plan_.reset();
        old.swap(frames_);
        jobFrames_.clear();
        question_.reset();
        answer_.reset();
        askedAt_ = parts_.clock->seconds();
        workSeconds_ = 0;
        apply(GenerationCommand::Generate);
        if (request.startPaused) apply(GenerationCommand::Pause);
        request_ = std::make_shared<const SampleRequest>(std::move(request));
        wake_.notify_one();
    }
    if (!loss.empty()) tell(Notice::Kind::Warning, std::move(loss), "Another grid took its place.");
    ring(true);
}

void GenerationWorker::stop() {
    std::string why;
    {
        const std::lock_guard lock(mutex_);
        if (quitting_) return;
        std::string loss = lost();
        why = apply(GenerationCommand::Stop);
        if (why.empty()) {
            ++serial_;
            pending_ = false;
            status_.problem = std::move(loss);
            status_.secondsLeft = 0;
        }
    }
    if (!why.empty()) tell(Notice::Kind::Warning, std::move(why), {});
    ring(true);
}

void GenerationWorker::command(GenerationCommand command) {
    std::string why;
    {
        const std::lock_guard lock(mutex_);
        if (quitting_) return;
        why = apply(command);
        wake_.notify_one();
    }
    if (!why.empty()) tell(Notice::Kind::Warning, std::move(why), {});
    ring(true);
}

void GenerationWorker::examine(CellQuestion question) {
    const std::lock_guard lock(mutex_);
    question_ = std::move(question);
    wake_.notify_one();
}

GenerationLook GenerationWorker::look(std::uint64_t request, std::size_t fromFrame) const {
    const std::lock_guard lock(mutex_);
    GenerationLook look{status_, request_, plan_, {}, frames_.size()};
    look.status.state = machine_.state();
    const std::size_t from = request == status_.request ? std::min(fromFrame, frames_.size()) : 0;
    look.frames.assign(frames_.begin() + static_cast<std::ptrdiff_t>(from), frames_.end());
    return look;
}

std::shared_ptr<const CellAnswer> GenerationWorker::answer() const {
    const std::lock_guard lock(mutex_);
    return answer_;
}

std::optional<GenerationWorker::Present> GenerationWorker::present() const {
    const std::lock_guard lock(mutex_);
    if (!plan_ || frames_.empty()) return std::nullopt;
    return Present{record(), frames_};
}

void GenerationWorker::shutdown() {
    {
        const std::lock_guard lock(mutex_);
        quitting_ = true;
        if (machine_.active()) apply(GenerationCommand::Stop);
        wake_.notify_one();
    }
    if (thread_.joinable()) thread_.join();
}

bool GenerationWorker::current(std::uint64_t serial) const {
    const std::lock_guard lock(mutex_);
    return serial == serial_ && !quitting_;
}

std::string GenerationWorker::lost() const {
    if (!machine_.active() || !plan_ || status_.step == 0) return {};
    const auto cells = plan_->grid.cells.size();
    return (cells == 1 ? std::string("The sample") : "The grid of " + std::to_string(cells) + " samples") +
           " was stopped at step " + std::to_string(status_.step) + " of " + std::to_string(status_.totalSteps) +
           " and is not saved.";
}

SampleRecord GenerationWorker::record() const {
    SampleRecord record;
    record.recipe = request_->recipe;
    record.model = request_->model;
    record.autoencoder = request_->autoencoder;
    record.modelName = plan_->modelName;
    record.modelHash = plan_->modelHash;
    record.version = parts_.version;
    record.wallSeconds = parts_.clock->wallSeconds();
    record.seconds = workSeconds_;
    record.grid = plan_->grid;
    return record;
}

void GenerationWorker::ring(bool always) {
    {
        const std::lock_guard lock(mutex_);
        const double now = parts_.clock->seconds();
        if (!always && now - lastRing_ < kRingSeconds) return;
        lastRing_ = now;
    }
    parts_.changed();
}

void GenerationWorker::tell(Notice::Kind kind, std::string message, std::string hint) {
    parts_.notice(Notice{kind, std::move(message), std::move(hint)});
}

}  // namespace vl
