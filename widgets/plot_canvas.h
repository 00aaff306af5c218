// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/chart_axis.h"
#include "widgets/qcustomplot_wrap.h"

namespace vl {

/// The drawing surface of a PlotPanel and its gestures: wheel zooms at the cursor, a drag zooms into the box, Shift+drag
/// pans, double click shows everything. Keys: left and right move the cursor, + and - zoom, 0 resets, L log scale.
class PlotCanvas : public QCustomPlot {
    Q_OBJECT
public:
    PlotCanvas(ChartAxis& axis, QWidget* parent);
    QRect plotRect() const;
    const QRect& box() const { return box_; }  ///< of the drag in progress, empty: none

Q_SIGNALS:
    void boxChosen(const QRect& box);
    void boxChanged();
    void panned(double yPixels);
    void logToggled();

protected:
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    void moveCursor(double share);
    ChartAxis& axis_;
    QPoint pressed_, last_;
    bool dragging_ = false, panning_ = false;
    QRect box_;
};

}  // namespace vl
