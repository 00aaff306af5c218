// SPDX-License-Identifier: Apache-2.0
// Commands, and what the thread takes up next; the work itself is in pictures_work.cpp.
#include "engine/session/pictures_worker.h"

#include <utility>

namespace vl {

PicturesWorker::PicturesWorker(PicturesParts parts) : parts_(std::move(parts)), thread_([this] { loop(); }) {}

PicturesWorker::~PicturesWorker() { shutdown(); }

void PicturesWorker::look(DenseRequest request) {
    const bool dense = request.task == ModelTask::Segment || request.task == ModelTask::Detect;
    if (!dense) {
        tell(Notice::Kind::Error, "Pictures can be segmented or searched, nothing else.", "Ask for one of the two.",
             request.id);
        return;
    }
    std::vector<Picture> old;  // freed outside the lock
    {
        const std::lock_guard lock(mutex_);
        if (quitting_) return;
        Slot& slot = slots_[indexOf(request.task)];
        ++slot.serial;
        old.swap(slot.look.pictures);
        const std::uint64_t version = slot.look.version + 1;
        slot.look = {};
        slot.look.version = version;
        slot.look.request = request.id;
        slot.look.busy = true;
        slot.inFull = 0;
        slot.pending = std::move(request);
        wake_.notify_one();
    }
    parts_.changed();
}

void PicturesWorker::cancel(ModelTask task) {
    {
        const std::lock_guard lock(mutex_);
        Slot& slot = slots_[indexOf(task)];
        if (!slot.look.busy) return;
        ++slot.serial;
        slot.pending.reset();
        slot.look.busy = false;
        slot.look.cancelled = true;
        ++slot.look.version;
    }
    parts_.changed();
}

void PicturesWorker::ask(RegionQuestion question) {
    const std::lock_guard lock(mutex_);
    if (quitting_) return;
    question_ = std::move(question);
    wake_.notify_one();
}

void PicturesWorker::exportAs(DenseExport request) {
    const std::lock_guard lock(mutex_);
    if (quitting_) return;
    exports_.push_back(std::move(request));
    wake_.notify_one();
}

DenseLook PicturesWorker::pictures(ModelTask task) const {
    const std::lock_guard lock(mutex_);
    return slots_[indexOf(task)].look;
}

std::shared_ptr<const RegionAnswer> PicturesWorker::answer() const {
    const std::lock_guard lock(mutex_);
    return answer_;
}

void PicturesWorker::shutdown() {
    {
        const std::lock_guard lock(mutex_);
        quitting_ = true;
        exports_.clear();
        for (Slot& slot : slots_) {
            slot.pending.reset();
            if (!slot.look.busy) continue;
            slot.look.busy = false;
            slot.look.cancelled = true;
            ++slot.look.version;
        }
        wake_.notify_one();
    }
    if (thread_.joinable()) thread_.join();
}

bool PicturesWorker::current(std::size_t slot, std::uint64_t serial) const {
    const std::lock_guard lock(mutex_);
    return !quitting_ && slots_[slot].serial == serial;
}

bool PicturesWorker::publish(std::size_t slot, std::uint64_t serial, const std::function<void(Slot&)>& change) {
    {
        const std::lock_guard lock(mutex_);
        if (quitting_ || slots_[slot].serial != serial) return false;
        change(slots_[slot]);
        ++slots_[slot].look.version;
    }
    parts_.changed();
    return true;
}

void PicturesWorker::tell(Notice::Kind kind, std::string message, std::string hint, std::uint64_t request) {
    parts_.notice(Notice{kind, std::move(message), std::move(hint), request});
}

void PicturesWorker::loop() {
    while (true) {
        {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, [this] {
                return quitting_ || question_ || !exports_.empty() || slots_[0].look.busy || slots_[1].look.busy;
            });
            if (quitting_) break;
        }
        if (parts_.beforeWork) parts_.beforeWork();
        doOne();
    }
}

void PicturesWorker::doOne() {
    std::optional<RegionQuestion> question;
    std::optional<DenseExport> exporting;
    std::optional<DenseRequest> opening;
    std::size_t slot = turn_;
    std::uint64_t serial = 0;
    {
        const std::lock_guard lock(mutex_);
        if (question_) {
            question = std::exchange(question_, std::nullopt);
        } else if (!exports_.empty()) {
            exporting = std::move(exports_.front());
            exports_.pop_front();
        } else {
            if (!slots_[slot].look.busy) slot = 1 - slot;
            if (!slots_[slot].look.busy) return;
            turn_ = 1 - slot;
            opening = std::exchange(slots_[slot].pending, std::nullopt);
            serial = slots_[slot].serial;
        }
    }
    if (question)
        answerQuestion(*question);
    else if (exporting)
        doExport(*exporting);
    else if (opening)
        openJob(slot, std::move(*opening), serial);
    else
        doPicture(slot);
}

}  // namespace vl
