// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include <QDesktopServices>
#include <QDrag>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QMenu>
#include <QMimeData>
#include <QUrl>

#include "app/studio/generate/generate_view.h"
#include "app/studio/shell/dropped_item.h"
#include "app/studio/shell/engine_link.h"
#include "app/studio/shell/selection.h"
#include "app/studio/shell/studio_settings.h"

namespace vl {
namespace {

bool isPng(const std::filesystem::path& file) {
    return QString::fromStdString(file.extension().string()).toLower() == QLatin1String(".png");
}

}  // namespace

void GenerateView::openModel(const std::filesystem::path& file) {
    models_.open(file, [this, file](int at, const QString& why) {
        if (at < 0) {
            context_.report(QStringLiteral("error"), why, tr("Open a checkpoint of a denoiser (DiT or SiT)."));
            return;
        }
        wantedModel_ = models_.models()[static_cast<std::size_t>(at)].info.file;
        onModels();
    });
}

// A checkpoint dropped anywhere comes through the selection; a denoiser's belongs here.
void GenerateView::onCheckpointChosen() {
    const auto file = context_.selection.checkpoint();
    if (file.empty() || file.extension() != ".safetensors") return;
    models_.open(file, [this, file](int at, const QString&) {
        if (at < 0 || context_.selection.checkpoint() != file) return;
        wantedModel_ = file;
        onModels();
        context_.showView(id());
    });
}

void GenerateView::openResult(const std::filesystem::path& folder) {
    const auto& all = *results_.results();
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.info.folder == folder; });
    if (found == all.end()) return;
    opening_ = folder;
    results_.readFrames(
        folder, [this, folder, record = found->info.record](ResultStore::Frames frames, const QString& problem) {
            if (opening_ != folder) return;  // another one was asked for meanwhile
            if (!problem.isEmpty())
                return context_.report(QStringLiteral("error"), problem, tr("Generate it again from its settings."));
            shown_ = {};
            shown_.record = record;
            shown_.folder = folder;
            shown_.frames = std::move(frames);
            const int model = models_.find(record.model);
            if (model >= 0) shown_.classNames = models_.models()[static_cast<std::size_t>(model)].info.classNames;
            follow_ = true;
            takeShown();
        });
}

void GenerateView::restoreFrom(const std::filesystem::path& png) {
    results_.readRecord(
        png, [this, png](std::shared_ptr<const SampleRecord> record, const QString& problem, const QString& hint) {
            if (!record)
                return context_.report(QStringLiteral("error"), problem,
                                       hint.isEmpty() ? tr("Drop a PNG that this program saved from a grid.") : hint);
            if (models_.find(record->model) < 0)
                context_.report(QStringLiteral("warning"),
                                tr("The model of %1 is not in the list").arg(fromPath(png.filename())),
                                tr("It was made with %1; the settings are used with the chosen model.")
                                    .arg(QString::fromStdString(record->modelName)));
            panel_->form().restore(*record);
            panel_->tabs().setCurrent(0);
        });
}

QString GenerateView::whyNoExport() const {
    if (shown_.empty() || shown_.frames.empty()) return tr("There is nothing to save yet.");
    return {};
}

ExportRequest GenerateView::exportRequest(const std::filesystem::path& file, int cell) const {
    ExportRequest request;
    if (!shown_.live || !shown_.folder.empty()) request.result = shown_.folder;
    request.file = file;
    request.cell = cell;
    return request;
}

void GenerateView::exportTo(const std::filesystem::path& file, int cell) {
    if (!whyNoExport().isEmpty()) return;
    context_.link.engine().exportResult(exportRequest(file, cell));
}

void GenerateView::saveAs(int cell) {
    const QString name = shown_.folder.empty() ? QStringLiteral("samples") : fromPath(shown_.folder.filename());
    const QString file = QFileDialog::getSaveFileName(this, cell < 0 ? tr("Save grid") : tr("Save sample"),
                                                      name + QStringLiteral(".png"),
                                                      tr("Picture (*.png);;Animation (*.gif);;Film (*.mp4)"));
    if (!file.isEmpty()) exportTo(toPath(file), cell);
}

void GenerateView::keepSeed() {
    const int cell = grid_->selected();
    if (cell >= 0 && !shown_.empty()) panel_->form().keepSeed(shown_.settings(cell).seed);
}

void GenerateView::interpolate(Vary vary) {
    if (vary == Vary::SeedMix) keepSeed();
    panel_->form().interpolate(vary);
    panel_->tabs().setCurrent(0);
}

// Held: the finished cells of the other grid in the place of these; the frames are read once and only while asked for.
void GenerateView::blink(const std::filesystem::path& folder, bool held) {
    if (!held) {
        opening_.clear();
        return refreshFrame();
    }
    opening_ = folder;
    results_.readFrames(folder, [this, folder](ResultStore::Frames frames, const QString& problem) {
        if (opening_ != folder || !problem.isEmpty() || frames.empty()) return;
        std::vector<QImage> pictures;
        for (int cell = 0; cell < shown_.cells(); ++cell)
            pictures.push_back(frameImage(frames.back(), cell, clean_));
        grid_->setPictures(std::move(pictures));
    });
}

// The file is written while the hand still moves; a drag that comes first waits the rest.
void GenerateView::prepareDrag(int cell) {
    dragFile_.clear();
    if (!whyNoExport().isEmpty() || feed_.active() || !dragged_.isValid()) return;
    dragCell_ = cell;
    ExportRequest request;
    const QString name = QStringLiteral("%1-%2-seed-%3.png")
                             .arg(shown_.folder.empty() ? QStringLiteral("sample") : fromPath(shown_.folder.filename()))
                             .arg(cell + 1)
                             .arg(shown_.settings(cell).seed);
    request.file = toPath(dragged_.filePath(name));
    request.cell = cell;
    std::error_code ignored;
    std::filesystem::remove(request.file, ignored);  // our own folder: the same cell again
    results_.write(shown_.record, shown_.frames, request,
                   [this, cell](const std::filesystem::path& file, const QString&) {
                       if (dragCell_ == cell) dragFile_ = file;
                   });
}

void GenerateView::startDrag(int cell) {
    if (dragCell_ != cell) return;
    if (dragFile_.empty()) results_.wait();
    if (dragFile_.empty()) return;
    auto* mime = new QMimeData;
    mime->setUrls({QUrl::fromLocalFile(fromPath(dragFile_))});
    auto* drag = new QDrag(grid_);
    drag->setMimeData(mime);
    drag->setPixmap(QPixmap::fromImage(grid_->picture(cell).scaled(64, 64, Qt::KeepAspectRatio)));
    drag->exec(Qt::CopyAction);
}

void GenerateView::dragEnterEvent(QDragEnterEvent* event) {
    if (event->source() == grid_) return event->acceptProposedAction();  // its own cell: taken, and nothing happens
    for (const QUrl& url : event->mimeData()->urls()) {
        const auto file = toPath(url.toLocalFile());
        if (isPng(file) || file.extension() == ".safetensors") return event->acceptProposedAction();
    }
}

void GenerateView::dropEvent(QDropEvent* event) {
    if (event->source() == grid_) return event->acceptProposedAction();
    for (const QUrl& url : event->mimeData()->urls()) {
        const auto file = toPath(url.toLocalFile());
        event->acceptProposedAction();
        if (isPng(file)) return restoreFrom(file);
        return openModel(file);
    }
}

void GenerateView::cellMenu(int cell, const QPoint& global) {
    QMenu menu(this);
    connect(menu.addAction(tr("Keep seed")), &QAction::triggered, this, &GenerateView::keepSeed);
    connect(menu.addAction(tr("Save sample…")), &QAction::triggered, this, [this, cell] { saveAs(cell); });
    connect(menu.addAction(tr("Save grid…")), &QAction::triggered, this, [this] { saveAs(-1); });
    menu.exec(global);
}

void GenerateView::historyMenu(int place, const QPoint& global) {
    const SampleResultInfo info = history_->result(place).info;
    QMenu menu(this);
    connect(menu.addAction(tr("Use these settings")), &QAction::triggered, this, [this, info] {
        panel_->form().restore(info.record);
        panel_->tabs().setCurrent(0);
    });
    connect(menu.addAction(tr("Show in folder")), &QAction::triggered, this,
            [info] { QDesktopServices::openUrl(QUrl::fromLocalFile(fromPath(info.folder))); });
    connect(menu.addAction(tr("Export…")), &QAction::triggered, this, [this, info] {
        const QString file = QFileDialog::getSaveFileName(this, tr("Save grid"),
                                                          fromPath(info.folder.filename()) + QStringLiteral(".png"),
                                                          tr("Picture (*.png);;Animation (*.gif);;Film (*.mp4)"));
        if (file.isEmpty()) return;
        ExportRequest request;
        request.result = info.folder;
        request.file = toPath(file);
        context_.link.engine().exportResult(request);
    });
    menu.exec(global);
}

}  // namespace vl
