// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "app/cli/command.h"
#include "app/cli/console.h"
#include "app/cli/interrupt.h"
#include "app/cli/settings_arguments.h"
#include "engine/api/metrics_text.h"
#include "engine/core/error.h"
#include "engine/core/resource_paths.h"
#include "engine/core/text.h"
#include "engine/session/make_session.h"
#include "engine/train/trainer.h"

namespace vl::cli {
namespace {

struct TrainArguments {
    std::string config, project, out, resume;
    std::vector<std::string> sets;
};

/// Sleeps until the engine says that something happened, or a tenth of a second has passed.
class Bell {
public:
    void ring() {
        const std::lock_guard lock(mutex_);
        rung_ = true;
        condition_.notify_one();
    }
    void wait() {
        std::unique_lock lock(mutex_);
        condition_.wait_for(lock, std::chrono::milliseconds(100), [this] { return rung_; });
        rung_ = false;
    }

private:
    std::mutex mutex_;
    std::condition_variable condition_;
    bool rung_ = false;
};

/// Shows a run: a rewritten line on a terminal, a line every few seconds elsewhere.
class RunReport {
public:
    explicit RunReport(Engine& engine) : engine_(engine) {}

    void refresh() {
        const RunStatus status = engine_.status();
        const MetricsBatch news = engine_.metrics(status.generation, steps_, evals_);
        for (const StepMetrics& row : news.steps)
            take(row);
        steps_ = news.nextStep;
        evals_ = news.nextEval;
        showEvents(status);
        if (status.totalSteps == 0) return;
        const std::string text = statusText(status);
        if (onTerminal())
            progress_.update(static_cast<double>(status.step) / static_cast<double>(status.totalSteps), text);
        else if (const auto now = std::chrono::steady_clock::now();
                 now - lastLine_ >= std::chrono::seconds(5) && status.step != lineStep_) {
            progress_.line(text);
            lastLine_ = now;
            lineStep_ = status.step;
        }
    }
    void finish(const RunStatus& status) {
        refresh();
        if (status.totalSteps > 0 && !onTerminal() && status.step != lineStep_) progress_.line(statusText(status));
        progress_.clear();
    }
    /// What the evaluations came to, empty before the first.
    std::string outcome() const {
        if (!last_) return {};
        if (isDenoiserRow(*last_) || !last_->classScores.empty()) return evaluationText(*last_);
        return "accuracy " + formatFixed(100 * last_->accuracy, 2) + " % (best " + formatFixed(100 * best_, 2) + " %)";
    }

private:
    void take(const StepMetrics& row) {
        smoothLoss_ = seen_ ? 0.95 * smoothLoss_ + 0.05 * row.loss : row.loss;
        smoothAccuracy_ = seen_ ? 0.95 * smoothAccuracy_ + 0.05 * row.accuracy : row.accuracy;
        epoch_ = row.epoch;
        seen_ = true;
    }
    void showEvents(const RunStatus& status) {
        const auto events = engine_.events(status.generation, events_);
        // A resumed run brings its past along; what is worth printing begins where it was taken up again.
        auto first = events.begin();
        for (auto event = events.begin(); event != events.end(); ++event)
            if (event->kind == RunEventKind::Resume) first = event;
        for (auto at = first; at != events.end(); ++at) {
            const RunEvent& event = *at;
            if (event.kind == RunEventKind::Evaluate || event.kind == RunEventKind::Edit ||
                event.kind == RunEventKind::Problem)
                progress_.line("step " + thousands(event.step) + ": " + event.text);
            if (event.kind == RunEventKind::Start || event.kind == RunEventKind::Resume)
                progress_.line("run folder " + event.detail +
                               (event.kind == RunEventKind::Resume ? ", " + event.text : ""));
        }
        events_ += events.size();
        for (const EvalMetrics& row : engine_.metrics(status.generation, steps_, evalsSeen_).evals) {
            last_ = row;
            best_ = std::max(best_, row.accuracy);
            ++evalsSeen_;
        }
        for (const Notice& notice : engine_.takeNotices())
            if (status.state != RunState::Failed && notice.kind != Notice::Kind::Info)
                progress_.line(notice.message + " " + notice.hint);
    }
    std::string statusText(const RunStatus& status) const {
        std::string text = "step " + thousands(status.step) + "/" + thousands(status.totalSteps);
        if (!seen_) return text;
        text += "  epoch " + formatFixed(epoch_, 2) + "  loss " + formatFixed(smoothLoss_, 4);
        if (smoothAccuracy_ > 0) text += "  acc " + formatFixed(100 * smoothAccuracy_, 1) + " %";  // denoisers have none
        text += "  " + formatFixed(status.imagesPerSecond, 0) + " img/s";
        if (status.secondsLeft > 0) text += "  ETA " + duration(status.secondsLeft);
        return text;
    }

    Engine& engine_;
    ProgressLine progress_;
    std::size_t steps_ = 0, evals_ = 0, evalsSeen_ = 0, events_ = 0;
    double smoothLoss_ = 0, smoothAccuracy_ = 0, epoch_ = 0, best_ = -1;
    std::optional<EvalMetrics> last_;
    bool seen_ = false;
    std::int64_t lineStep_ = -1;
    std::chrono::steady_clock::time_point lastLine_ = std::chrono::steady_clock::now();
};

RunSettings resolveSettings(const TrainArguments& arguments) {
    RunSettings settings;
    if (!arguments.config.empty())
        settings = loadSettings(arguments.config);
    else if (!arguments.project.empty())
        settings = loadSettings(findProject(arguments.project));
    applySets(settings, arguments.sets);
    validate(settings);
    return settings;
}

/// With --out the run folder is exactly that one; it must not hold a run already.
void useExactFolder(SessionParts& parts, const std::filesystem::path& folder) {
    if (isRunFolder(folder))
        throw Error(ErrorCode::Usage, folder.string() + " already holds a run.",
                    "Continue it with --resume, or choose another --out folder.");
    parts.runs.start = [folder](const RunSettings& settings, const std::filesystem::path&) {
        return Trainer::start(settings, folder);
    };
}

int summary(const RunStatus& status, const RunReport& report, bool stopped) {
    if (status.state == RunState::Failed) {
        printError(status.problem, status.advice);
        return 1;
    }
    std::printf("%s at step %s of %s", stopped ? "stopped" : "finished", thousands(status.step).c_str(),
                thousands(status.totalSteps).c_str());
    if (const std::string outcome = report.outcome(); !outcome.empty()) std::printf(", %s", outcome.c_str());
    std::printf("\nrun folder %s\n", status.folder.string().c_str());
    if (stopped) std::printf("continue with: visionllama train --resume %s\n", status.folder.string().c_str());
    return 0;
}

int runTrain(const TrainArguments& arguments) {
    SessionParts parts = standardParts({resourceFolder(), 0});
    parts.probe = nullptr;
    std::optional<std::int64_t> newTotal;
    RunSettings settings;
    if (arguments.resume.empty()) {
        settings = resolveSettings(arguments);
        if (!arguments.out.empty()) useExactFolder(parts, arguments.out);
    } else {
        newTotal = totalStepsFrom(arguments.sets);
    }
    Bell bell;
    Session session(std::move(parts));
    session.setListener([&bell] { bell.ring(); });
    catchInterrupts();
    if (arguments.resume.empty())
        session.start(settings, "runs");
    else
        session.resume(arguments.resume, newTotal);

    RunReport report(session);
    bool stopped = false;
    while (isActive(session.status().state)) {
        bell.wait();
        report.refresh();
        if (interrupted() && !stopped) {
            stopped = true;
            session.stop();
        }
    }
    const RunStatus status = session.status();
    report.finish(status);
    session.shutdown();
    return summary(status, report, stopped && status.step < status.totalSteps);
}

}  // namespace

void addTrain(CLI::App& app, Action& action) {
    auto* command = app.add_subcommand("train", "Train a model; Ctrl-C stops with a checkpoint (exit code 0)");
    auto arguments = std::make_shared<TrainArguments>();
    auto* config = command->add_option("config", arguments->config, "Run configuration (TOML)");
    auto* project =
        command
            ->add_option("--project", arguments->project, "Ready configuration by name; `visionllama info` lists them")
            ->excludes(config);
    auto* out = command->add_option("--out", arguments->out, "Run folder to write; default a numbered one under runs/");
    command->add_option("--set", arguments->sets, "Change a setting: key=value, may be repeated")
        ->allow_extra_args(false);
    command->add_option("--resume", arguments->resume, "Run folder to continue; --set train.max_steps=N extends it")
        ->excludes(config)
        ->excludes(project)
        ->excludes(out);
    command->callback([&action, arguments] {
        if (arguments->config.empty() && arguments->project.empty() && arguments->resume.empty())
            throw CLI::ValidationError("train needs a configuration file, --project NAME or --resume DIR");
        action = [arguments] { return runTrain(*arguments); };
    });
}

}  // namespace vl::cli
