// SPDX-License-Identifier: GPL-3.0-or-later
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QToolTip>
#include <algorithm>

#include "widgets/attention_canvas.h"
#include "widgets/paint_helpers.h"

namespace vl {

void AttentionCanvas::showColumns(bool columns) {
    if (columns == columns_) return;
    columns_ = columns;
    Q_EMIT columnsRequested(columns);
}

void AttentionCanvas::mouseMoveEvent(QMouseEvent* event) {
    if (pressed_ && (dragged_ || (event->position() - pressedAt_).manhattanLength() > 6)) {
        dragged_ = true;
        const auto size = pictureLayout().rect().size();
        pan_ = PictureLayout::limitedPan(size, pictureArea(), panAtPress_ + event->position() - pressedAt_);
        update();
        return;
    }
    const int token = tokenAt(event->position());
    if (token < 0) return;
    showColumns(event->modifiers() & Qt::ShiftModifier);
    if (token != query_) Q_EMIT queryRequested(token);
}

void AttentionCanvas::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return;
    setFocus(Qt::MouseFocusReason);
    pressed_ = true;
    dragged_ = false;
    pressedAt_ = event->position();
    panAtPress_ = pan_;
}

void AttentionCanvas::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton || !pressed_) return;
    pressed_ = false;
    const int token = dragged_ ? -1 : tokenAt(event->position());
    if (token >= 0) Q_EMIT pinToggled(token);
}

// Arrows walk the grid; the class token lies below the last row.
void AttentionCanvas::moveQuery(int dr, int dc) {
    if (geometry_.queryRows <= 0) return;
    const auto patch = patchOfToken(geometry_, query_);
    int next = -1;
    if (!patch)
        next =
            dr < 0 || query_ < 0 ? tokenOfPatch(geometry_, geometry_.queryRows - 1, geometry_.queryCols - 1) : query_;
    else if (dr > 0 && patch->row == geometry_.queryRows - 1)
        next = geometry_.classTokenIndex;
    else
        next = tokenOfPatch(geometry_, patch->row + dr, patch->col + dc);
    if (next >= 0 && next != query_) Q_EMIT queryRequested(next);
}

void AttentionCanvas::focusInEvent(QFocusEvent* event) {
    ring_ = isKeyboardFocus(event->reason());
    QWidget::focusInEvent(event);
    update();
}

void AttentionCanvas::keyPressEvent(QKeyEvent* event) {
    switch (event->key()) {
        case Qt::Key_BracketLeft:
            Q_EMIT layerStepped(-1);
            return;
        case Qt::Key_BracketRight:
            Q_EMIT layerStepped(1);
            return;
        case Qt::Key_Comma:
            Q_EMIT headStepped(-1);
            return;
        case Qt::Key_Period:
            Q_EMIT headStepped(1);
            return;
        case Qt::Key_Up:
            moveQuery(-1, 0);
            return;
        case Qt::Key_Down:
            moveQuery(1, 0);
            return;
        case Qt::Key_Left:
            moveQuery(0, -1);
            return;
        case Qt::Key_Right:
            moveQuery(0, 1);
            return;
        case Qt::Key_O:
            Q_EMIT opacityStepped(event->modifiers() & Qt::ShiftModifier ? 1 : -1);
            return;
        case Qt::Key_H:
            if (!event->isAutoRepeat()) setOverlayHidden(true);
            return;
        case Qt::Key_F:
            setActualSize(false);
            return;
        case Qt::Key_0:
            setActualSize(true);
            return;
        case Qt::Key_Escape:
            Q_EMIT unpinAll();
            return;
        case Qt::Key_Return:
        case Qt::Key_Enter:
        case Qt::Key_Space:
            if (query_ >= 0) Q_EMIT pinToggled(query_);
            return;
        case Qt::Key_Shift:
            showColumns(true);
            break;
        default:
            break;
    }
    QWidget::keyPressEvent(event);
}

void AttentionCanvas::keyReleaseEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_H && !event->isAutoRepeat()) return setOverlayHidden(false);
    if (event->key() == Qt::Key_Shift) showColumns(false);
    QWidget::keyReleaseEvent(event);
}

// A release that goes to another window must not leave the overlay hidden.
void AttentionCanvas::focusOutEvent(QFocusEvent* event) {
    setOverlayHidden(false);
    showColumns(false);
    QWidget::focusOutEvent(event);
    update();
}

bool AttentionCanvas::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const int token = tokenAt(help->pos());
        if (token < 0 || token >= static_cast<int>(values_.size())) {
            QToolTip::hideText();
            return true;
        }
        const auto patch = patchOfToken(geometry_, token);
        const QString name = patch ? tr("patch (%1, %2)").arg(patch->row).arg(patch->col) : tr("class token");
        QToolTip::showText(help->globalPos(), tr("%1, weight %2").arg(name, shareText(values_[token])), this,
                           tokenRect(token).toAlignedRect());
        return true;
    }
    if (event->type() == QEvent::ShortcutOverride) {
        // Single letters belong to the canvas while it has focus, whatever the window's shortcuts are.
        static constexpr int own[] = {
            Qt::Key_BracketLeft, Qt::Key_BracketRight, Qt::Key_Comma, Qt::Key_Period, Qt::Key_O, Qt::Key_H, Qt::Key_F,
            Qt::Key_0,           Qt::Key_Escape};
        const auto* key = static_cast<QKeyEvent*>(event);
        if (!(key->modifiers() & ~(Qt::ShiftModifier | Qt::KeypadModifier)) &&
            std::ranges::find(own, key->key()) != std::end(own))
            event->accept();
    }
    return QWidget::event(event);
}

}  // namespace vl
