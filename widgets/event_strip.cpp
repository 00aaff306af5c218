// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/event_strip.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <cmath>
#include <utility>

#include "widgets/icons.h"
#include "widgets/labels.h"

namespace vl {

EventStrip::EventStrip(ChartAxis& axis, QWidget* parent) : QWidget(parent), axis_(axis) {
    setFixedHeight(32);
    setMouseTracking(true);
    setAccessibleName(tr("Events"));
    connect(&axis_, &ChartAxis::rangeChanged, this, qOverload<>(&QWidget::update));
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void EventStrip::setMarks(std::vector<Mark> marks) {
    marks_ = std::move(marks);
    std::stable_sort(marks_.begin(), marks_.end(), [](const Mark& a, const Mark& b) { return a.x < b.x; });
    QStringList spoken;
    for (const Mark& mark : marks_) spoken << mark.tooltip;
    setAccessibleDescription(spoken.join(", "));
    update();
}

int EventStrip::markAt(const QPoint& point) const {
    for (int i = int(marks_.size()) - 1; i >= 0; --i) {
        const double left = axis_.toPixel(marks_[std::size_t(i)].x, width());
        if (point.x() >= left - 3 && point.x() <= left + 22) return i;
    }
    return -1;
}

void EventStrip::paintEvent(QPaintEvent*) {
    const Tokens& t = Theme::instance().tokens();
    const int left = ChartAxis::leftMargin, right = width() - ChartAxis::rightMargin;
    QPainter painter(this);
    painter.fillRect(left, 0, right - left, 1, t.line);
    painter.fillRect(left, height() - 1, right - left, 1, t.line);
    painter.setFont(typeFont(Type::Caption));
    painter.setPen(t.text2);
    painter.drawText(QRect(0, 0, left - 8, height()), Qt::AlignRight | Qt::AlignVCenter, tr("Events"));
    painter.setClipRect(left, 0, right - left + 1, height());
    if (pressed_ >= 0 && dragged_ >= 0) {
        const int from = insidePlot(std::min(pressed_, dragged_)), to = insidePlot(std::max(pressed_, dragged_));
        painter.fillRect(from, 1, to - from, height() - 2, t.selection);
    }
    double freeFrom = -1e9;
    for (std::size_t i = 0; i < marks_.size(); ++i) {
        const Mark& mark = marks_[i];
        const double x = axis_.toPixel(mark.x, width());
        if (x < left - 1 || x > right) continue;
        const QColor ink = toneColour(t, mark.tone);
        const int line = int(std::lround(x));
        painter.fillRect(line, 0, 1, height(), mark.tone == Tone::Text2 ? t.controlLine : ink);
        const double next = i + 1 < marks_.size() ? axis_.toPixel(marks_[i + 1].x, width()) : right;
        if (x < freeFrom) continue;  // an icon would cover its neighbour
        const bool iconFitsLeft = next - x < 24 && i + 1 < marks_.size();
        if (iconFitsLeft && x - 20 > freeFrom) paintIcon(painter, {line - 20, 8, 16, 16}, mark.icon, ink);
        else if (!iconFitsLeft) paintIcon(painter, {line + 5, 8, 16, 16}, mark.icon, ink);
        freeFrom = x + (iconFitsLeft ? 2 : 24);
        if (mark.label.isEmpty() || next - x < 64) continue;
        painter.setPen(t.text);
        const int room = int(next - x) - 30;
        const QString words = painter.fontMetrics().elidedText(mark.label, Qt::ElideRight, room);
        painter.drawText(QRect(line + 26, 0, room, height()), Qt::AlignVCenter, words);
        freeFrom = x + 26 + painter.fontMetrics().horizontalAdvance(words);
    }
}

bool EventStrip::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    auto* help = static_cast<QHelpEvent*>(event);
    const int index = markAt(help->pos());
    if (index >= 0) QToolTip::showText(help->globalPos(), marks_[std::size_t(index)].tooltip, this);
    else QToolTip::hideText();
    return true;
}

int EventStrip::insidePlot(int pixel) const {
    return std::clamp(pixel, ChartAxis::leftMargin, std::max(ChartAxis::leftMargin, width() - ChartAxis::rightMargin));
}

void EventStrip::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return;
    pressed_ = event->pos().x();
    dragged_ = -1;
}

void EventStrip::mouseMoveEvent(QMouseEvent* event) {
    const int x = event->pos().x();
    if (pressed_ >= 0 && (dragged_ >= 0 || std::abs(x - pressed_) > 6)) {
        dragged_ = x;
        update();
    }
    const bool inside = x >= ChartAxis::leftMargin && x <= width() - ChartAxis::rightMargin;
    axis_.setCursor(inside ? std::optional(axis_.fromPixel(x, width())) : std::nullopt);
}

void EventStrip::mouseReleaseEvent(QMouseEvent* event) {
    const int from = std::exchange(pressed_, -1), to = std::exchange(dragged_, -1);
    if (from >= 0 && to >= 0) {
        const int left = insidePlot(std::min(from, to)), right = insidePlot(std::max(from, to));
        if (right - left > 6) axis_.setRange(axis_.fromPixel(left, width()), axis_.fromPixel(right, width()));
        return update();
    }
    const int index = markAt(event->pos());
    if (index >= 0 && event->button() == Qt::LeftButton) Q_EMIT markClicked(index);
}

void EventStrip::leaveEvent(QEvent*) { axis_.setCursor(std::nullopt); }

}  // namespace vl
