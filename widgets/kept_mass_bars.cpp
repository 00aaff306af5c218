// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/kept_mass_bars.h"

#include <algorithm>
#include <cmath>

#include <QMouseEvent>
#include <QPainter>

#include "widgets/mask_preview.h"
#include "widgets/paint_helpers.h"

namespace vl {

KeptMassBars::KeptMassBars(QWidget* parent) : QWidget(parent) {
    setMouseTracking(true);
    setAccessibleName(tr("Kept mass by query"));
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void KeptMassBars::setMass(std::vector<double> measured, std::vector<double> uniform) {
    measured_ = std::move(measured);
    uniform_ = std::move(uniform);
    update();
}

void KeptMassBars::setHoveredQuery(int query) {
    if (query == hovered_) return;
    hovered_ = query;
    update();
}

QRectF KeptMassBars::plotRect() const {
    return {2, maskTop, std::max(width() - 24.0, 1.0), std::max(height() - maskTop - maskBottom, 1) * 1.0};
}

void KeptMassBars::mouseMoveEvent(QMouseEvent* event) {
    const QRectF plot = plotRect();
    const auto n = static_cast<int>(uniform_.size());
    const bool inside = n > 0 && event->position().y() >= plot.top() && event->position().y() < plot.bottom();
    const int query = inside ? static_cast<int>((event->position().y() - plot.top()) / plot.height() * n) : -1;
    if (query == hovered_) return;
    hovered_ = query;
    update();
    Q_EMIT queryHovered(query);
}

void KeptMassBars::leaveEvent(QEvent*) {
    hovered_ = -1;
    update();
    Q_EMIT queryHovered(-1);
}

void KeptMassBars::paintEvent(QPaintEvent*) {
    const auto& t = Theme::instance().tokens();
    QPainter painter(this);
    const QRectF plot = plotRect();
    const QFont mono = Theme::monoFont(11);
    const auto n = uniform_.size();
    const double titleWidth = paintText(painter, QRectF(0, 0, width(), 20), Qt::AlignVCenter | Qt::AlignLeft,
                                        tr("Kept mass by query"), Theme::uiFont(12, QFont::DemiBold), t.text);
    if (hovered_ >= 0 && hovered_ < static_cast<int>(n) && hovered_ < static_cast<int>(measured_.size()) &&
        width() - titleWidth > 56)
        paintText(painter, QRectF(0, 0, plot.right(), 20), Qt::AlignVCenter | Qt::AlignRight,
                  fixedText(measured_[hovered_], 3), mono, t.text);
    for (double v : {0.0, 0.5, 1.0}) {
        const double x = std::round(plot.left() + v * plot.width());
        painter.fillRect(QRectF(x, plot.top(), 1, plot.height()), t.grid);
        paintText(painter, QRectF(x - 20, maskTop - 20, 40, 16).translated(v == 0 ? 12 : 0, 0), Qt::AlignCenter,
                  fixedText(v, 1), mono, t.text2);
    }
    painter.fillRect(QRectF(plot.left() - 1, plot.top(), 1, plot.height()), t.controlLine);
    painter.fillRect(QRectF(plot.left() - 1, plot.top() - 1, plot.width() + 1, 1), t.controlLine);
    if (n == 0) return;

    const double row = plot.height() / static_cast<double>(n);
    const QColor bar = t.rawColour(0);
    for (std::size_t i = 0; i < measured_.size() && i < n; ++i) {
        if (!std::isfinite(measured_[i])) continue;
        const double y = plot.top() + i * row, w = std::clamp(measured_[i], 0.0, 1.0) * plot.width();
        const double gap = row >= 3 ? 1 : 0;
        painter.fillRect(QRectF(plot.left(), y, w, row - gap), bar);
        painter.fillRect(QRectF(plot.left() + w - 1.5, y, 3, std::max(row - gap, 1.0)), t.series[0]);
    }
    QPolygonF line;
    for (std::size_t i = 0; i < n; ++i)
        line << QPointF(plot.left() + uniform_[i] * plot.width(), plot.top() + (i + 0.5) * row);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(t.series[1], 2));
    painter.drawPolyline(line);
    painter.setRenderHint(QPainter::Antialiasing, false);
    if (hovered_ >= 0 && hovered_ < static_cast<int>(n)) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(t.text, 1));
        painter.drawRect(
            QRectF(plot.left(), plot.top() + hovered_ * row, plot.width(), row).adjusted(-0.5, -0.5, 0.5, 0.5));
    }
    if (measured_.empty())
        paintText(painter, plot.adjusted(12, 0, 0, -16), Qt::AlignLeft | Qt::AlignBottom,
                  tr("Not measured:\nno picture has\nbeen looked at"), Theme::uiFont(11), t.text3);
}

}  // namespace vl
