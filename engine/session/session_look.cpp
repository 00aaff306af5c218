// SPDX-License-Identifier: Apache-2.0
// Looking inside the running model: what a front end asked for, within its share of the time.
#include <utility>

#include "engine/session/session.h"
#include "engine/train/translate_error.h"

namespace vl {
namespace {

/// Seconds between two predictions of the gallery while training, on top of the share they must stay within.
constexpr double kGalleryInterval = 2;

/// Seconds between two refreshes of the same live look. A new request is answered at once. Drawing a refresh costs the
/// window several times what computing it costs the engine, and the two share the cores.
constexpr double kLiveInterval = 0.25;

}  // namespace

void Session::lookWhilePaused() {
    bool asked = false;
    {
        const std::lock_guard lock(mutex_);
        asked = live_ && liveAsked_;
    }
    if (asked) lookLive();
}

void Session::lookWhileTraining(double stepSeconds) {
    budget_.earn(stepSeconds);
    if (!budget_.affordable()) return;
    const double begin = clock_->seconds();
    bool liveDue = false;
    {
        const std::lock_guard lock(mutex_);
        liveDue = live_ && (liveAsked_ || begin - lastLive_ >= kLiveInterval);
    }
    const bool galleryDue = begin - lastGallery_ > kGalleryInterval;
    if (galleryDue && (galleryTurn_ || !liveDue))
        refreshGallery();
    else if (liveDue)
        lookLive();
    else
        return;
    galleryTurn_ = !galleryTurn_;
    budget_.spend(clock_->seconds() - begin);
}

void Session::lookLive() {
    InspectRequest request;
    {
        const std::lock_guard lock(mutex_);
        if (!live_) return;
        request = *live_;
        liveAsked_ = false;
    }
    lastLive_ = clock_->seconds();
    try {
        if (!driver_)
            throw Error(ErrorCode::NotFound, "There is no run whose weights could be looked at.",
                        "Start a run or choose a checkpoint.");
        auto inspection = driver_->inspect(request);
        {
            const std::lock_guard lock(mutex_);
            if (!live_ || live_->id != request.id) return;  // cancelled or replaced meanwhile
        }
        store_.publish(std::move(inspection));
        notify();
    } catch (...) {  // a picture that cannot be looked at must not end the training
        const Error error = translateError(std::current_exception());
        {
            const std::lock_guard lock(mutex_);
            if (live_ && live_->id == request.id) live_.reset();
        }
        notice(Notice::Kind::Error, error.message(), error.hint(), request.id);
    }
}

void Session::refreshGallery() {
    lastGallery_ = clock_->seconds();
    if (auto gallery = driver_->refreshGallery()) {
        store_.publish(std::move(gallery));
        notify();
    }
}

}  // namespace vl
