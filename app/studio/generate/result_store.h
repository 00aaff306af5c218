// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include <QImage>
#include <QObject>
#include <QThreadPool>

#include "engine/api/sample_result.h"

namespace vl {

/// A stored result with a picture small enough for a list.
struct StoredResult {
    SampleResultInfo info;
    QImage thumbnail;
};
using StoredResults = std::shared_ptr<const std::vector<StoredResult>>;

/// Lists, reads and writes stored results on a thread of its own; answers come on the GUI thread.
class ResultStore : public QObject {
    Q_OBJECT
public:
    using Frames = std::vector<std::shared_ptr<const SampleFrame>>;

    explicit ResultStore(std::filesystem::path folder, QObject* parent = nullptr);
    ~ResultStore() override;

    const std::filesystem::path& folder() const { return folder_; }
    const StoredResults& results() const { return results_; }  ///< newest first, never null
    void list();
    /// `problem` is empty when the frames could be read.
    void readFrames(const std::filesystem::path& result,
                    std::function<void(Frames frames, const QString& problem)> done);
    /// What a PNG says about how it was made.
    void readRecord(
        const std::filesystem::path& png,
        std::function<void(std::shared_ptr<const SampleRecord> record, const QString& problem, const QString& hint)>
            done);
    /// Writes `request.file` from frames in memory; the path that was written, or empty with a problem.
    void write(const SampleRecord& record, Frames frames, const ExportRequest& request,
               std::function<void(const std::filesystem::path& file, const QString& problem)> done);
    void wait();  ///< for tests, screenshots and a drag that is about to start

Q_SIGNALS:
    void listed();

private:
    std::filesystem::path folder_;
    StoredResults results_;
    std::uint64_t newest_ = 0;
    QThreadPool pool_;
};

/// Up to 2 x 2 cells of a grid's picture.
QImage gridThumbnail(const QImage& sheet, int rows, int columns, int side);

}  // namespace vl
