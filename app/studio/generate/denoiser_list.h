// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <vector>

#include <QObject>
#include <QThreadPool>

#include "engine/api/run_folder.h"

namespace vl {

class RunStore;

/// A model that can make samples: its file and what the file says about it.
struct Denoiser {
    QString name;  ///< for the chooser
    CheckpointInfo info;
};

/// The denoisers there are: demo models, checkpoints of runs, files that were opened. Files are looked at on a thread.
class DenoiserList : public QObject {
    Q_OBJECT
public:
    DenoiserList(RunStore& runs, std::filesystem::path demoFolder, QObject* parent = nullptr);
    ~DenoiserList() override;

    const std::vector<Denoiser>& models() const { return models_; }
    int find(const std::filesystem::path& file) const;  ///< -1: not there
    /// Looks at the demo folder and the runs again.
    void scan();
    /// Adds one file; `done` comes on the GUI thread with its place, or -1 when it is no denoiser (`why` says what it
    /// is).
    void open(const std::filesystem::path& file, std::function<void(int at, const QString& why)> done);
    void wait();  ///< for tests and screenshots

Q_SIGNALS:
    void changed();

private:
    void add(std::vector<CheckpointInfo> found);

    RunStore& runs_;
    std::filesystem::path demoFolder_;
    std::vector<Denoiser> models_;
    QThreadPool pool_;
};

}  // namespace vl
