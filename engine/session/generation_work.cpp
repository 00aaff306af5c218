// SPDX-License-Identifier: Apache-2.0
// The thread of GenerationWorker: one piece of work a turn, commands and questions in between.
#include <algorithm>
#include <cstdio>
#include <utility>

#include "engine/session/generation_worker.h"
#include "engine/train/translate_error.h"

namespace vl {
namespace {

std::size_t bytesOf(const SampleFrame& frame) {
    std::size_t bytes = 0;
    for (const auto* images : {&frame.noisy, &frame.clean})
        for (const Image& image : *images) bytes += image.pixels.size();
    return bytes;
}

std::string gigabytes(double bytes) {
    char text[32];
    std::snprintf(text, sizeof text, bytes < 1e9 ? "%.0f MB" : "%.1f GB", bytes < 1e9 ? bytes / 1e6 : bytes / 1e9);
    return text;
}

bool samePictures(const std::vector<Image>& a, const std::vector<Image>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Image& x, const Image& y) {
        return x.width == y.width && x.height == y.height && x.channels == y.channels && x.pixels == y.pixels;
    });
}

}  // namespace

void GenerationWorker::loop() {
    while (true) {
        std::uint64_t serial = 0;
        bool opening = false;
        {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, [this] {
                return quitting_ || pending_ || question_ || machine_.state() == GenerationState::Running;
            });
            if (quitting_) return;
            serial = serial_;
            opening = std::exchange(pending_, false);
        }
        try {
            if (parts_.beforeWork) parts_.beforeWork();
            work(serial, opening);
        } catch (...) {
            fail(std::current_exception(), serial);
        }
        answerQuestion();
    }
}

void GenerationWorker::work(std::uint64_t serial, bool opening) {
    if (opening) return open(serial);
    {
        const std::lock_guard lock(mutex_);
        if (serial != serial_ || machine_.state() != GenerationState::Running) return;
    }
    if (job_->done()) return finish(serial);
    advance(serial);
}

void GenerationWorker::open(std::uint64_t serial) {
    job_.reset();  // the model before goes first: two may not fit
    framesTaken_ = storedBytes_ = 0;
    stride_ = 1;
    lastFrameStep_ = 0;
    stepSeconds_ = frameSeconds_ = recentSeconds_ = 0;
    std::shared_ptr<const SampleRequest> request;
    {
        const std::lock_guard lock(mutex_);
        request = request_;
    }
    auto job = parts_.open(*request, [this, serial](double share) { return tellShare(share, serial); });
    if (!current(serial)) return;
    if (!job) throw Error(ErrorCode::Internal, "The model was opened but makes no samples.");
    job_ = std::move(job);
    auto plan = std::make_shared<const GenerationPlan>(job_->plan());
    {
        const std::lock_guard lock(mutex_);
        if (serial != serial_) return;
        status_.totalSteps = plan->totalSteps;
        status_.share = 0;
        plan_ = std::move(plan);
    }
    takeFrame(serial);
    report(GenerationReport::Opened, serial);
}

void GenerationWorker::advance(std::uint64_t serial) {
    const double begin = parts_.clock->seconds();
    if (!job_->advance([this, serial] { return current(serial); })) {
        if (current(serial)) throw Error(ErrorCode::Internal, "A step was given up without a reason.");
        return;
    }
    const double stepped = parts_.clock->seconds();
    if (frameWanted(job_->step())) takeFrame(serial);
    measure(stepped - begin, parts_.clock->seconds() - stepped, serial);
    if (job_->done()) return finish(serial);
    report(GenerationReport::Stepped, serial);
}

bool GenerationWorker::frameWanted(int step) const {
    if (job_->done() || step - lastFrameStep_ >= stride_) return true;
    const std::lock_guard lock(mutex_);
    return machine_.pausing() && storedBytes_ < parts_.frameBytes;  // whoever pauses or steps wants to see where it stands
}

void GenerationWorker::takeFrame(std::uint64_t serial) {
    auto frame = std::make_shared<const SampleFrame>(job_->frame());
    const std::size_t number = framesTaken_++, bytes = bytesOf(*frame);
    lastFrameStep_ = frame->step;
    if (number == 0) chooseStride(bytes);
    storedBytes_ += bytes;
    if (storedBytes_ > parts_.frameBytes) stride_ *= 2;  // more steps than the plan said
    {
        const std::lock_guard lock(mutex_);
        if (serial != serial_) return;
        frames_.push_back(std::move(frame));
        jobFrames_.push_back(number);
        if (number == 0) status_.firstPreviewMs = 1000 * (parts_.clock->seconds() - askedAt_);
    }
    ring(number == 0);
}

void GenerationWorker::chooseStride(std::size_t bytes) {
    int total = 0, wanted = 1;
    {
        const std::lock_guard lock(mutex_);
        total = plan_ ? plan_->totalSteps : 0;
        wanted = std::max(1, request_->previewEvery);
    }
    const auto needed = [&](int stride) { return static_cast<double>(bytes) * (total / stride + 2); };
    stride_ = wanted;
    while (needed(stride_) > static_cast<double>(parts_.frameBytes) && stride_ < total) stride_ *= 2;
    if (stride_ != wanted)
        tell(Notice::Kind::Info,
             "Frames are kept every " + std::to_string(stride_) + " steps only: every " +
                 (wanted == 1 ? std::string("step") : std::to_string(wanted) + " steps") + " would take " +
                 gigabytes(needed(wanted)) + " of memory.",
             "Make a smaller grid to see more of the way.");
}

void GenerationWorker::measure(double stepSeconds, double frameSeconds, std::uint64_t serial) {
    const double turn = stepSeconds + frameSeconds;
    stepSeconds_ += stepSeconds;
    frameSeconds_ += frameSeconds;
    recentSeconds_ = recentSeconds_ == 0 ? turn : 0.9 * recentSeconds_ + 0.1 * turn;
    const double all = stepSeconds_ + frameSeconds_;
    {
        const std::lock_guard lock(mutex_);
        if (serial != serial_) return;
        status_.step = job_->step();
        status_.stepsPerSecond = recentSeconds_ > 0 ? 1 / recentSeconds_ : 0;
        status_.secondsLeft = std::max(0, status_.totalSteps - status_.step) * recentSeconds_;
        status_.previewShare = all > 0 ? frameSeconds_ / all : 0;
        workSeconds_ = all;
    }
    ring(false);
}

void GenerationWorker::finish(std::uint64_t serial) {
    report(GenerationReport::Sampled, serial);
    if (!current(serial)) return;
    const double begin = parts_.clock->seconds();
    const auto last = std::make_shared<const SampleFrame>(
        job_->result([this, serial](double share) { return tellShare(share, serial); }));
    auto plan = std::make_shared<const GenerationPlan>(job_->plan());  // the hash of a large file may be late
    {
        const std::lock_guard lock(mutex_);
        if (serial != serial_) return;
        workSeconds_ += parts_.clock->seconds() - begin;
        if (plan->modelHash != plan_->modelHash) plan_ = std::move(plan);
    }
    keepResult(last, serial);
    save(*last, serial);
}

/// A result decoded in full is one more frame; one that is what the last frame shows already is not.
void GenerationWorker::keepResult(const std::shared_ptr<const SampleFrame>& last, std::uint64_t serial) {
    {
        const std::lock_guard lock(mutex_);
        if (serial != serial_ || (!frames_.empty() && samePictures(frames_.back()->clean, last->clean))) return;
        frames_.push_back(last);
        jobFrames_.push_back(jobFrames_.empty() ? 0 : jobFrames_.back());
    }
    ring(true);
}

void GenerationWorker::save(const SampleFrame& last, std::uint64_t serial) {
    std::filesystem::path folder, results;
    std::optional<Present> result;
    {
        const std::lock_guard lock(mutex_);
        if (serial != serial_) return;
        results = request_->resultsFolder;
        result = Present{record(), frames_};
    }
    if (!results.empty()) {
        try {
            folder = parts_.save(results, result->record, result->frames, last);
        } catch (...) {
            const Error error = translateError(std::current_exception());
            throw Error(error.code(), "The samples are ready but could not be saved: " + error.message(), error.hint());
        }
    }
    bool wanted = false;
    {
        const std::lock_guard lock(mutex_);
        wanted = serial == serial_;
        if (wanted) status_.folder = folder;
    }
    if (!wanted && !folder.empty()) {  // stopped while it was written, and whoever stopped it was told it is lost
        std::error_code ignored;
        std::filesystem::remove_all(folder, ignored);
    }
    report(GenerationReport::Saved, serial);
}

bool GenerationWorker::tellShare(double share, std::uint64_t serial) {
    {
        const std::lock_guard lock(mutex_);
        if (serial != serial_ || quitting_) return false;
        status_.share = share;
    }
    ring(false);
    return true;
}

void GenerationWorker::report(GenerationReport report, std::uint64_t serial) {
    bool changed = false;
    {
        const std::lock_guard lock(mutex_);
        if (serial != serial_) return;
        changed = apply(report);
    }
    if (changed) ring(true);
}

void GenerationWorker::fail(std::exception_ptr exception, std::uint64_t serial) {
    const Error error = translateError(exception);
    {
        const std::lock_guard lock(mutex_);
        if (serial != serial_ || quitting_) return;  // given up: how it ended is of no interest
        status_.problem = error.message();
        status_.advice = error.hint();
        status_.secondsLeft = 0;
        apply(GenerationReport::Broke);
    }
    tell(Notice::Kind::Error, error.message(), error.hint());
    ring(true);
}

void GenerationWorker::answerQuestion() {
    CellQuestion question;
    std::shared_ptr<const SampleRequest> about;
    {
        const std::lock_guard lock(mutex_);
        if (!question_ || pending_ || quitting_) return;
        question = *std::exchange(question_, std::nullopt);
        about = request_;
    }
    try {
        auto answer = std::make_shared<const CellAnswer>(answerTo(question));
        {
            const std::lock_guard lock(mutex_);
            if (about != request_) return;
            answer_ = std::move(answer);
        }
        ring(true);
    } catch (...) {  // a question that cannot be answered must not end the generation
        const Error error = translateError(std::current_exception());
        tell(Notice::Kind::Error, error.message(), error.hint());
    }
}

CellAnswer GenerationWorker::answerTo(CellQuestion question) {
    const std::size_t stored = question.frame;
    {
        const std::lock_guard lock(mutex_);
        if (!job_ || !plan_ || frames_.empty())
            throw Error(ErrorCode::NotFound, "There are no samples to look into.", "Generate some first.");
        if (stored >= frames_.size() || question.cell < 0 ||
            static_cast<std::size_t>(question.cell) >= plan_->grid.cells.size())
            throw Error(ErrorCode::Usage, "There is no such cell or frame in this grid.", "Choose one that is shown.");
        question.frame = jobFrames_[stored];
    }
    CellAnswer answer = job_->answer(question);
    answer.question = question.id;
    answer.cell = question.cell;
    answer.frame = stored;
    return answer;
}

}  // namespace vl
