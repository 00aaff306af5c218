// SPDX-License-Identifier: GPL-3.0-or-later
#include <QClipboard>
#include <QDragEnterEvent>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QMimeData>

#include "app/studio/segment/segment_view.h"
#include "app/studio/shell/opener.h"
#include "widgets/empty_view.h"

namespace vl {

void SegmentView::dragEnterEvent(QDragEnterEvent* event) {
    if (!Opener::accepts(*event->mimeData())) return;
    event->acceptProposedAction();
    empty_->setDropActive(true);
    problem_->setDropActive(true);
}

void SegmentView::dragLeaveEvent(QDragLeaveEvent*) {
    empty_->setDropActive(false);
    problem_->setDropActive(false);
}

void SegmentView::dropEvent(QDropEvent* event) {
    dragLeaveEvent(nullptr);
    if (open(*event->mimeData()))
        event->acceptProposedAction();
    else
        context_.report(QStringLiteral("warning"), tr("Nothing in that drop can be segmented"),
                        tr("Drop a picture, a folder of pictures, a video or a segmenter's checkpoint."));
}

// Pasting elsewhere goes to Inspect and Ctrl+Enter makes samples; while this view or its panel has the keyboard, both
// are meant for it.
bool SegmentView::isOwnKey(const QKeyEvent& key) const {
    const bool enter = key.key() == Qt::Key_Return || key.key() == Qt::Key_Enter;
    const auto modifiers = key.modifiers() & ~Qt::KeypadModifier;
    return key.matches(QKeySequence::Paste) || (enter && modifiers == Qt::ControlModifier) ||
           (key.key() == Qt::Key_Escape && feed_.busy());
}

bool SegmentView::actOnKey(const QKeyEvent& key) {
    if (!isOwnKey(key)) return false;
    if (key.matches(QKeySequence::Paste)) {
        if (const QMimeData* pasted = QGuiApplication::clipboard()->mimeData()) open(*pasted);
    } else if (key.key() == Qt::Key_Escape) {
        cancel();
    } else {
        segment();
    }
    return true;
}

bool SegmentView::event(QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride && isOwnKey(*static_cast<QKeyEvent*>(event))) {
        event->accept();
        return true;
    }
    return View::event(event);
}

void SegmentView::keyPressEvent(QKeyEvent* event) {
    if (actOnKey(*event)) return;
    if (event->modifiers() == Qt::NoModifier && (event->key() == Qt::Key_N || event->key() == Qt::Key_P))
        stepPicture(event->key() == Qt::Key_N ? 1 : -1);
    else
        View::keyPressEvent(event);
}

// The panel stands in a dock of its own: its keys do not come by here.
bool SegmentView::eventFilter(QObject* watched, QEvent* event) {
    if (watched == panel_ && event->type() == QEvent::ShortcutOverride &&
        isOwnKey(*static_cast<QKeyEvent*>(event))) {
        event->accept();
        return true;
    }
    if (watched == panel_ && event->type() == QEvent::KeyPress && actOnKey(*static_cast<QKeyEvent*>(event)))
        return true;
    return View::eventFilter(watched, event);
}

}  // namespace vl
