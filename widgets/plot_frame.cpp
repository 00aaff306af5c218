// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plot_frame.h"

#include <algorithm>
#include <cmath>

#include "widgets/paint_helpers.h"

namespace vl {

std::vector<double> niceTicks(double low, double high, int wanted) {
    std::vector<double> ticks;
    if (!std::isfinite(low) || !std::isfinite(high) || !(high > low)) return ticks;
    const double raw = (high - low) / std::max(wanted, 1);
    const double power = std::pow(10, std::floor(std::log10(raw)));
    const double share = raw / power;
    const double step = power * (share <= 1 ? 1 : share <= 2 ? 2 : share <= 2.5 ? 2.5 : share <= 5 ? 5 : 10);
    // Counting in whole steps keeps 0.3 from becoming 0.30000000000000004.
    for (auto i = static_cast<long long>(std::ceil(low / step - 1e-9)); i * step <= high + step * 1e-9; ++i)
        ticks.push_back(static_cast<double>(i) * step);
    return ticks;
}

int tickDecimals(const std::vector<double>& ticks) {
    for (int decimals = 0; decimals < 6; ++decimals) {
        const double factor = std::pow(10, decimals);
        if (std::ranges::all_of(ticks, [&](double v) { return std::abs(v * factor - std::round(v * factor)) < 1e-6; }))
            return decimals;
    }
    return 6;
}

void paintAxes(QPainter& painter, const PlotScale& s, const std::vector<double>& xTicks,
               const std::vector<double>& yTicks, bool xNumbers) {
    const auto& t = Theme::instance().tokens();
    const QFont font = Theme::monoFont(11);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setPen(QPen(t.grid, 1));
    for (double v : xTicks)
        painter.drawLine(QPointF(std::round(s.x(v)), s.rect.top()), QPointF(std::round(s.x(v)), s.rect.bottom()));
    for (double v : yTicks)
        painter.drawLine(QPointF(s.rect.left(), std::round(s.y(v))), QPointF(s.rect.right(), std::round(s.y(v))));
    painter.setPen(QPen(t.controlLine, 1));
    painter.drawLine(s.rect.topLeft(), s.rect.bottomLeft());
    painter.drawLine(s.rect.bottomLeft(), s.rect.bottomRight());
    const int yDecimals = tickDecimals(yTicks), xDecimals = tickDecimals(xTicks);
    for (double v : yTicks)
        paintText(painter, QRectF(s.rect.left() - 62, s.y(v) - 8, 52, 16), Qt::AlignRight | Qt::AlignVCenter,
                  fixedText(v, yDecimals), font, t.text2);
    if (xNumbers)
        for (double v : xTicks)
            paintText(painter, QRectF(s.x(v) - 30, s.rect.bottom() + 5, 60, 16), Qt::AlignHCenter | Qt::AlignTop,
                      fixedText(v, xDecimals), font, t.text2);
    painter.restore();
}

void paintLine(QPainter& painter, const PlotScale& s, const std::vector<QPointF>& points, const QPen& pen) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setClipRect(s.rect.adjusted(-4, -4, 4, 4));
    painter.setPen(pen);
    painter.setBrush(Qt::NoBrush);
    QPolygonF run;
    const auto flush = [&] {
        if (run.size() > 1) painter.drawPolyline(run);
        run.clear();
    };
    for (const QPointF& p : points) {
        if (std::isfinite(p.x()) && std::isfinite(p.y()))
            run << s.map(p.x(), p.y());
        else
            flush();
    }
    flush();
    painter.restore();
}

}  // namespace vl
