// SPDX-License-Identifier: Apache-2.0
#include "engine/session/session.h"

#include <utility>

#include "engine/train/runtime.h"
#include "engine/train/translate_error.h"

namespace vl {

Session::Session(SessionParts parts)
    : parts_(std::move(parts)),
      clock_(parts_.clock ? parts_.clock : std::make_shared<SystemClock>()),
      machineInfo_(&unknownMachine_) {
    worker_ = std::make_unique<InspectWorker>(
        [this](const InspectRequest& request) {
            limitSideWork();
            return parts_.look(request);
        },
        [this](std::shared_ptr<const Inspection> inspection) {
            store_.publish(std::move(inspection));
            notify();
        },
        [this](const InspectRequest& request, std::exception_ptr problem) {
            const Error error = translateError(problem);
            notice(Notice::Kind::Error, error.message(), error.hint(), request.id);
        });
    checkpointWorker_ = std::make_unique<CheckpointWorker>(
        [this](const std::filesystem::path& file, const CheckpointOptions& options, const ReadWatcher& watch) {
            if (!parts_.checkpoint)
                throw Error(ErrorCode::Unsupported, "This engine cannot read checkpoint files.", "Use the full program.");
            limitSideWork();
            return parts_.checkpoint(file, options, watch);
        },
        [this] { notify(); }, clock_);
    makeGenerationWorker();
    makePicturesWorker();
    if (parts_.probe)
        probeThread_ = std::thread([this] {
            try {
                probedMachine_ = parts_.probe();
                machineInfo_.store(&probedMachine_, std::memory_order_release);
            } catch (...) {
                const Error error = translateError(std::current_exception());
                notice(Notice::Kind::Warning, "The machine could not be examined: " + error.message(), error.hint());
            }
            notify();
        });
    runThread_ = std::thread([this] { runLoop(); });
}

Session::~Session() { shutdown(); }

void Session::start(const RunSettings& settings, const std::filesystem::path& runsFolder) {
    command(RunCommand::Start, StartWork{settings, runsFolder});
}

void Session::resume(const std::filesystem::path& runFolder, std::optional<std::int64_t> newTotalSteps) {
    command(RunCommand::Resume, ResumeWork{runFolder, newTotalSteps});
}

void Session::pause() { command(RunCommand::Pause); }

void Session::continueRun() { command(RunCommand::Continue, EventWork{RunEventKind::Continue}); }

void Session::stop() { command(RunCommand::Stop); }

void Session::checkpointNow() { command(RunCommand::Checkpoint, CheckpointWork{}); }

void Session::edit(const std::string& key, const SettingValue& value) {
    try {
        if (findSetting(key).applies == Applies::NextRun) {
            notice(Notice::Kind::Warning, "'" + key + "' cannot change during a run.",
                   "It takes effect in the next run.");
            return;
        }
        RunSettings trial = settings();
        applySetting(trial, key, value);
    } catch (const Error& error) {
        notice(Notice::Kind::Error, error.message(), error.hint());
        return;
    }
    command(RunCommand::Edit, EditWork{key, value});
}

void Session::inspect(const InspectRequest& request) {
    if (!request.live) {
        {
            const std::lock_guard lock(mutex_);
            live_.reset();
        }
        worker_->request(request);
        return;
    }
    worker_->cancel();
    bool noRun = false;
    {
        const std::lock_guard lock(mutex_);
        noRun = machine_.state() == RunState::Idle || quitting_;
        if (!noRun) {
            live_ = request;
            liveAsked_ = true;
            wake_.notify_all();
        }
    }
    if (noRun)
        notice(Notice::Kind::Warning, "There is no run whose weights could be looked at.",
               "Start a run or choose a checkpoint.", request.id);
}

void Session::cancelInspect() {
    worker_->cancel();
    const std::lock_guard lock(mutex_);
    live_.reset();
    liveAsked_ = false;
}

void Session::lookAtCheckpoint(const CheckpointRequest& request) { checkpointWorker_->request(request); }

void Session::cancelCheckpoint() { checkpointWorker_->cancel(); }

CheckpointLook Session::checkpoint() const { return checkpointWorker_->look(); }

RunStatus Session::status() const {
    const std::lock_guard lock(mutex_);
    RunStatus status = status_;
    status.state = machine_.state();
    return status;
}

RunSettings Session::settings() const {
    const std::lock_guard lock(mutex_);
    return settings_;
}

MetricsBatch Session::metrics(std::uint64_t generation, std::size_t fromStep, std::size_t fromEval) const {
    return store_.metrics(generation, fromStep, fromEval);
}

std::vector<RunEvent> Session::events(std::uint64_t generation, std::size_t from) const {
    return store_.events(generation, from);
}

std::vector<Notice> Session::takeNotices() { return store_.takeNotices(); }

std::shared_ptr<const Inspection> Session::inspection() const { return store_.inspection(); }

std::shared_ptr<const Gallery> Session::gallery() const { return store_.gallery(); }

const MachineInfo& Session::machine() const { return *machineInfo_.load(std::memory_order_acquire); }

void Session::setListener(std::function<void()> listener) {
    const std::lock_guard lock(listenerMutex_);
    listener_ = std::move(listener);
}

void Session::shutdown() {
    std::call_once(shutdownOnce_, [this] {
        {
            const std::lock_guard lock(mutex_);
            quitting_ = true;
            const RunState before = machine_.state();
            machine_.apply(RunCommand::Stop);
            if (parts_.onTransition && before != machine_.state()) parts_.onTransition(before, machine_.state());
            wake_.notify_all();
        }
        generationWorker_->shutdown();
        picturesWorker_->shutdown();
        if (runThread_.joinable()) runThread_.join();
        exports_.shutdown();
        worker_->shutdown();
        checkpointWorker_->shutdown();
        if (probeThread_.joinable()) probeThread_.join();
    });
}

void Session::limitSideWork() const {
    const int all = parts_.threads > 0 ? parts_.threads : usableCores();
    limitThisThread(isActive(state()) ? 1 : all);
}

bool Session::command(RunCommand command, std::optional<Work> work) {
    std::string why;
    {
        const std::lock_guard lock(mutex_);
        const RunState before = machine_.state();
        why = quitting_ ? "The program is closing." : machine_.apply(command);
        if (why.empty()) {
            if (parts_.onTransition && before != machine_.state()) parts_.onTransition(before, machine_.state());
            if (command == RunCommand::Start || command == RunCommand::Resume) {
                const std::uint64_t generation = store_.beginRun();
                status_ = RunStatus{};
                status_.generation = generation;
                if (const auto* start = std::get_if<StartWork>(&*work)) {
                    settings_ = start->settings;
                    status_.runName = start->settings.name;
                }
            }
            if (work) queue_.push_back(std::move(*work));
            wake_.notify_all();
        }
    }
    if (!why.empty())
        notice(Notice::Kind::Warning, why, {});
    else
        notify();
    return why.empty();
}

void Session::notify() {
    std::function<void()> listener;
    {
        const std::lock_guard lock(listenerMutex_);
        listener = listener_;
    }
    if (listener) listener();
}

void Session::notice(Notice::Kind kind, std::string message, std::string hint, std::uint64_t request) {
    store_.add(Notice{kind, std::move(message), std::move(hint), request});
    notify();
}

}  // namespace vl
