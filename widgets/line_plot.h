// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QWidget>

#include "widgets/plot_frame.h"

namespace vl {

/// One curve of a small chart.
struct PlotLine {
    QString name;
    int series = 0;  ///< 0-based theme series
    std::vector<QPointF> points;
    bool dashed = false;
    bool operator==(const PlotLine&) const = default;
};

/// A small chart without interaction of its own but a marker: for curves that go with another editor.
class LinePlot : public QWidget {
    Q_OBJECT
public:
    explicit LinePlot(QWidget* parent = nullptr);
    void setTitle(const QString& title, bool legend);
    void setLines(std::vector<PlotLine> lines);
    void setRange(double xMin, double xMax, double yMin, double yMax);
    /// Vertical line at x, with a dot on the first line when `dot`; NaN hides it.
    void setMarker(double x, bool dot);
    void setMargins(int left, int right) {
        left_ = left, right_ = right;
        update();
    }
    void setMarkerDraggable(bool draggable) { draggable_ = draggable; }
    PlotScale scale() const;
    /// Value of a line at x, by straight interpolation; NaN outside.
    static double valueAt(const PlotLine& line, double x);
    QSize sizeHint() const override { return {320, 120}; }
    QSize minimumSizeHint() const override { return {160, 88}; }

Q_SIGNALS:
    void markerDragged(double x);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;

private:
    QString title_;
    bool legend_ = false, dot_ = false, draggable_ = false;
    std::vector<PlotLine> lines_;
    double xMin_ = 0, xMax_ = 1, yMin_ = 0, yMax_ = 1, marker_;
    int left_ = 48, right_ = 12;
};

}  // namespace vl
