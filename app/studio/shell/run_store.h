// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include <QObject>
#include <QString>

#include "engine/api/run_folder.h"

namespace vl {

class EngineLink;

/// One run in the project tree: the live one (fed by EngineLink) or a folder opened or followed.
struct StoredRun {
    QString name;
    std::filesystem::path folder;
    int series = 0;               ///< colour index, kept for good
    bool visible = true;
    bool live = false;            ///< its rows are EngineLink's
    RunRecord record;             ///< empty steps while live: use EngineLink's
    RunState state = RunState::Idle;
};

/// All runs the studio knows; reads folders off the GUI thread and follows those another process writes.
class RunStore : public QObject {
    Q_OBJECT
public:
    RunStore(EngineLink& link, std::filesystem::path runsFolder, QObject* parent = nullptr);
    ~RunStore() override;

    const std::vector<std::shared_ptr<StoredRun>>& runs() const { return runs_; }
    const std::filesystem::path& runsFolder() const { return runsFolder_; }
    std::shared_ptr<StoredRun> find(const std::filesystem::path& folder) const;
    void open(const std::filesystem::path& folder);   ///< asynchronous; runAdded or failed follows
    void setVisible(const std::filesystem::path& folder, bool visible);
    /// Lists what the runs folder holds, newest first, hidden until someone asks for them; asynchronous.
    void scan(int newest = 12);
    /// Looks for rows another process appended; the timer calls it, tests may too.
    void follow();
    /// Blocks until every read asked for so far has been answered; for tests and screenshots.
    void waitForReads();

Q_SIGNALS:
    void runAdded(const std::shared_ptr<vl::StoredRun>& run);
    void runChanged(const std::shared_ptr<vl::StoredRun>& run);
    void failed(const QString& message, const QString& hint);

private:
    void adoptLiveRun();
    void releaseLiveRun();
    void read(const std::filesystem::path& folder, bool visible, bool quiet);
    void take(RunRecord record, bool visible);
    void append(const std::filesystem::path& folder, const RunFollower::News& news);
    int seriesFor(const std::filesystem::path& folder) const;
    QString nameFor(const StoredRun& run, const QString& name) const;

    EngineLink& link_;
    std::filesystem::path runsFolder_;
    std::vector<std::shared_ptr<StoredRun>> runs_;
    std::int64_t savedStep_ = -1;
    std::filesystem::path liveFolder_;          ///< as the engine wrote it
    std::shared_ptr<StoredRun> liveRun_;
    struct Worker;
    std::unique_ptr<Worker> worker_;
};

}  // namespace vl
