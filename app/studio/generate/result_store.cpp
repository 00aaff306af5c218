// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/generate/result_store.h"

#include <algorithm>
#include <utility>

#include <QCoreApplication>
#include <QEvent>
#include <QImageReader>
#include <QPainter>

#include "app/studio/shell/studio_settings.h"
#include "engine/core/error.h"

namespace vl {
namespace {

constexpr int kThumbnail = 96;  // twice the drawn side, for screens of double density
constexpr std::size_t kMost = 200;

}  // namespace

QImage gridThumbnail(const QImage& sheet, int rows, int columns, int side) {
    if (sheet.isNull() || rows < 1 || columns < 1) return {};
    QImage made(side, side, QImage::Format_RGB32);
    made.fill(QColor(0x10, 0x13, 0x16));
    QPainter painter(&made);
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    const double cellWidth = double(sheet.width()) / columns, cellHeight = double(sheet.height()) / rows;
    const bool alone = rows * columns == 1;
    const int parts = alone ? 1 : 2;
    const double part = double(side) / parts;
    for (int i = 0; i < (alone ? 1 : 4); ++i) {
        // A long row fills the square with its first four.
        const int row = rows == 1 ? 0 : i / 2, column = rows == 1 ? i : columns == 1 ? 0 : i % 2;
        const int down = columns == 1 ? i : row;
        if (down >= rows || column >= columns) continue;
        painter.drawImage(QRectF(i % parts * part, i / parts * part, part, part), sheet,
                          QRectF(column * cellWidth, down * cellHeight, cellWidth, cellHeight));
    }
    return made;
}

ResultStore::ResultStore(std::filesystem::path folder, QObject* parent)
    : QObject(parent), folder_(std::move(folder)), results_(std::make_shared<std::vector<StoredResult>>()) {
    pool_.setMaxThreadCount(1);
}

ResultStore::~ResultStore() {
    pool_.clear();
    pool_.waitForDone();
}

void ResultStore::list() {
    const std::uint64_t number = ++newest_;
    pool_.start([this, number, folder = folder_, known = results_] {
        auto made = std::make_shared<std::vector<StoredResult>>();
        for (SampleResultInfo& info : listSampleResults(folder)) {
            if (made->size() == kMost) break;
            const auto old = std::find_if(known->begin(), known->end(),
                                          [&](const auto& each) { return each.info.folder == info.folder; });
            QImage thumbnail = old != known->end()
                                   ? old->thumbnail
                                   : gridThumbnail(QImageReader(fromPath(info.folder / "grid.png")).read(),
                                                   info.record.grid.rows, info.record.grid.columns, kThumbnail);
            made->push_back({std::move(info), std::move(thumbnail)});
        }
        QMetaObject::invokeMethod(this, [this, number, made] {
            if (number != newest_) return;
            results_ = made;
            Q_EMIT listed();
        });
    });
}

void ResultStore::readFrames(const std::filesystem::path& result, std::function<void(Frames, const QString&)> done) {
    pool_.start([this, result, done = std::move(done)] {
        Frames frames;
        QString problem;
        try {
            for (SampleFrame& frame : readSampleFrames(result))
                frames.push_back(std::make_shared<SampleFrame>(std::move(frame)));
        } catch (const Error& error) {
            problem = QString::fromStdString(error.message());
        } catch (const std::exception&) {
            problem = tr("The frames of %1 could not be read.").arg(fromPath(result.filename()));
        }
        QMetaObject::invokeMethod(
            this, [done, frames = std::move(frames), problem]() mutable { done(std::move(frames), problem); });
    });
}

void ResultStore::readRecord(
    const std::filesystem::path& png,
    std::function<void(std::shared_ptr<const SampleRecord>, const QString&, const QString&)> done) {
    pool_.start([this, png, done = std::move(done)] {
        std::shared_ptr<const SampleRecord> record;
        QString problem, hint;
        try {
            record = std::make_shared<SampleRecord>(recordFromPicture(png));
        } catch (const Error& error) {
            problem = QString::fromStdString(error.message());
            hint = QString::fromStdString(error.hint());
        } catch (const std::exception&) {
            problem = tr("%1 could not be read.").arg(fromPath(png.filename()));
        }
        QMetaObject::invokeMethod(this, [done, record, problem, hint] { done(record, problem, hint); });
    });
}

void ResultStore::write(const SampleRecord& record, Frames frames, const ExportRequest& request,
                        std::function<void(const std::filesystem::path&, const QString&)> done) {
    pool_.start([this, record, frames = std::move(frames), request, done = std::move(done)] {
        std::filesystem::path file;
        QString problem;
        try {
            std::error_code ignored;
            std::filesystem::create_directories(request.file.parent_path(), ignored);
            file = exportSampleResult(record, frames, request);
        } catch (const Error& error) {
            problem = QString::fromStdString(error.message());
        } catch (const std::exception&) {
            problem = tr("%1 could not be written.").arg(fromPath(request.file));
        }
        QMetaObject::invokeMethod(this, [done, file, problem] { done(file, problem); });
    });
}

void ResultStore::wait() {
    pool_.waitForDone();
    QCoreApplication::sendPostedEvents(this, QEvent::MetaCall);
}

}  // namespace vl
