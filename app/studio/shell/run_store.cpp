// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/shell/run_store.h"

#include <algorithm>
#include <array>
#include <exception>
#include <functional>
#include <map>
#include <utility>

#include <QThreadPool>
#include <QTimer>

#include "app/studio/shell/engine_link.h"
#include "app/studio/shell/studio_settings.h"
#include "engine/core/error.h"

namespace vl {
namespace {

constexpr int kFollowMs = 1000;

std::filesystem::path tidy(const std::filesystem::path& folder) {
    std::error_code ignored;
    std::filesystem::path full = std::filesystem::weakly_canonical(folder, ignored);
    return ignored ? folder.lexically_normal() : full;
}

}  // namespace

/// Reads on one background thread; answers come back as calls on the GUI thread.
struct RunStore::Worker {
    QThreadPool pool;
    QTimer timer;
    std::map<std::filesystem::path, std::shared_ptr<RunFollower>> followers;  // used by the pool's thread only
    bool followPending = false;

    Worker() { pool.setMaxThreadCount(1); }
    ~Worker() {
        pool.clear();
        pool.waitForDone();
    }
    /// The first poll of a follower returns what the record holds already; it is thrown away.
    void startFollowing(const std::filesystem::path& folder) {
        auto follower = std::make_shared<RunFollower>(folder);
        follower->poll();
        followers[folder] = std::move(follower);
    }
};

RunStore::RunStore(EngineLink& link, std::filesystem::path runsFolder, QObject* parent)
    : QObject(parent), link_(link), runsFolder_(tidy(runsFolder)), worker_(std::make_unique<Worker>()) {
    connect(&link_, &EngineLink::runReplaced, this, &RunStore::releaseLiveRun);
    connect(&link_, &EngineLink::statusChanged, this, &RunStore::adoptLiveRun);
    connect(&worker_->timer, &QTimer::timeout, this, &RunStore::follow);
    worker_->timer.start(kFollowMs);
}

RunStore::~RunStore() = default;

std::shared_ptr<StoredRun> RunStore::find(const std::filesystem::path& folder) const {
    const std::filesystem::path wanted = tidy(folder);
    const auto it = std::find_if(runs_.begin(), runs_.end(), [&](const auto& run) { return run->folder == wanted; });
    return it == runs_.end() ? nullptr : *it;
}

int RunStore::seriesFor(const std::filesystem::path& folder) const {
    const auto settings = openStudioSettings();
    const QString key = QStringLiteral("series/") + QString::fromLatin1(fromPath(folder).toUtf8().toBase64(
                                                        QByteArray::Base64UrlEncoding));
    if (const QVariant kept = settings->value(key); kept.isValid()) return kept.toInt() & 7;
    std::array<int, 8> used{};
    for (const auto& run : runs_) ++used[static_cast<std::size_t>(run->series)];
    const int series = int(std::min_element(used.begin(), used.end()) - used.begin());
    settings->setValue(key, series);
    return series;
}

/// The run's own name; its folder's where another run has the same.
QString RunStore::nameFor(const StoredRun& run, const QString& name) const {
    const QString folder = fromPath(run.folder.filename());
    if (name.isEmpty()) return folder;
    const bool taken = std::any_of(runs_.begin(), runs_.end(), [&](const auto& other) { return other.get() != &run && other->name == name; });
    return taken ? folder : name;
}

void RunStore::adoptLiveRun() {
    const RunStatus& status = link_.status();
    if (status.folder.empty()) return;
    // Twelve times a second: the disk is asked only when the folder is another one.
    auto run = status.folder == liveFolder_ ? liveRun_ : find(status.folder);
    const bool isNew = !run;
    if (isNew) {
        run = std::make_shared<StoredRun>();
        run->folder = tidy(status.folder);
        run->name = nameFor(*run, QString::fromStdString(status.runName));
        run->series = seriesFor(run->folder);
        run->record.folder = run->folder;
        runs_.insert(runs_.begin(), run);
    }
    liveFolder_ = status.folder;
    liveRun_ = run;
    const bool wasLive = std::exchange(run->live, true);
    if (!wasLive) {
        run->visible = true;
        run->record.settings = link_.engine().settings();
    }
    const bool saved = std::exchange(savedStep_, status.savedStep) != status.savedStep;
    const bool stateChanged = std::exchange(run->state, status.state) != status.state;
    if (isNew) Q_EMIT runAdded(run);
    if (!isNew && (!wasLive || stateChanged)) Q_EMIT runChanged(run);
    if (!wasLive || saved || stateChanged) read(run->folder, true, true);  // its list of checkpoints
}

void RunStore::releaseLiveRun() {
    for (const auto& run : runs_) {
        if (!run->live || run->folder == tidy(link_.status().folder)) continue;
        run->live = false;
        read(run->folder, run->visible, true);
    }
}

void RunStore::open(const std::filesystem::path& folder) { read(tidy(folder), true, false); }

void RunStore::scan(int newest) {
    worker_->pool.start([this, newest, root = runsFolder_] {
        std::vector<std::filesystem::path> folders;
        try {
            folders = listRunFolders(root);
        } catch (const std::exception&) {
            return;  // no runs folder yet is the normal first start
        }
        if (folders.size() > static_cast<std::size_t>(newest)) folders.resize(static_cast<std::size_t>(newest));
        QMetaObject::invokeMethod(this, [this, folders] {
            for (const auto& folder : folders)
                if (!find(folder)) read(tidy(folder), false, true);
        });
    });
}

void RunStore::read(const std::filesystem::path& folder, bool visible, bool quiet) {
    worker_->pool.start([this, worker = worker_.get(), folder, visible, quiet] {
        try {
            worker->startFollowing(folder);
            auto record = std::make_shared<RunRecord>(readRunFolder(folder));
            record->folder = folder;
            QMetaObject::invokeMethod(this, [this, record, visible] { take(std::move(*record), visible); });
        } catch (const Error& error) {
            if (quiet) return;
            QMetaObject::invokeMethod(this, [this, error] {
                Q_EMIT failed(QString::fromStdString(error.message()), QString::fromStdString(error.hint()));
            });
        } catch (const std::exception&) {
            if (quiet) return;
            QMetaObject::invokeMethod(this, [this, folder] {
                Q_EMIT failed(tr("%1 could not be read").arg(fromPath(folder)), tr("Check that the disk is still there."));
            });
        }
    });
}

void RunStore::take(RunRecord record, bool visible) {
    auto run = find(record.folder);
    const bool isNew = !run;
    if (isNew) {
        run = std::make_shared<StoredRun>();
        run->folder = record.folder;
        run->series = seriesFor(run->folder);
        run->visible = visible;
        runs_.push_back(run);
    }
    run->visible = run->visible || visible;
    if (run->live) {  // its rows are the link's; the folder knows the checkpoints
        record.steps.clear();
        record.evals.clear();
        record.events.clear();
    } else {
        run->state = record.state;
    }
    run->name = nameFor(*run, QString::fromStdString(record.settings.name));
    run->record = std::move(record);
    if (isNew)
        Q_EMIT runAdded(run);
    else
        Q_EMIT runChanged(run);
}

void RunStore::setVisible(const std::filesystem::path& folder, bool visible) {
    const auto run = find(folder);
    if (!run || run->visible == visible) return;
    run->visible = visible;
    Q_EMIT runChanged(run);
}

void RunStore::follow() {
    if (worker_->followPending) return;
    std::vector<std::filesystem::path> folders;
    for (const auto& run : runs_)
        if (!run->live) folders.push_back(run->folder);
    if (folders.empty()) return;
    worker_->followPending = true;
    worker_->pool.start([this, worker = worker_.get(), folders] {
        auto grown = std::make_shared<std::vector<std::filesystem::path>>();
        auto rows = std::make_shared<std::map<std::filesystem::path, RunFollower::News>>();
        for (const auto& folder : folders) {
            const auto it = worker->followers.find(folder);
            if (it == worker->followers.end()) continue;
            try {
                RunFollower::News news = it->second->poll();
                if (!news.events.empty())
                    grown->push_back(folder);  // state or checkpoints may have changed: read it whole
                else if (!news.steps.empty() || !news.evals.empty())
                    (*rows)[folder] = std::move(news);
            } catch (const std::exception&) {
                continue;  // moved or unmounted: what is drawn stays, the next poll tries again
            }
        }
        QMetaObject::invokeMethod(this, [this, grown, rows] {
            worker_->followPending = false;
            for (const auto& folder : *grown) read(folder, false, true);
            for (auto& [folder, news] : *rows) append(folder, news);
        });
    });
}

void RunStore::append(const std::filesystem::path& folder, const RunFollower::News& news) {
    const auto run = find(folder);
    if (!run || run->live) return;
    RunRecord& record = run->record;
    for (const StepMetrics& row : news.steps)
        if (record.steps.empty() || row.step > record.steps.back().step) record.steps.push_back(row);
    for (const EvalMetrics& row : news.evals)
        if (record.evals.empty() || row.step > record.evals.back().step) record.evals.push_back(row);
    if (record.state == RunState::Idle || record.state == RunState::Stopping) run->state = RunState::Running;
    Q_EMIT runChanged(run);
}

void RunStore::waitForReads() { worker_->pool.waitForDone(); }

}  // namespace vl
