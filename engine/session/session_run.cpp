// SPDX-License-Identifier: Apache-2.0
// The run thread of Session: one piece of work a turn, commands in between.
#include <algorithm>
#include <utility>

#include "engine/api/metrics_text.h"
#include "engine/core/text.h"
#include "engine/session/session.h"
#include "engine/train/translate_error.h"

namespace vl {
void Session::runLoop() {
    while (true) {
        waitForWork();
        try {
            doQueuedWork();
            switch (state()) {
                case RunState::Running:
                    advance();
                    break;
                case RunState::Pausing:
                    event(RunEventKind::Pause, "paused");
                    report(RunReport::Parked);
                    break;
                case RunState::Stopping:
                    closeRun();
                    break;
                default:
                    lookWhilePaused();
                    break;
            }
        } catch (...) {
            fail(std::current_exception());
        }
        const std::lock_guard lock(mutex_);
        if (quitting_ && !isActive(machine_.state())) return;
    }
}

void Session::waitForWork() {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [this] {
        const RunState state = machine_.state();
        const bool busy = state == RunState::Running || state == RunState::Pausing || state == RunState::Stopping;
        return quitting_ || busy || !queue_.empty() || (live_ && liveAsked_ && state != RunState::Starting);
    });
}

void Session::doQueuedWork() {
    while (true) {
        Work work;
        {
            const std::lock_guard lock(mutex_);
            if (queue_.empty()) return;
            work = std::move(queue_.front());
            queue_.pop_front();
        }
        perform(std::move(work));
    }
}

void Session::perform(Work work) {
    if (std::holds_alternative<StartWork>(work) || std::holds_alternative<ResumeWork>(work)) return openRun(work);
    if (!driver_) return;
    if (std::holds_alternative<CheckpointWork>(work)) return saveCheckpoint();
    if (const auto* recorded = std::get_if<EventWork>(&work)) return event(recorded->kind, "continued");
    if (const auto* edit = std::get_if<EditWork>(&work)) {
        try {
            event(RunEventKind::Edit, driver_->edit(edit->key, edit->value), edit->key);
            budget_.setShare(driver_->settings().inspect.share);
            updateFacts();
            saveCheckpoint();           // a later resume must not take steps before the edit with the edited settings
        } catch (const Error& error) {  // a value that does not fit the run is no reason to end it
            notice(Notice::Kind::Error, error.message(), error.hint());
        }
    }
}

void Session::openRun(const Work& work) {
    driver_.reset();                            // the model of the run before goes first: two may not fit
    if (state() != RunState::Starting) return;  // stopped before it began
    runSeconds_ = 0;
    runSteps_ = 0;
    const auto* begin = std::get_if<StartWork>(&work);
    const auto* again = std::get_if<ResumeWork>(&work);
    driver_ = begin ? parts_.runs.start(begin->settings, begin->runsFolder)
                    : parts_.runs.resume(again->runFolder, again->newTotalSteps);
    RunDriver::History history = driver_->history();
    store_.restore(std::move(history.steps), std::move(history.evals), std::move(history.events));
    budget_ = ShareBudget(driver_->settings().inspect.share);
    lastGallery_ = clock_->seconds();
    updateFacts();
    event(begin ? RunEventKind::Start : RunEventKind::Resume,
          begin ? "started" : "resumed at step " + std::to_string(driver_->facts().step),
          driver_->facts().folder.string());
    recordProblems();
    takeFilm();
    report(RunReport::Ready);
}

void Session::takeFilm() {
    auto frames = driver_->takeFilm();
    if (frames.empty()) return;
    store_.add(std::move(frames));
    notify();
}

void Session::recordProblems() {
    for (const std::string& problem : driver_->takeProblems())
        event(RunEventKind::Problem, problem);
}

void Session::advance() {
    const double begin = clock_->seconds();
    if (driver_->evaluationDue())
        evaluate();
    else if (driver_->done())
        return report(RunReport::Ending);
    else if (driver_->checkpointDue())
        saveCheckpoint();
    else
        stepOnce();
    takeFilm();
    runSeconds_ += clock_->seconds() - begin;
    updateFacts();
}

void Session::stepOnce() {
    const double begin = clock_->seconds();
    const StepMetrics row = driver_->step();
    store_.add(row);
    ++runSteps_;
    {
        const std::lock_guard lock(mutex_);
        status_.imagesPerSecond =
            runSteps_ == 1 ? row.imagesPerSecond : 0.9 * status_.imagesPerSecond + 0.1 * row.imagesPerSecond;
    }
    lookWhileTraining(clock_->seconds() - begin);
}

void Session::evaluate() {
    double last = clock_->seconds();
    const auto result = driver_->evaluate([&] {
        lookWhileTraining(clock_->seconds() - last);  // an evaluation takes long; whoever watches must not notice
        last = clock_->seconds();
        return keepEvaluating();
    });
    if (!result) return;
    store_.add(*result);
    event(RunEventKind::Evaluate, evaluationText(*result));
    if (auto gallery = driver_->gallery()) store_.publish(std::move(gallery));
    lastGallery_ = clock_->seconds();
    recordProblems();
    notify();
}

bool Session::keepEvaluating() const {
    const std::lock_guard lock(mutex_);
    return machine_.state() == RunState::Running && queue_.empty();
}

void Session::saveCheckpoint() {
    const std::filesystem::path file = driver_->saveCheckpoint();
    const std::int64_t step = driver_->facts().step;
    {
        const std::lock_guard lock(mutex_);
        status_.savedAt = clock_->wallSeconds();
        status_.savedStep = step;
    }
    event(RunEventKind::Checkpoint, "checkpoint at step " + std::to_string(step), file.string());
}

void Session::closeRun() {
    doQueuedWork();  // whatever was accepted before the state became "stopping"
    if (driver_) {
        saveCheckpoint();
        const bool done = driver_->done();
        event(done ? RunEventKind::Finish : RunEventKind::Stop,
              done ? "finished" : "stopped at step " + std::to_string(driver_->facts().step));
        updateFacts();
    }
    report(RunReport::Ended);
}

void Session::fail(std::exception_ptr exception) {
    const Error error = translateError(exception);
    {
        const std::lock_guard lock(mutex_);
        queue_.clear();
        status_.problem = error.message();
        status_.advice = error.hint();
    }
    updateFacts();
    try {
        event(RunEventKind::Fail, error.message(), error.hint());
    } catch (...) {  // the folder itself may be what failed; the state still says so
    }
    report(RunReport::Broke);
    notice(Notice::Kind::Error, error.message(), error.hint());
}

void Session::event(RunEventKind kind, std::string text, std::string detail) {
    RunEvent event{kind, driver_ ? driver_->facts().step : 0, clock_->wallSeconds(), std::move(text),
                   std::move(detail)};
    store_.add(event);
    if (driver_) driver_->record(event);
    notify();
}

void Session::report(RunReport report) {
    {
        const std::lock_guard lock(mutex_);
        const RunState before = machine_.state();
        if (machine_.apply(report) && parts_.onTransition) parts_.onTransition(before, machine_.state());
    }
    notify();
}

void Session::updateFacts() {
    if (!driver_) return;
    const RunFacts facts = driver_->facts();
    RunSettings settings = driver_->settings();
    const std::lock_guard lock(mutex_);
    settings_ = std::move(settings);
    status_.runName = facts.name;
    status_.folder = facts.folder;
    status_.step = facts.step;
    status_.totalSteps = facts.totalSteps;
    status_.stepsPerEpoch = facts.stepsPerEpoch;
    const double left = static_cast<double>(std::max<std::int64_t>(0, facts.totalSteps - facts.step));
    status_.secondsLeft = runSteps_ > 0 ? left * runSeconds_ / static_cast<double>(runSteps_) : 0;
}

RunState Session::state() const {
    const std::lock_guard lock(mutex_);
    return machine_.state();
}

}  // namespace vl
