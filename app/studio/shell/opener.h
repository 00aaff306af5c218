// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <functional>

#include <QObject>
#include <QString>
#include <QThreadPool>

#include "app/studio/shell/dropped_item.h"
#include "app/studio/shell/view.h"
#include "engine/api/types.h"

class QMimeData;

namespace vl {

/// Opens whatever is dropped, pasted, chosen or named on the command line. Recognising and decoding happen on a
/// background thread; the result lands in the selection, the run store or a problem row.
class Opener : public QObject {
    Q_OBJECT
public:
    explicit Opener(StudioContext& context, QObject* parent = nullptr);
    ~Opener() override;

    void open(const std::filesystem::path& path);
    /// Files, a picture or a path as text; false when there is nothing of use in it.
    bool open(const QMimeData& data);
    static bool accepts(const QMimeData& data);
    /// Jobs still under way, for the status bar.
    int pending() const { return pending_; }
    /// Blocks until the background work is done (its results still arrive as events); for tests and screenshots.
    void waitForWork() { pool_.waitForDone(); }

Q_SIGNALS:
    void imageOpened(const QString& path, int width, int height);
    void folderListed(const QString& folder, const QStringList& pictures);
    void checkpointOpened(const QString& path);
    void runOpened(const QString& path);
    void settingsOpened(const QString& path);
    void pendingChanged();

private:
    void act(const DroppedItem& item);
    void openCheckpoint(const std::filesystem::path& file);
    void decode(const std::filesystem::path& file);
    void showImage(const QString& name, const QString& path, Image image);
    /// Runs `work` on the pool and what it returns on this thread; a vl::Error becomes a problem row.
    void background(std::function<std::function<void()>()> work);

    StudioContext& context_;
    QThreadPool pool_;
    int pending_ = 0;
    int newest_ = 0;          ///< only the picture asked for last is shown
};

}  // namespace vl
