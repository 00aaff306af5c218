// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/line_plot.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <QFontMetricsF>
#include <QMouseEvent>

#include "widgets/paint_helpers.h"

namespace vl {

LinePlot::LinePlot(QWidget* parent) : QWidget(parent), marker_(std::numeric_limits<double>::quiet_NaN()) {
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void LinePlot::setTitle(const QString& title, bool legend) {
    title_ = title;
    legend_ = legend;
    setAccessibleName(title);
    update();
}

void LinePlot::setLines(std::vector<PlotLine> lines) {
    lines_ = std::move(lines);
    update();
}

void LinePlot::setRange(double xMin, double xMax, double yMin, double yMax) {
    xMin_ = xMin;
    xMax_ = xMax > xMin ? xMax : xMin + 1;
    yMin_ = yMin;
    yMax_ = yMax > yMin ? yMax : yMin + 1;
    update();
}

void LinePlot::setMarker(double x, bool dot) {
    marker_ = x;
    dot_ = dot;
    if (!lines_.empty() && std::isfinite(x))
        setAccessibleDescription(tr("%1 at %2").arg(fixedText(valueAt(lines_[0], x), 4), fixedText(x, 1)));
    update();
}

PlotScale LinePlot::scale() const {
    return {QRectF(left_, 28, std::max(width() - left_ - right_, 1), std::max(height() - 28 - 26, 1)), xMin_, xMax_,
            yMin_, yMax_};
}

double LinePlot::valueAt(const PlotLine& line, double x) {
    const auto after = std::ranges::lower_bound(line.points, x, {}, [](const QPointF& p) { return p.x(); });
    if (after == line.points.end() || (after == line.points.begin() && after->x() > x))
        return std::numeric_limits<double>::quiet_NaN();
    if (after->x() == x || after == line.points.begin()) return after->y();
    const auto before = after - 1;
    return before->y() + (after->y() - before->y()) * (x - before->x()) / (after->x() - before->x());
}

void LinePlot::mousePressEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton) mouseMoveEvent(event);
}

void LinePlot::mouseMoveEvent(QMouseEvent* event) {
    if (draggable_ && event->buttons() & Qt::LeftButton)
        Q_EMIT markerDragged(std::clamp(scale().valueX(event->position().x()), xMin_, xMax_));
}

void LinePlot::paintEvent(QPaintEvent*) {
    const auto& t = Theme::instance().tokens();
    QPainter painter(this);
    const auto s = scale();
    paintText(painter, QRectF(0, 2, width(), 20), Qt::AlignVCenter | Qt::AlignLeft, title_,
              Theme::uiFont(12, QFont::DemiBold), t.text);
    if (legend_) {
        const QFont font = Theme::uiFont(11);
        double right = s.rect.right();
        for (auto line = lines_.rbegin(); line != lines_.rend(); ++line) {
            const double w = QFontMetricsF(font).horizontalAdvance(line->name);
            paintText(painter, QRectF(right - w, 2, w + 1, 20), Qt::AlignVCenter, line->name, font, t.text2);
            painter.fillRect(QRectF(right - w - 17, 10.5, 12, 3), t.series[line->series]);
            right -= w + 29;
        }
    }
    paintAxes(painter, s, niceTicks(xMin_, xMax_, std::max(2, static_cast<int>(s.rect.width() / 90))),
              niceTicks(yMin_, yMax_, std::max(2, static_cast<int>(s.rect.height() / 44))), true);
    for (auto line = lines_.rbegin(); line != lines_.rend(); ++line) {
        QPen pen(t.series[line->series], 2);
        if (line->dashed) pen = QPen(t.controlLine, 1.5, Qt::CustomDashLine), pen.setDashPattern({5, 4});
        paintLine(painter, s, line->points, pen);
    }
    if (!std::isfinite(marker_)) return;
    const double x = std::round(s.x(marker_));
    painter.setPen(QPen(t.text, 1));
    painter.drawLine(QPointF(x, s.rect.top()), QPointF(x, s.rect.bottom()));
    const double value = lines_.empty() ? NAN : valueAt(lines_[0], marker_);
    if (dot_ && std::isfinite(value)) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(t.window, 1));
        painter.setBrush(t.series[lines_[0].series]);
        painter.drawEllipse(s.map(marker_, value), 4.5, 4.5);
    }
}

}  // namespace vl
