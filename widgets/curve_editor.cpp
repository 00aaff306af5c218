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

constexpr double reach = 9;             // pixels around a node's centre
constexpr double gapX = 0.01;           // nodes never share an epoch

double snapped(double value, double grid) { return std::round(value / grid) * grid; }

}  // namespace

CurveEditor::CurveEditor(QWidget* parent) : QWidget(parent), now_(std::numeric_limits<double>::quiet_NaN()) {
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Soft-mask curve"));
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

PlotScale CurveEditor::scale() const {
    return {QRectF(leftMargin, 36, std::max(width() - leftMargin - rightMargin, 1), std::max(height() - 36 - 12, 1)), 0, length_, 0, 1};
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
    return flagRect().contains(point) || (std::abs(point.x() - s.x(marker_)) <= 5 && point.y() >= s.rect.top() && point.y() <= s.rect.bottom());
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
        if (to != QPointF(nodes_[selected_].x, nodes_[selected_].y)) Q_EMIT nodeMoved(selected_, to.x(), to.y(), gesture_);
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
    if (event->button() != Qt::LeftButton || nodeAt(event->position()) >= 0 || !s.rect.contains(event->position())) return;
    Q_EMIT nodeAdded(snapped(s.valueX(event->position().x()), 0.05), std::clamp(snapped(s.valueY(event->position().y()), 0.01), 0.0, 1.0));
}

void CurveEditor::nudge(double dx, double dy) {
    if (selected_ < 0) return;
    const auto& node = nodes_[selected_];
    const QPointF to = allowed(selected_, snapped(node.x + dx, 0.01), snapped(node.y + dy, 0.001));
    if (to != QPointF(node.x, node.y)) Q_EMIT nodeMoved(selected_, to.x(), to.y(), ++gesture_);
}

void CurveEditor::keyPressEvent(QKeyEvent* event) {
    const bool shift = event->modifiers() & Qt::ShiftModifier, control = event->modifiers() & Qt::ControlModifier;
    const double dx = shift ? 1.0 : 0.1, dy = shift ? 0.1 : 0.01;
    const int count = static_cast<int>(nodes_.size());
    // With a node in hand the arrows move it; otherwise, or with Ctrl, they move the preview.
    const bool marker = control || selected_ < 0;
    switch (event->key()) {
        case Qt::Key_Left: case Qt::Key_Right: {
            const double step = event->key() == Qt::Key_Left ? -dx : dx;
            if (marker) Q_EMIT markerMoved(std::clamp(snapped(marker_ + step, 0.05), 0.0, length_));
            else nudge(step, 0);
            return;
        }
        case Qt::Key_Up: nudge(0, dy); return;
        case Qt::Key_Down: nudge(0, -dy); return;
        case Qt::Key_PageUp: if (count) select(selected_ <= 0 ? count - 1 : selected_ - 1); return;
        case Qt::Key_PageDown: if (count) select(selected_ + 1 >= count ? 0 : selected_ + 1); return;
        case Qt::Key_Escape: select(-1); return;
        case Qt::Key_Insert: Q_EMIT nodeAdded(marker_, -1); return;
        case Qt::Key_Delete: case Qt::Key_Backspace: if (selected_ >= 0) Q_EMIT nodeRemoved(selected_); return;
        default: QWidget::keyPressEvent(event);
    }
}

bool CurveEditor::event(QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Delete || key == Qt::Key_Escape || key == Qt::Key_Insert) event->accept();
    }
    return QWidget::event(event);
}

void CurveEditor::paintEvent(QPaintEvent*) {
    const auto& t = Theme::instance().tokens();
    QPainter painter(this);
    const auto s = scale();
    paintHeader(painter);
    paintAxes(painter, s, niceTicks(0, length_, std::max(2, static_cast<int>(s.rect.width() / 130))),
              s.rect.height() > 180 ? std::vector<double>{0, 0.25, 0.5, 0.75, 1} : std::vector<double>{0, 0.5, 1}, false);
    QPen dashed(t.controlLine, 1.5, Qt::CustomDashLine, Qt::FlatCap);
    dashed.setDashPattern({5 / 1.5, 4 / 1.5});
    paintLine(painter, s, reference_, dashed);
    if (std::isfinite(now_) && now_ >= 0 && now_ <= length_) {
        QPen pen(t.controlLine, 1, Qt::CustomDashLine, Qt::FlatCap);
        pen.setDashPattern({2, 3});
        painter.setPen(pen);
        const double x = std::round(s.x(now_));
        painter.drawLine(QPointF(x, s.rect.top()), QPointF(x, s.rect.bottom()));
        paintText(painter, QRectF(x + 4, s.rect.top(), 60, 14), Qt::AlignLeft | Qt::AlignVCenter, tr("now"), Theme::uiFont(11), t.text2);
    }
    paintLine(painter, s, curve_, QPen(t.series[0], 2, Qt::SolidLine, Qt::FlatCap, Qt::MiterJoin));
    paintMarker(painter, s);
    paintNodes(painter, s);
    if (hasFocus()) paintFocusRing(painter, s.rect.adjusted(-6, -6, 6, 6));
}

void CurveEditor::paintHeader(QPainter& painter) const {
    const auto& t = Theme::instance().tokens();
    const QFont small = Theme::uiFont(11);
    double x = paintText(painter, QRectF(0, 0, 200, 20), Qt::AlignVCenter, tr("α by epoch"), Theme::uiFont(12, QFont::DemiBold), t.text) + 16;
    double right = scale().rect.right();
    const auto entry = [&](const QString& name, bool dash) {
        const double w = QFontMetricsF(small).horizontalAdvance(name);
        paintText(painter, QRectF(right - w, 0, w + 1, 20), Qt::AlignVCenter, name, small, t.text2);
        if (dash) {
            painter.fillRect(QRectF(right - w - 17, 9, 5, 2), t.controlLine);
            painter.fillRect(QRectF(right - w - 10, 9, 5, 2), t.controlLine);
        } else {
            painter.fillRect(QRectF(right - w - 17, 8.5, 12, 3), t.series[0]);
        }
        right -= w + 33;
    };
    if (!reference_.empty()) entry(referenceName_, true);
    entry(tr("this draft, one value a step"), false);
    const QString hint = tr("1 sees every patch, 0 sees earlier patches only");
    if (right - x > QFontMetricsF(small).horizontalAdvance(hint))
        paintText(painter, QRectF(x, 0, right - x, 20), Qt::AlignVCenter, hint, small, t.text2);
}

void CurveEditor::paintMarker(QPainter& painter, const PlotScale& s) const {
    const auto& t = Theme::instance().tokens();
    const double x = std::round(s.x(marker_));
    painter.setPen(QPen(t.text, 1));
    painter.drawLine(QPointF(x, s.rect.top()), QPointF(x, height()));
    const QRectF flag = flagRect();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(t.canvas);
    painter.drawRoundedRect(flag.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3);
    painter.setRenderHint(QPainter::Antialiasing, false);
    const QString words = tr("preview ");
    const double w = QFontMetricsF(Theme::uiFont(11)).horizontalAdvance(words);
    const QString number = fixedText(marker_, 2);
    const double total = w + QFontMetricsF(Theme::monoFont(11)).horizontalAdvance(number);
    const double left = flag.center().x() - total / 2;
    paintText(painter, QRectF(left, flag.top(), w + 1, flag.height()), Qt::AlignVCenter, words, Theme::uiFont(11), t.text);
    paintText(painter, QRectF(left + w, flag.top(), 80, flag.height()), Qt::AlignVCenter, number, Theme::monoFont(11), t.text);
}

void CurveEditor::paintNodes(QPainter& painter, const PlotScale& s) const {
    const auto& t = Theme::instance().tokens();
    for (int i = 0; i < static_cast<int>(nodes_.size()); ++i) {
        const QPointF at = s.map(nodes_[i].x, nodes_[i].y);
        const QPointF centre(std::round(at.x()), std::round(at.y()));
        const QRectF square(centre - QPointF(5, 5), QSizeF(10, 10));
        painter.setPen(QPen(t.series[0], 2, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
        painter.setBrush(i == selected_ ? t.series[0] : i == hovered_ ? t.hover : t.canvas);
        painter.drawRect(square.adjusted(0, 0, -1, -1));
        if (i != selected_) continue;
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(square.adjusted(-5, -5, 4, 4));
        const QString text = tr("epoch %1 α %2").arg(fixedText(nodes_[i].x, 2), fixedText(nodes_[i].y, 3));
        const double w = QFontMetricsF(Theme::monoFont(11)).horizontalAdvance(text) + 20;
        QRectF chip(centre.x() + 18, centre.y() - 36, w, 24);
        if (chip.right() > s.rect.right()) chip.moveRight(centre.x() - 18);
        if (chip.top() < s.rect.top()) chip.moveTop(centre.y() + 14);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(t.text);
        painter.drawRoundedRect(chip, 4, 4);
        painter.setRenderHint(QPainter::Antialiasing, false);
        paintText(painter, chip, Qt::AlignCenter, text, Theme::monoFont(11), t.window);
    }
}

}  // namespace vl
