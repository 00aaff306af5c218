// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/attention_canvas.h"

#include <cmath>
#include <limits>

#include <QApplication>
#include <QKeyEvent>
#include <QMouseEvent>

#include <gtest/gtest.h>

#include "tests/widgets/signal_log.h"

namespace vl {
namespace {

const AttentionGeometry classLast{2, 2, 2, 2, 5, 4, 0, true};
const AttentionGeometry classFirst{2, 2, 2, 2, 5, 0, 1, true};

QImage flat(int size, QColor colour = Qt::gray) {
    QImage image(size, size, QImage::Format_RGB888);
    image.fill(colour);
    return image;
}

// sendEvent reaches the protected handlers as the window system would.
void key(QWidget& widget, int code, Qt::KeyboardModifiers modifiers = {}, bool press = true) {
    QKeyEvent event(press ? QEvent::KeyPress : QEvent::KeyRelease, code, modifiers);
    QApplication::sendEvent(&widget, &event);
}

void mouse(QWidget& widget, QEvent::Type type, QPointF at, Qt::KeyboardModifiers modifiers = {}) {
    const auto buttons = type == QEvent::MouseMove ? Qt::NoButton : Qt::LeftButton;
    QMouseEvent event(type, at, widget.mapToGlobal(at), type == QEvent::MouseMove ? Qt::NoButton : Qt::LeftButton,
                      buttons, modifiers);
    QApplication::sendEvent(&widget, &event);
}

struct Canvas : testing::Test {
    AttentionCanvas canvas;
    void SetUp() override {
        canvas.resize(400, 420);
        canvas.setPicture(flat(8), classLast);
    }
};

TEST(PictureLayout, UsesWholeDevicePixels) {
    const PictureLayout one({28, 28}, QRectF(10, 10, 100, 300), 1, false, {}, 7, 7);
    EXPECT_EQ(one.pixelSize(), 3);
    EXPECT_EQ(one.rect(), QRectF(10, 10, 84, 84));
    const PictureLayout two({28, 28}, QRectF(10, 10, 100, 300), 2, false, {}, 7, 7);
    EXPECT_EQ(two.pixelSize(), 3.5);
    const PictureLayout actual({28, 28}, QRectF(10, 10, 100, 300), 2, true, {}, 7, 7);
    EXPECT_EQ(actual.pixelSize(), 0.5);
}

TEST(PictureLayout, HitsTheCellItDraws) {
    const PictureLayout at({32, 32}, QRectF(24, 24, 520, 520), 1, false, {}, 8, 8);
    for (int r = 0; r < 8; ++r)
        for (int c = 0; c < 8; ++c) {
            const auto cell = at.cell(r, c);
            EXPECT_EQ(at.patchAt(cell.topLeft() + QPointF(0.5, 0.5)), (PatchPosition{r, c}));
            EXPECT_EQ(at.patchAt(cell.bottomRight() - QPointF(0.5, 0.5)), (PatchPosition{r, c}));
        }
    EXPECT_FALSE(at.patchAt(at.rect().topLeft() - QPointF(1, 1)));
    EXPECT_FALSE(at.patchAt(at.rect().bottomRight() + QPointF(1, 1)));
}

TEST(PictureLayout, PanNeverShowsAnEmptyStrip) {
    const QRectF area(0, 0, 100, 100);
    EXPECT_EQ(PictureLayout::limitedPan({300, 50}, area, {-500, -20}), QPointF(-200, 0));
    EXPECT_EQ(PictureLayout::limitedPan({300, 50}, area, {40, 40}), QPointF(0, 0));
}

TEST(Pictures, KeepEveryPixelOnTheWayToTheScreen) {
    const QImage rgb = toQImage(Image{2, 1, 3, {1, 2, 3, 4, 5, 6}});
    EXPECT_EQ(rgb.pixel(1, 0), qRgb(4, 5, 6));
    const QImage grey = toQImage(Image{3, 1, 1, {9, 8, 7}});
    EXPECT_EQ(grey.pixel(2, 0), qRgb(7, 7, 7));
}

TEST(Pictures, AnImageShorterThanItsSizeIsNoImage) {
    EXPECT_TRUE(toQImage(Image{100, 100, 3, {1}}).isNull());
    EXPECT_TRUE(toQImage(Image{-1, 5, 1, {1}}).isNull());
    EXPECT_TRUE(toQImage(Image{1, 1, 4, {1, 2, 3, 4}}).isNull());
}

TEST_F(Canvas, HoverNamesTheTokenUnderThePointer) {
    SignalLog spy(&canvas, &AttentionCanvas::queryRequested);
    mouse(canvas, QEvent::MouseMove, canvas.pictureLayout().cell(1, 0).center());
    ASSERT_EQ(spy.size(), 1);
    EXPECT_EQ(spy[0][0].toInt(), 2);
    canvas.setPicture(flat(8), classFirst);
    mouse(canvas, QEvent::MouseMove, canvas.pictureLayout().cell(1, 1).center());
    EXPECT_EQ(spy.last()[0].toInt(), 4);
    mouse(canvas, QEvent::MouseMove, canvas.classTokenRect().center());
    EXPECT_EQ(spy.last()[0].toInt(), 0);
}

TEST_F(Canvas, ClickPinsAndShiftHoverAsksForColumns) {
    SignalLog pins(&canvas, &AttentionCanvas::pinToggled), columns(&canvas, &AttentionCanvas::columnsRequested);
    const auto at = canvas.pictureLayout().cell(0, 1).center();
    mouse(canvas, QEvent::MouseButtonPress, at);
    mouse(canvas, QEvent::MouseButtonRelease, at);
    ASSERT_EQ(pins.size(), 1);
    EXPECT_EQ(pins[0][0].toInt(), 1);
    mouse(canvas, QEvent::MouseMove, at, Qt::ShiftModifier);
    ASSERT_EQ(columns.size(), 1);
    EXPECT_TRUE(columns[0][0].toBool());
    mouse(canvas, QEvent::MouseMove, at);
    EXPECT_FALSE(columns.last()[0].toBool());
}

TEST_F(Canvas, ArrowsWalkTheGridAndReachTheClassTokenBelow) {
    SignalLog spy(&canvas, &AttentionCanvas::queryRequested);
    canvas.setQuery(0);
    key(canvas, Qt::Key_Right);
    EXPECT_EQ(spy.last()[0].toInt(), 1);
    canvas.setQuery(1);
    key(canvas, Qt::Key_Right);
    EXPECT_EQ(spy.size(), 1) << "the edge holds";
    key(canvas, Qt::Key_Down);
    EXPECT_EQ(spy.last()[0].toInt(), 3);
    canvas.setQuery(3);
    key(canvas, Qt::Key_Down);
    EXPECT_EQ(spy.last()[0].toInt(), 4);
    canvas.setQuery(4);
    key(canvas, Qt::Key_Up);
    EXPECT_EQ(spy.last()[0].toInt(), 3);
}

TEST_F(Canvas, KeysReachTheirSignals) {
    SignalLog layers(&canvas, &AttentionCanvas::layerStepped), heads(&canvas, &AttentionCanvas::headStepped),
        opacity(&canvas, &AttentionCanvas::opacityStepped), unpin(&canvas, &AttentionCanvas::unpinAll);
    key(canvas, Qt::Key_BracketLeft);
    key(canvas, Qt::Key_BracketRight);
    EXPECT_EQ(layers[0][0].toInt(), -1);
    EXPECT_EQ(layers[1][0].toInt(), 1);
    key(canvas, Qt::Key_Period);
    EXPECT_EQ(heads[0][0].toInt(), 1);
    key(canvas, Qt::Key_O);
    key(canvas, Qt::Key_O, Qt::ShiftModifier);
    EXPECT_EQ(opacity[0][0].toInt(), -1);
    EXPECT_EQ(opacity[1][0].toInt(), 1);
    key(canvas, Qt::Key_Escape);
    EXPECT_EQ(unpin.size(), 1);
    key(canvas, Qt::Key_0);
    EXPECT_TRUE(canvas.actualSize());
    key(canvas, Qt::Key_F);
    EXPECT_FALSE(canvas.actualSize());
}

TEST_F(Canvas, HoldingHShowsThePictureAlone) {
    canvas.setValues({1, 0, 0, 0, 0}, {1, false});
    const QColor under = Qt::gray;
    const auto at = (canvas.pictureLayout().cell(0, 0).center() + QPointF(20, 20)).toPoint();
    EXPECT_NE(canvas.grab().toImage().pixelColor(at), under);
    key(canvas, Qt::Key_H);
    EXPECT_EQ(canvas.grab().toImage().pixelColor(at), under);
    key(canvas, Qt::Key_H, {}, false);
    EXPECT_FALSE(canvas.overlayHidden());
}

TEST_F(Canvas, OverlayHasTheFormulasAlphaAndSurvivesNonFinite) {
    const float nan = std::numeric_limits<float>::quiet_NaN();
    canvas.setLook(ColorMap::Inferno, 0.6);
    canvas.setValues({0.5f, 1.f, nan, 0.f, 0.2f}, {1, false});
    const auto alpha = [&](int x, int y) { return qAlpha(canvas.overlay().pixel(x, y)); };
    EXPECT_EQ(alpha(0, 0), std::lround(255 * 0.6 * 0.9));
    EXPECT_EQ(alpha(1, 0), std::lround(255 * 0.6 * 1.3));
    EXPECT_EQ(alpha(0, 1), std::lround(255 * 0.6 * 0.5));
    canvas.grab();
}

TEST_F(Canvas, EveryMarkPaintsOnTinyAndOnMissingPictures) {
    canvas.setPins({{0}, {3}, {4}, {-1}});
    canvas.setQuery(1);
    for (auto direction : {AttentionDirection::AttendsTo, AttentionDirection::AttendedBy}) {
        canvas.setBoundary(0.4, direction);
        for (int side : {60, 240, 700}) {
            canvas.resize(side, side);
            EXPECT_FALSE(canvas.grab().isNull());
        }
    }
    canvas.setPicture({}, {});
    EXPECT_EQ(canvas.tokenAt({50, 50}), -1);
    EXPECT_FALSE(canvas.grab().isNull());
}

TEST(PinColours, AreTheDarkSeries5324InBothThemes) {
    EXPECT_EQ(pinColor(0), QColor(0x7F, 0xD0, 0xF1));
    EXPECT_EQ(pinColor(1), QColor(0x72, 0xF0, 0xA6));
    EXPECT_EQ(pinColor(2), QColor(0xF0, 0x8A, 0x24));
    EXPECT_EQ(pinColor(3), QColor(0xC2, 0x6B, 0x94));
}

}  // namespace
}  // namespace vl
