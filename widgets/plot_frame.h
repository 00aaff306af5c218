// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QPainter>
#include <QPointF>
#include <QRectF>
#include <QString>

namespace vl {

/// Maps values to the pixels of one plot rectangle, exactly both ways.
struct PlotScale {
    QRectF rect;
    double xMin = 0, xMax = 1, yMin = 0, yMax = 1;

    double x(double value) const { return rect.left() + (value - xMin) / (xMax - xMin) * rect.width(); }
    double y(double value) const { return rect.bottom() - (value - yMin) / (yMax - yMin) * rect.height(); }
    QPointF map(double vx, double vy) const { return {x(vx), y(vy)}; }
    double valueX(double pixel) const { return xMin + (pixel - rect.left()) / rect.width() * (xMax - xMin); }
    double valueY(double pixel) const { return yMin + (rect.bottom() - pixel) / rect.height() * (yMax - yMin); }
};

/// Round positions (1, 2, 5 times a power of ten) covering [low, high], about `wanted` of them.
std::vector<double> niceTicks(double low, double high, int wanted);
/// Decimals that keep neighbouring ticks apart.
int tickDecimals(const std::vector<double>& ticks);

/// Grid, the two axis lines and their numbers; `xNumbers` off for a plot whose x axis is drawn by the one below.
void paintAxes(QPainter& painter, const PlotScale& scale, const std::vector<double>& xTicks,
               const std::vector<double>& yTicks, bool xNumbers);
/// A polyline clipped to the plot; non-finite points break it.
void paintLine(QPainter& painter, const PlotScale& scale, const std::vector<QPointF>& points, const QPen& pen);

}  // namespace vl
