// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/curve_editor.h"

#include <cmath>

#include <QApplication>
#include <QKeyEvent>
#include <QMouseEvent>

#include <gtest/gtest.h>

#include "tests/widgets/signal_log.h"
#include "widgets/line_plot.h"

namespace vl {
namespace {

struct Curve : testing::Test {
    CurveEditor editor;
    void SetUp() override {
        editor.resize(676, 348);
        editor.setLength(30);
        editor.setNodes({{0, 1}, {10, 0.5}, {30, 0}});
    }
    QPointF at(int node) { return editor.scale().map(editor.nodes()[node].x, editor.nodes()[node].y); }
    void mouse(QEvent::Type type, QPointF point, bool held = true) {
        QMouseEvent event(type, point, editor.mapToGlobal(point),
                          type == QEvent::MouseMove ? Qt::NoButton : Qt::LeftButton,
                          held ? Qt::LeftButton : Qt::NoButton, Qt::NoModifier);
        QApplication::sendEvent(&editor, &event);
    }
    void key(int code, Qt::KeyboardModifiers modifiers = {}) {
        QKeyEvent event(QEvent::KeyPress, code, modifiers);
        QApplication::sendEvent(&editor, &event);
    }
};

TEST(PlotScale, MapsBothWaysExactly) {
    const PlotScale s{QRectF(60, 36, 600, 300), 0, 30, 0, 1};
    EXPECT_EQ(s.map(15, 0.5), QPointF(360, 186));
    EXPECT_DOUBLE_EQ(s.valueX(s.x(7.25)), 7.25);
    EXPECT_DOUBLE_EQ(s.valueY(s.y(0.125)), 0.125);
}

TEST(NiceTicks, AreRoundAndInside) {
    EXPECT_EQ(niceTicks(0, 30, 6), (std::vector<double>{0, 5, 10, 15, 20, 25, 30}));
    EXPECT_EQ(tickDecimals(niceTicks(0, 1, 4)), 2);
    EXPECT_TRUE(niceTicks(1, 1, 4).empty());
    EXPECT_TRUE(niceTicks(0, INFINITY, 4).empty());
}

TEST_F(Curve, FindsANodeWithinReachOnly) {
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(editor.nodeAt(at(i)), i);
        EXPECT_EQ(editor.nodeAt(at(i) + QPointF(6, -6)), i);
        EXPECT_EQ(editor.nodeAt(at(i) + QPointF(0, 12)), -1);
    }
}

TEST_F(Curve, DraggingReportsValuesWithOneGesture) {
    SignalLog spy(&editor, &CurveEditor::nodeMoved);
    const auto start = at(1) + QPointF(3, 2);  // grabbed off centre: the node must not jump
    mouse(QEvent::MouseButtonPress, start);
    mouse(QEvent::MouseMove, start);
    EXPECT_EQ(spy.size(), 0);
    mouse(QEvent::MouseMove, start + QPointF(40, 30));
    mouse(QEvent::MouseMove, start + QPointF(60, 30));
    mouse(QEvent::MouseButtonRelease, start);
    ASSERT_EQ(spy.size(), 2);
    EXPECT_EQ(spy[0][0].toInt(), 1);
    EXPECT_NEAR(spy[0][1].toDouble(), 12, 0.026);
    EXPECT_NEAR(spy[0][2].toDouble(), 0.4, 0.006);
    EXPECT_EQ(spy[0][3].toInt(), spy[1][3].toInt());
    mouse(QEvent::MouseButtonPress, at(1));
    mouse(QEvent::MouseMove, at(1) + QPointF(20, 0));
    EXPECT_NE(spy[2][3].toInt(), spy[0][3].toInt());
}

TEST_F(Curve, NodesStayBetweenTheirNeighboursAndInside) {
    EXPECT_NEAR(editor.allowed(1, 40, 2).x(), 29.99, 1e-9);
    EXPECT_EQ(editor.allowed(1, 40, 2).y(), 1);
    EXPECT_NEAR(editor.allowed(1, -5, -1).x(), 0.01, 1e-9);
    editor.setNodes({{0, 1, true, false}, {10, 0.5, false, true}});
    EXPECT_EQ(editor.allowed(0, 4, 0.3), QPointF(0, 0.3));
    EXPECT_EQ(editor.allowed(1, 4, 0.3), QPointF(4, 0.5));
}

TEST_F(Curve, MarkerDragsAndNodesWinWhereTheyMeet) {
    SignalLog marker(&editor, &CurveEditor::markerMoved), node(&editor, &CurveEditor::nodeSelected);
    editor.setMarker(20);
    const auto s = editor.scale();
    mouse(QEvent::MouseButtonPress, {s.x(20), s.y(0.8)});
    mouse(QEvent::MouseMove, {s.x(7), s.y(0.3)});
    ASSERT_EQ(marker.size(), 1);
    EXPECT_NEAR(marker[0][0].toDouble(), 7, 0.026);
    mouse(QEvent::MouseMove, {s.x(-50), 0});
    EXPECT_EQ(marker.last()[0].toDouble(), 0);
    mouse(QEvent::MouseButtonRelease, {0, 0});
    editor.setMarker(10);
    mouse(QEvent::MouseButtonPress, at(1));
    EXPECT_EQ(editor.selected(), 1);
}

TEST_F(Curve, DoubleClickAddsWhereNoNodeIs) {
    SignalLog spy(&editor, &CurveEditor::nodeAdded);
    const auto s = editor.scale();
    mouse(QEvent::MouseButtonDblClick, s.map(20, 0.5));
    ASSERT_EQ(spy.size(), 1);
    EXPECT_DOUBLE_EQ(spy[0][0].toDouble(), 20);
    EXPECT_DOUBLE_EQ(spy[0][1].toDouble(), 0.5);
    mouse(QEvent::MouseButtonDblClick, at(1));
    EXPECT_EQ(spy.size(), 1);
}

TEST_F(Curve, KeyboardSelectsNudgesRemovesAndMovesTheMarker) {
    SignalLog moved(&editor, &CurveEditor::nodeMoved), removed(&editor, &CurveEditor::nodeRemoved),
        marker(&editor, &CurveEditor::markerMoved);
    key(Qt::Key_Right);
    EXPECT_EQ(marker.size(), 1) << "no node in hand: the arrows move the preview";
    key(Qt::Key_PageDown);
    key(Qt::Key_PageDown);
    EXPECT_EQ(editor.selected(), 1);
    key(Qt::Key_Right);
    EXPECT_NEAR(moved[0][1].toDouble(), 10.1, 1e-9);
    key(Qt::Key_Up, Qt::ShiftModifier);
    EXPECT_NEAR(moved[1][2].toDouble(), 0.6, 1e-9);
    key(Qt::Key_Delete);
    EXPECT_EQ(removed[0][0].toInt(), 1);
    key(Qt::Key_Escape);
    EXPECT_EQ(editor.selected(), -1);
}

TEST(LinePlotValues, InterpolateAndEndAtTheirEnds) {
    const PlotLine line{"", 0, {{0, 1}, {10, 0}}, false};
    EXPECT_DOUBLE_EQ(LinePlot::valueAt(line, 2.5), 0.75);
    EXPECT_DOUBLE_EQ(LinePlot::valueAt(line, 0), 1);
    EXPECT_DOUBLE_EQ(LinePlot::valueAt(line, 10), 0);
    EXPECT_TRUE(std::isnan(LinePlot::valueAt(line, 11)));
    EXPECT_TRUE(std::isnan(LinePlot::valueAt(line, -1)));
}

}  // namespace
}  // namespace vl
