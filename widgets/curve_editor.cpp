// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/curve_editor.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <QKeyEvent>
#include <QMouseEvent>

#include "widgets/paint_helpers.h"

namespace vl {
namespace {

constexpr double reach = 9;    // pixels around a node's centre
constexpr double gapX = 0.01;  // nodes never share an epoch

double snapped(double value, double grid) { return std::round(value / grid) * grid; }

}  // namespace

CurveEditor::CurveEditor(QWidget* parent) : QWidget(parent), now_(std::numeric_limits<double>::quiet_NaN()) {
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Soft-mask curve"));
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

PlotScale CurveEditor::scale() const {
    return {QRectF(leftMargin, 36, std::max(width() - leftMargin - rightMargin, 1), std::max(height() - 36 - 12, 1)), 0,
            length_, 0, 1};
}

void CurveEditor::setLength(double length) {
    length_ = std::max(length, 0.01);
    update();
}

void CurveEditor::setNodes(std::vector<CurveNode> nodes) {
    nodes_ = std::move(nodes);
    if (selected_ >= static_cast<int>(nodes_.size())) selected_ = -1;
    describe();
    update();
}

void CurveEditor::setCurve(std::vector<QPointF> points) {
    curve_ = std::move(points);
    update();
}

void CurveEditor::setReference(std::vector<QPointF> points, const QString& name) {
    reference_ = std::move(points);
    referenceName_ = name;
    update();
}

void CurveEditor::setMarker(double x) {
    marker_ = x;
    update();
}

void CurveEditor::setNow(double x) {
    now_ = x;
    update();
}

void CurveEditor::setSelected(int index) {
    selected_ = index >= 0 && index < static_cast<int>(nodes_.size()) ? index : -1;
    describe();
    update();
}

void CurveEditor::describe() {
    QString words = tr("%n nodes", nullptr, static_cast<int>(nodes_.size()));
    if (selected_ >= 0)
        words += tr(", node %1 selected: epoch %2, alpha %3")
                     .arg(selected_ + 1)
                     .arg(fixedText(nodes_[selected_].x, 2), fixedText(nodes_[selected_].y, 3));
    setAccessibleDescription(words);
}

int CurveEditor::nodeAt(const QPointF& point) const {
    const auto s = scale();
    int best = -1;
    double bestDistance = reach;
    for (int i = 0; i < static_cast<int>(nodes_.size()); ++i) {
        const QPointF d = s.map(nodes_[i].x, nodes_[i].y) - point;
        const double distance = std::hypot(d.x(), d.y());
        if (distance <= bestDistance) best = i, bestDistance = distance;
    }
    return best;
}

QRectF CurveEditor::flagRect() const {
    const auto s = scale();
    const double width = 96, x = std::clamp(s.x(marker_) - width / 2, s.rect.left(), s.rect.right() - width);
    return {x, s.rect.bottom() - 24, width, 20};
}

bool CurveEditor::onMarker(const QPointF& point) const {
    const auto s = scale();
    return flagRect().contains(point) ||
           (std::abs(point.x() - s.x(marker_)) <= 5 && point.y() >= s.rect.top() && point.y() <= s.rect.bottom());
}

QPointF CurveEditor::allowed(int index, double x, double y) const {
    const auto& node = nodes_.at(index);
    const double low = index > 0 ? nodes_[index - 1].x + gapX : 0;
    const double high = index + 1 < static_cast<int>(nodes_.size()) ? nodes_[index + 1].x - gapX : length_;
    const double newX = node.lockX || low > high ? node.x : std::clamp(x, low, high);
    return {newX, node.lockY ? node.y : std::clamp(y, 0.0, 1.0)};
}

void CurveEditor::select(int index) {
    setSelected(index);
    Q_EMIT nodeSelected(selected_);
}

void CurveEditor::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return;
    const auto s = scale();
    const int node = nodeAt(event->position());
    if (node >= 0) {
        select(node);
        drag_ = Drag::Node;
        ++gesture_;
        grab_ = s.map(nodes_[node].x, nodes_[node].y) - event->position();
    } else if (onMarker(event->position())) {
        drag_ = Drag::Marker;
    } else {
        select(-1);
    }
}

void CurveEditor::mouseMoveEvent(QMouseEvent* event) {
    const auto s = scale();
    if (drag_ == Drag::Marker) {
        Q_EMIT markerMoved(std::clamp(snapped(s.valueX(event->position().x()), 0.05), 0.0, length_));
        return;
    }
    if (drag_ == Drag::Node && selected_ >= 0) {
        const QPointF at = event->position() + grab_;
        const bool fine = event->modifiers() & Qt::ControlModifier;
        const double x = s.valueX(at.x()), y = s.valueY(at.y());
        const QPointF to = allowed(selected_, fine ? x : snapped(x, 0.05), fine ? y : snapped(y, 0.01));
        if (to != QPointF(nodes_[selected_].x, nodes_[selected_].y))
            Q_EMIT nodeMoved(selected_, to.x(), to.y(), gesture_);
        return;
    }
    const int over = nodeAt(event->position());
    setCursor(over >= 0 ? Qt::PointingHandCursor : onMarker(event->position()) ? Qt::SplitHCursor : Qt::ArrowCursor);
    if (over != hovered_) {
        hovered_ = over;
        update();
    }
}

void CurveEditor::mouseReleaseEvent(QMouseEvent*) { drag_ = Drag::None; }

void CurveEditor::leaveEvent(QEvent*) {
    hovered_ = -1;
    update();
}

void CurveEditor::mouseDoubleClickEvent(QMouseEvent* event) {
    const auto s = scale();
    if (event->button() != Qt::LeftButton || nodeAt(event->position()) >= 0 || !s.rect.contains(event->position()))
        return;
    Q_EMIT nodeAdded(snapped(s.valueX(event->position().x()), 0.05),
                     std::clamp(snapped(s.valueY(event->position().y()), 0.01), 0.0, 1.0));
}

void CurveEditor::nudge(double dx, double dy) {
    if (selected_ < 0) return;
    const auto& node = nodes_[selected_];
    const QPointF to = allowed(selected_, snapped(node.x + dx, 0.01), snapped(node.y + dy, 0.001));
    if (to != QPointF(node.x, node.y)) Q_EMIT nodeMoved(selected_, to.x(), to.y(), ++gesture_);
}

void CurveEditor::focusInEvent(QFocusEvent* event) {
    ring_ = isKeyboardFocus(event->reason());
    QWidget::focusInEvent(event);
    update();
}

void CurveEditor::keyPressEvent(QKeyEvent* event) {
    const bool shift = event->modifiers() & Qt::ShiftModifier, control = event->modifiers() & Qt::ControlModifier;
    const double dx = shift ? 1.0 : 0.1, dy = shift ? 0.1 : 0.01;
    const int count = static_cast<int>(nodes_.size());
    // With a node in hand the arrows move it; otherwise, or with Ctrl, they move the preview.
    const bool marker = control || selected_ < 0;
    switch (event->key()) {
        case Qt::Key_Left:
        case Qt::Key_Right: {
            const double step = event->key() == Qt::Key_Left ? -dx : dx;
            if (marker)
                Q_EMIT markerMoved(std::clamp(snapped(marker_ + step, 0.05), 0.0, length_));
            else
                nudge(step, 0);
            return;
        }
        case Qt::Key_Up:
            nudge(0, dy);
            return;
        case Qt::Key_Down:
            nudge(0, -dy);
            return;
        case Qt::Key_PageUp:
            if (count) select(selected_ <= 0 ? count - 1 : selected_ - 1);
            return;
        case Qt::Key_PageDown:
            if (count) select(selected_ + 1 >= count ? 0 : selected_ + 1);
            return;
        case Qt::Key_Escape:
            select(-1);
            return;
        case Qt::Key_Insert:
            Q_EMIT nodeAdded(marker_, -1);
            return;
        case Qt::Key_Delete:
        case Qt::Key_Backspace:
            if (selected_ >= 0) Q_EMIT nodeRemoved(selected_);
            return;
        default:
            QWidget::keyPressEvent(event);
    }
}

bool CurveEditor::event(QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Delete || key == Qt::Key_Escape || key == Qt::Key_Insert) event->accept();
    }
    return QWidget::event(event);
}

}  // namespace vl
