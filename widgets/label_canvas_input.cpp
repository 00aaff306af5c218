// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include <QApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QWheelEvent>

#include "widgets/label_canvas.h"
#include "widgets/paint_helpers.h"

namespace vl {

void LabelCanvas::resizeEvent(QResizeEvent*) {
    if (!fitted_) limitPan();
    invalidate();
    Q_EMIT zoomChanged(zoom());
}

void LabelCanvas::wheelEvent(QWheelEvent* event) {
    setZoom(zoom() * std::pow(1.0015, event->angleDelta().y()), event->position());
    event->accept();
}

void LabelCanvas::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton && event->button() != Qt::MiddleButton)
        return QWidget::mousePressEvent(event);
    pressed_ = true;
    dragged_ = false;
    splitting_ = event->button() == Qt::LeftButton && onSplit(event->position());
    pressedAt_ = event->position();
    offsetAtPress_ = offset_;
}

void LabelCanvas::mouseMoveEvent(QMouseEvent* event) {
    const QPointF at = event->position();
    if (splitting_) {
        const QRectF seen = seenRect();
        if (seen.width() > 0) setSplit((at.x() - seen.left()) / seen.width());
        return;
    }
    if (pressed_ && (dragged_ || (at - pressedAt_).manhattanLength() >= QApplication::startDragDistance())) {
        dragged_ = true;
        pan(offsetAtPress_ + at - pressedAt_ - offset_);
        return;
    }
    setCursor(onSplit(at) ? Qt::SplitHCursor : Qt::ArrowCursor);
    hover(at);
}

void LabelCanvas::mouseReleaseEvent(QMouseEvent* event) {
    const bool click = pressed_ && !dragged_ && !splitting_ && event->button() == Qt::LeftButton;
    pressed_ = dragged_ = splitting_ = false;
    if (click && hoverLabel_ >= 0 && event->modifiers().testFlag(Qt::AltModifier)) Q_EMIT soloAsked(hoverLabel_);
}

void LabelCanvas::mouseDoubleClickEvent(QMouseEvent* event) {
    if (onSplit(event->position())) return setSplit(0.5);
    if (fitted_)
        setZoom(std::max(1.0, zoom() * 2), event->position());
    else
        fit();
}

void LabelCanvas::leaveEvent(QEvent*) { leave(); }

void LabelCanvas::keyPressEvent(QKeyEvent* event) {
    const QPointF middle = QRectF(rect()).center();
    const bool split = side_ == Side::Split;
    const double far = event->modifiers().testFlag(Qt::ShiftModifier) ? 0.1 : 0.01;
    switch (event->key()) {
        case Qt::Key_H:
            if (!event->isAutoRepeat()) setHidden(true);
            return;
        case Qt::Key_N:
            Q_EMIT stepped(1);
            return;
        case Qt::Key_P:
            Q_EMIT stepped(-1);
            return;
        case Qt::Key_T:
            Q_EMIT toggled(QStringLiteral("side"));
            return;
        case Qt::Key_O:
            Q_EMIT toggled(QStringLiteral("outline"));
            return;
        case Qt::Key_E:
            Q_EMIT toggled(QStringLiteral("errors"));
            return;
        case Qt::Key_U:
            Q_EMIT toggled(QStringLiteral("entropy"));
            return;
        case Qt::Key_A:
            Q_EMIT toggled(QStringLiteral("attention"));
            return;
        case Qt::Key_M:
            if (hoverLabel_ >= 0) Q_EMIT muteAsked(hoverLabel_);
            return;
        case Qt::Key_S:
            if (hoverLabel_ >= 0) Q_EMIT soloAsked(hoverLabel_);
            return;
        case Qt::Key_Left:
            if (split)
                setSplit(split_ - far);
            else
                pan({40, 0});
            return;
        case Qt::Key_Right:
            if (split)
                setSplit(split_ + far);
            else
                pan({-40, 0});
            return;
        case Qt::Key_Up:
            pan({0, 40});
            return;
        case Qt::Key_Down:
            pan({0, -40});
            return;
        case Qt::Key_Plus:
        case Qt::Key_Equal:
            setZoom(zoom() * 1.25, middle);
            return;
        case Qt::Key_Minus:
            setZoom(zoom() / 1.25, middle);
            return;
        case Qt::Key_0:
            fit();
            return;
        case Qt::Key_1:
            setZoom(1 / devicePixelRatioF(), middle);
            return;
        default:
            QWidget::keyPressEvent(event);
    }
}

void LabelCanvas::keyReleaseEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_H && !event->isAutoRepeat()) return setHidden(false);
    QWidget::keyReleaseEvent(event);
}

void LabelCanvas::focusInEvent(QFocusEvent* event) {
    ring_ = isKeyboardFocus(event->reason());
    update();
    QWidget::focusInEvent(event);
}

void LabelCanvas::focusOutEvent(QFocusEvent* event) {
    setHidden(false);
    ring_ = false;
    update();
    QWidget::focusOutEvent(event);
}

}  // namespace vl
