// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <vector>

#include <QObject>
#include <QThreadPool>

#include "engine/api/run_folder.h"

namespace vl {

class RunStore;

/// A model of a dense task: its file and what the file says about it.
struct DenseChoice {
    QString name;  ///< for the chooser
    CheckpointInfo info;
};

/// The models of one task there are: demo models, checkpoints of runs, files that were opened. Files are looked at on a
/// thread.
class DenseModels : public QObject {
    Q_OBJECT
public:
    DenseModels(RunStore& runs, ModelTask task, std::filesystem::path demoFolder, QObject* parent = nullptr);
    ~DenseModels() override;

    const std::vector<DenseChoice>& models() const { return models_; }
    int find(const std::filesystem::path& file) const;  ///< -1: not there
    void scan();                                        ///< the demo folder and the runs again
    /// Adds one file; `done` comes on the GUI thread with its place, or -1 and why it is not one.
    void open(const std::filesystem::path& file, std::function<void(int at, const QString& why)> done);
    void wait();  ///< for tests and screenshots

Q_SIGNALS:
    void changed();

private:
    void add(std::vector<CheckpointInfo> found);

    RunStore& runs_;
    ModelTask task_;
    std::filesystem::path demoFolder_;
    std::vector<DenseChoice> models_;
    QThreadPool pool_;
};

}  // namespace vl
