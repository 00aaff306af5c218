// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDragEnterEvent>
#include <QGuiApplication>
#include <QClipboard>
#include <QKeyEvent>
#include <QMimeData>
#include <QUrl>

#include "app/studio/dense/dense_source.h"
#include "app/studio/detect/detect_view.h"
#include "app/studio/shell/opener.h"
#include "app/studio/shell/selection.h"
#include "app/studio/shell/studio_settings.h"
#include "widgets/empty_view.h"

namespace vl {
namespace {

bool isCheckpoint(const std::filesystem::path& file) { return file.extension() == ".safetensors"; }

}  // namespace

void DetectView::open(const std::filesystem::path& source) {
    if (auto request = denseSource(source)) return ask(std::move(*request));
    context_.report(QStringLiteral("warning"), tr("%1 is no picture, folder or video").arg(fromPath(source.filename())),
                    tr("Open a picture, a folder of pictures or a video."));
}

bool DetectView::open(const QMimeData& mime) {
    for (const QUrl& url : mime.urls())
        if (const auto path = toPath(url.toLocalFile()); url.isLocalFile() && isCheckpoint(path)) {
            openModel(path);
            return true;
        }
    auto request = denseSource(mime);
    if (request) ask(std::move(*request));
    return request.has_value();
}

void DetectView::ask(DenseRequest request) {
    request.checkpoint = model_;
    request.live = panel_->live();
    request.detect = panel_->testing();
    filter_.muted.clear();
    feed_.ask(std::move(request));
    refreshHeader();
    refreshPages();
    refreshDetect();
}

void DetectView::detect() {
    if (!whyNoDetect().isEmpty()) return;
    DenseRequest again = feed_.request();
    if (!feed_.asked()) {
        again.image = context_.selection.image().image;
        again.imageName = context_.selection.image().name.toStdString();
    }
    ask(std::move(again));
}

QString DetectView::whyNoDetect() const {
    if (!feed_.asked() && context_.selection.image().image.empty())
        return tr("Drop or open a picture, a folder or a video first.");
    return {};
}

QString DetectView::whyNoExport(bool all) const {
    if (!picture_) return tr("There is nothing to save yet.");
    if (feed_.busy()) return tr("Wait until all pictures are searched.");
    return all || picture_->problem.empty() ? QString() : tr("This picture could not be searched.");
}

void DetectView::exportTo(const std::filesystem::path& to, DenseExport::Form form, bool all) {
    if (!whyNoExport(all).isEmpty()) return;
    DenseExport what;
    what.form = form;
    what.to = to;
    if (!all) what.pictures = {at_};
    what.threshold = filter_.threshold;
    what.opacity = choices_.look.masks ? choices_.look.opacity : 0;
    for (int label : filter_.muted)
        what.muted.push_back(static_cast<std::uint8_t>(label));
    feed_.save(std::move(what));
}

void DetectView::openModel(const std::filesystem::path& file) {
    models_.open(file, [this, file](int at, const QString& why) {
        if (at < 0)
            return context_.report(QStringLiteral("error"), why, tr("Open a checkpoint of a detector (Mask R-CNN)."));
        model_ = file;
        onModels();
        if (feed_.asked()) detect();
    });
}

void DetectView::onModels() {
    QStringList names;
    for (const auto& each : models_.models())
        names << each.name;
    panel_->setModels(names);
    refreshModel();
}

// A checkpoint dropped anywhere comes through the selection; a detector's belongs here.
void DetectView::onCheckpointChosen() {
    const auto file = context_.selection.checkpoint();
    if (file.empty() || !isCheckpoint(file)) return;
    models_.open(file, [this, file](int at, const QString&) {
        if (at < 0 || context_.selection.checkpoint() != file) return;
        model_ = file;
        onModels();
        if (feed_.asked()) detect();
        context_.showView(id());
    });
}

void DetectView::dragEnterEvent(QDragEnterEvent* event) {
    if (!Opener::accepts(*event->mimeData())) return;
    event->acceptProposedAction();
    empty_->setDropActive(true);
    problem_->setDropActive(true);
}

void DetectView::dragLeaveEvent(QDragLeaveEvent*) {
    empty_->setDropActive(false);
    problem_->setDropActive(false);
}

void DetectView::dropEvent(QDropEvent* event) {
    dragLeaveEvent(nullptr);
    if (open(*event->mimeData()))
        event->acceptProposedAction();
    else
        context_.report(QStringLiteral("warning"), tr("Nothing in that drop can be searched"),
                        tr("Drop a picture, a folder of pictures, a video or a detector's checkpoint."));
}

// Pasting elsewhere goes to Inspect and Ctrl+Enter makes samples; while this view or its panel has the keyboard, both
// are meant for it.
bool DetectView::isOwnKey(const QKeyEvent& key) const {
    const bool enter = key.key() == Qt::Key_Return || key.key() == Qt::Key_Enter;
    const bool side = key.key() == Qt::Key_Left || key.key() == Qt::Key_Right;
    const auto modifiers = key.modifiers() & ~Qt::KeypadModifier;
    return key.matches(QKeySequence::Paste) || (enter && modifiers == Qt::ControlModifier) ||
           (side && modifiers == Qt::AltModifier) || (key.key() == Qt::Key_Escape && feed_.busy());
}

bool DetectView::actOnKey(const QKeyEvent& key) {
    if (!isOwnKey(key)) return false;
    if (key.matches(QKeySequence::Paste)) {
        if (const QMimeData* mime = QGuiApplication::clipboard()->mimeData()) open(*mime);
    } else if (key.key() == Qt::Key_Left || key.key() == Qt::Key_Right) {
        stepPicture(key.key() == Qt::Key_Right ? 1 : -1);
    } else if (key.key() == Qt::Key_Escape) {
        cancel();
    } else {
        detect();
    }
    return true;
}

bool DetectView::event(QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride && isOwnKey(*static_cast<QKeyEvent*>(event))) {
        event->accept();
        return true;
    }
    return View::event(event);
}

void DetectView::keyPressEvent(QKeyEvent* event) {
    if (!actOnKey(*event)) View::keyPressEvent(event);
}

// The panel stands in a dock of its own: its keys do not come by here.
bool DetectView::eventFilter(QObject* watched, QEvent* event) {
    if (watched == panel_ && event->type() == QEvent::ShortcutOverride && isOwnKey(*static_cast<QKeyEvent*>(event))) {
        event->accept();
        return true;
    }
    if (watched == panel_ && event->type() == QEvent::KeyPress && actOnKey(*static_cast<QKeyEvent*>(event)))
        return true;
    return View::eventFilter(watched, event);
}

}  // namespace vl
