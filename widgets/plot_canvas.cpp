// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plot_canvas.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

namespace vl {

PlotCanvas::PlotCanvas(ChartAxis& axis, QWidget* parent) : QCustomPlot(parent), axis_(axis) {
    setFocusPolicy(Qt::StrongFocus);
    setProperty("focusFrame", true);
    setMouseTracking(true);
    setCursor(Qt::CrossCursor);
}

QRect PlotCanvas::plotRect() const { return axisRect()->rect(); }

void PlotCanvas::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return;
    setFocus(Qt::MouseFocusReason);
    pressed_ = last_ = event->pos();
    dragging_ = true;
    panning_ = event->modifiers() & Qt::ShiftModifier;
    if (panning_) setCursor(Qt::ClosedHandCursor);
}

void PlotCanvas::mouseMoveEvent(QMouseEvent* event) {
    const QRect area = plotRect();
    if (dragging_ && panning_) {
        const QPoint moved = event->pos() - last_;
        last_ = event->pos();
        axis_.pan(-moved.x() * (axis_.upper() - axis_.lower()) / std::max(1, area.width()));
        Q_EMIT panned(moved.y());
        return;
    }
    if (dragging_ && (event->pos() - pressed_).manhattanLength() > 6) {
        box_ = QRect(pressed_, event->pos()).normalized() & area;
        Q_EMIT boxChanged();
    }
    const bool inside = event->pos().x() >= area.left() && event->pos().x() <= area.right();
    axis_.setCursor(inside ? std::optional(axis_.fromPixel(event->pos().x(), width())) : std::nullopt);
}

void PlotCanvas::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton || !dragging_) return;
    dragging_ = false;
    if (panning_) setCursor(Qt::CrossCursor);
    const QRect box = std::exchange(box_, QRect());
    Q_EMIT boxChanged();
    if (!panning_ && box.width() >= 6) Q_EMIT boxChosen(box);
}

void PlotCanvas::mouseDoubleClickEvent(QMouseEvent* event) {
    dragging_ = false;
    if (event->button() == Qt::LeftButton) axis_.reset();
}

void PlotCanvas::wheelEvent(QWheelEvent* event) {
    const double turns = event->angleDelta().y() / 120.0;
    if (turns == 0) return event->ignore();
    axis_.zoomAt(axis_.fromPixel(event->position().x(), width()), std::pow(0.85, turns));
    event->accept();
}

void PlotCanvas::leaveEvent(QEvent*) {
    if (!dragging_) axis_.setCursor(std::nullopt);
}

void PlotCanvas::moveCursor(double share) {
    const double range = axis_.upper() - axis_.lower();
    const double from = axis_.cursor().value_or(axis_.now().value_or(axis_.upper()));
    axis_.setCursor(std::clamp(from + share * range, axis_.lower(), axis_.upper()));
}

void PlotCanvas::keyPressEvent(QKeyEvent* event) {
    const double step = event->modifiers() & Qt::ShiftModifier ? 0.1 : 0.01;
    const double middle = axis_.cursor().value_or((axis_.lower() + axis_.upper()) / 2);
    switch (event->key()) {
        case Qt::Key_Left:
            return moveCursor(-step);
        case Qt::Key_Right:
            return moveCursor(step);
        case Qt::Key_Plus:
            return axis_.zoomAt(middle, 0.7);
        case Qt::Key_Minus:
            return axis_.zoomAt(middle, 1 / 0.7);
        case Qt::Key_0:
            return axis_.reset();
        case Qt::Key_L:
            return Q_EMIT logToggled();
        case Qt::Key_Escape:
            dragging_ = false;
            box_ = QRect();
            Q_EMIT boxChanged();
            return axis_.setCursor(std::nullopt);
        default:
            return QWidget::keyPressEvent(event);
    }
}

void PlotCanvas::contextMenuEvent(QContextMenuEvent* event) { event->ignore(); }

}  // namespace vl
