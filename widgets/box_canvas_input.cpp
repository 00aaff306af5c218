// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include <QApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QWheelEvent>

#include "widgets/box_canvas.h"
#include "widgets/paint_helpers.h"

namespace vl {

void BoxCanvas::resizeEvent(QResizeEvent*) {
    if (!fitted_) limitPan();
    invalidate();
    Q_EMIT zoomChanged(zoom());
}

void BoxCanvas::wheelEvent(QWheelEvent* event) {
    setZoom(zoom() * std::pow(1.0015, event->angleDelta().y()), event->position());
    event->accept();
}

void BoxCanvas::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton && event->button() != Qt::MiddleButton)
        return QWidget::mousePressEvent(event);
    pressed_ = true;
    dragged_ = false;
    pressedAt_ = event->position();
    offsetAtPress_ = pictureRect().topLeft();
}

void BoxCanvas::mouseMoveEvent(QMouseEvent* event) {
    const QPointF at = event->position();
    if (pressed_ && (dragged_ || (at - pressedAt_).manhattanLength() >= QApplication::startDragDistance())) {
        dragged_ = true;
        if (!fitted_) {
            offset_ = offsetAtPress_ + at - pressedAt_;
            limitPan();
            invalidate();
        }
        return;
    }
    cursor_ = pictureRect().contains(at) ? std::optional(at) : std::nullopt;
    hover(markAt(at));
    Q_EMIT cursorMoved(toPicture(at), cursor_.has_value());
    if (!strides_.empty()) update();
}

void BoxCanvas::mouseReleaseEvent(QMouseEvent* event) {
    const bool click = pressed_ && !dragged_ && event->button() == Qt::LeftButton;
    pressed_ = dragged_ = false;
    if (!click) return;
    setSelected(markAt(event->position()));
    Q_EMIT selectedChanged(selected_);
}

void BoxCanvas::mouseDoubleClickEvent(QMouseEvent* event) {
    if (fitted_)
        setZoom(std::max(1.0, zoom() * 2), event->position());
    else
        fit();
}

void BoxCanvas::leaveEvent(QEvent*) {
    cursor_.reset();
    hover(-1);
    Q_EMIT cursorMoved({}, false);
    update();
}

void BoxCanvas::keyPressEvent(QKeyEvent* event) {
    const QPointF middle = QRectF(rect()).center();
    switch (event->key()) {
        case Qt::Key_H:
            if (!event->isAutoRepeat()) setHidden(true);
            return;
        case Qt::Key_N: Q_EMIT stepped(1); return;
        case Qt::Key_P: Q_EMIT stepped(-1); return;
        case Qt::Key_M: Q_EMIT toggled(QStringLiteral("masks")); return;
        case Qt::Key_B: Q_EMIT toggled(QStringLiteral("boxes")); return;
        case Qt::Key_L: Q_EMIT toggled(QStringLiteral("labels")); return;
        case Qt::Key_T: Q_EMIT toggled(QStringLiteral("truth")); return;
        case Qt::Key_A: Q_EMIT toggled(QStringLiteral("attention")); return;
        case Qt::Key_Plus:
        case Qt::Key_Equal: setZoom(zoom() * 1.25, middle); return;
        case Qt::Key_Minus: setZoom(zoom() / 1.25, middle); return;
        case Qt::Key_0: fit(); return;
        case Qt::Key_1: setZoom(1 / devicePixelRatioF(), middle); return;
        case Qt::Key_Escape:
            if (selected_ < 0) break;
            setSelected(-1);
            Q_EMIT selectedChanged(-1);
            return;
        default: break;
    }
    QWidget::keyPressEvent(event);
}

void BoxCanvas::keyReleaseEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_H && !event->isAutoRepeat()) return setHidden(false);
    QWidget::keyReleaseEvent(event);
}

void BoxCanvas::focusInEvent(QFocusEvent* event) {
    ring_ = isKeyboardFocus(event->reason());
    update();
    QWidget::focusInEvent(event);
}

void BoxCanvas::focusOutEvent(QFocusEvent* event) {
    setHidden(false);
    ring_ = false;
    update();
    QWidget::focusOutEvent(event);
}

}  // namespace vl
