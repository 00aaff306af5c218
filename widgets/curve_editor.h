// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QWidget>

#include "widgets/plot_frame.h"

namespace vl {

/// A handle on the curve; a locked axis does not follow the hand.
struct CurveNode {
    double x = 0, y = 0;
    bool lockX = false, lockY = false;
    bool operator==(const CurveNode&) const = default;
};

/// A curve over 0..length by 0..1 with draggable nodes, a dashed reference and a marker. It owns no curve: it reports
/// what the hand asks for, the owner decides and sets the result.
class CurveEditor : public QWidget {
    Q_OBJECT
public:
    explicit CurveEditor(QWidget* parent = nullptr);

    void setLength(double length);
    void setNodes(std::vector<CurveNode> nodes);
    void setCurve(std::vector<QPointF> points);
    void setReference(std::vector<QPointF> points, const QString& name);  ///< empty: none
    void setMarker(double x);
    void setNow(double x);  ///< where a run in progress stands; NaN: none
    void setSelected(int index);
    int selected() const { return selected_; }
    double marker() const { return marker_; }
    const std::vector<CurveNode>& nodes() const { return nodes_; }
    const std::vector<QPointF>& curve() const { return curve_; }

    PlotScale scale() const;
    int nodeAt(const QPointF& point) const;  ///< -1: none within reach
    bool onMarker(const QPointF& point) const;
    /// Where node `index` may go: inside the plot, between its neighbours, on its free axes.
    QPointF allowed(int index, double x, double y) const;
    static constexpr int leftMargin = 60, rightMargin = 16;
    QSize sizeHint() const override { return {640, 300}; }
    QSize minimumSizeHint() const override { return {320, 160}; }

Q_SIGNALS:
    /// `gesture` is the same for all moves of one drag, so that undo takes them back together.
    void nodeMoved(int index, double x, double y, int gesture);
    void nodeAdded(double x, double y);
    void nodeRemoved(int index);
    void nodeSelected(int index);
    void markerMoved(double x);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void leaveEvent(QEvent* event) override;
    bool event(QEvent* event) override;

private:
    enum class Drag { None, Node, Marker };
    void nudge(double dx, double dy);
    void select(int index);
    void describe();
    QRectF flagRect() const;
    void paintHeader(QPainter& painter) const;
    void paintMarker(QPainter& painter, const PlotScale& s) const;
    void paintNodes(QPainter& painter, const PlotScale& s) const;

    std::vector<CurveNode> nodes_;
    std::vector<QPointF> curve_, reference_;
    QString referenceName_;
    double length_ = 1, marker_ = 0, now_;
    int selected_ = -1, hovered_ = -1, gesture_ = 0;
    Drag drag_ = Drag::None;
    QPointF grab_;       ///< from the pointer to the node, so that a press does not move it
    bool ring_ = false;  ///< focus came by keyboard
};

}  // namespace vl
