// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/label_canvas.h"

#include <algorithm>
#include <vector>

#include <QElapsedTimer>
#include <QTest>

#include <gtest/gtest.h>

#include "widgets/class_legend.h"
#include "widgets/confusion_grid.h"

namespace vl {
namespace {

std::shared_ptr<DensePicture> halves(int width, int height, int classes) {
    auto picture = std::make_shared<DensePicture>();
    picture->name = "made up";
    picture->picture = {width, height, 3, std::vector<std::uint8_t>(std::size_t(width) * std::size_t(height) * 3, 100)};
    auto found = std::make_shared<PixelClasses>();
    found->width = width;
    found->height = height;
    found->labels.resize(std::size_t(width) * std::size_t(height));
    found->confidence.assign(found->labels.size(), 200);
    found->entropy.assign(found->labels.size(), 30);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x)
            found->labels[std::size_t(y) * std::size_t(width) + std::size_t(x)] =
                static_cast<std::uint8_t>(classes == 2 ? (x < width / 2 ? 0 : 1) : (x / 24 + y / 24 * 7) % classes);
    picture->classes = found;
    picture->tiles = picture->tilesDone = 1;
    return picture;
}

LabelLook lookOf(int classes) {
    LabelLook look;
    for (int i = 0; i < classes; ++i)
        look.colours.push_back({static_cast<std::uint8_t>(60 + i), static_cast<std::uint8_t>(250 - i), 40});
    return look;
}

TEST(LabelPaint, AClassIsLaidOverThePictureWithItsOpacity) {
    LabelLook look;
    look.colours = {{200, 0, 0}};
    look.opacity = 0.5;
    look.outline = false;
    QImage base(4, 4, QImage::Format_RGB32);
    base.fill(qRgb(100, 100, 100));
    const QImage image = paintLabels(base, LabelPlane(16, 0), 1, labelTable(look));
    // Half of (200, 0, 0) and half of (100, 100, 100).
    EXPECT_NEAR(qRed(image.pixel(1, 1)), 150, 2);
    EXPECT_NEAR(qGreen(image.pixel(1, 1)), 50, 2);
}

TEST(LabelPaint, MutedAndUncertainPixelsStayBare) {
    auto picture = halves(8, 8, 2);
    LabelLook look = lookOf(2);
    look.muted[0] = true;
    EXPECT_EQ(labelPlane(*picture, look, false)[0], kNoClass);
    EXPECT_EQ(labelPlane(*picture, look, false)[7], 1);
    look.threshold = 0.9;  // all pixels are 200 / 255 = 0.78 certain
    EXPECT_EQ(labelPlane(*picture, look, false)[7], kNoClass);
}

TEST(LabelPaint, TheOutlineIsOpaqueWhereClassesMeet) {
    auto picture = halves(8, 8, 2);
    const LabelLook look = lookOf(2);
    QImage base(8, 8, QImage::Format_RGB32);
    base.fill(qRgb(0, 0, 0));
    const QImage image = paintLabels(base, labelPlane(*picture, look, false), 1, labelTable(look));
    EXPECT_NEAR(qGreen(image.pixel(3, 2)), 250, 2);
    EXPECT_LT(qGreen(image.pixel(1, 2)), 130);
}

TEST(LabelPaint, ErrorsAreWherePredictionAndTruthDiffer) {
    auto picture = halves(8, 2, 2);
    auto truth = std::make_shared<PixelClasses>(*picture->classes);
    truth->labels[0] = 1;
    truth->labels[1] = kNoClass;
    picture->truthClasses = truth;
    LabelLook look = lookOf(2);
    look.map = LabelLook::Map::Errors;
    const LabelPlane plane = labelPlane(*picture, look, false);
    EXPECT_EQ(plane[0], 1);
    EXPECT_EQ(plane[1], kNoClass);
    EXPECT_EQ(plane[2], kNoClass);
}

TEST(LabelRegions, AreasHangTogetherSideBySideNotCornerToCorner) {
    // 0 1 0
    // 1 0 0
    const LabelRegions regions = labelRegions({0, 1, 0, 1, 0, 0}, 3, 2);
    ASSERT_EQ(regions.regions.size(), 4u);
    EXPECT_EQ(regions.at(2, 0), regions.at(1, 1));
    EXPECT_NE(regions.at(0, 0), regions.at(1, 1));
    EXPECT_NE(regions.at(1, 0), regions.at(0, 1));
    const auto& large = regions.regions[std::size_t(regions.at(1, 1))];
    EXPECT_EQ(large.area, 3);
    EXPECT_EQ(large.box, QRect(1, 0, 2, 2));
    // Down the columns: 00 | 01 | 11
    EXPECT_EQ(regionMask(regions, regions.at(1, 1)).runs, (std::vector<std::uint32_t>{3, 3}));
}

TEST(LabelRegions, AUShapeIsOneRegion) {
    const LabelRegions regions = labelRegions({1, 0, 1, 1, 1, 1}, 3, 2);
    ASSERT_EQ(regions.regions.size(), 2u);
    EXPECT_EQ(regions.at(0, 0), regions.at(2, 0));
    EXPECT_EQ(regions.regions[std::size_t(regions.at(0, 0))].area, 5);
}

TEST(LabelRegions, LabelsOfAnotherSizeGiveNone) { EXPECT_TRUE(labelRegions({1, 2}, 3, 2).regions.empty()); }

class LabelCanvasTest : public ::testing::Test {
protected:
    LabelCanvasTest() {
        canvas_.resize(880, 620);
        canvas_.show();
    }
    void show(int side, int classes) {
        canvas_.setLook(lookOf(classes));
        canvas_.setPicture(halves(side, side, classes));
        canvas_.layers().wait();
        canvas_.grab();
    }
    LabelCanvas canvas_;
};

TEST_F(LabelCanvasTest, HoverDrawsNothingAnew) {
    show(128, 2);
    const int stills = canvas_.stillsPainted(), composed = canvas_.layers().composed();
    for (int x = 40; x < 400; x += 40) {
        QMouseEvent move(QEvent::MouseMove, QPointF(x, 100), QPointF(x, 100), Qt::NoButton, Qt::NoButton,
                         Qt::NoModifier);
        QApplication::sendEvent(&canvas_, &move);
        canvas_.grab();
    }
    EXPECT_EQ(canvas_.stillsPainted(), stills);
    EXPECT_EQ(canvas_.layers().composed(), composed);
}

TEST_F(LabelCanvasTest, PanAndZoomDoNotComposeAgain) {
    show(128, 2);
    const int composed = canvas_.layers().composed();
    canvas_.setZoom(20, {200, 200});
    canvas_.pan({-30, -10});
    canvas_.layers().wait();
    EXPECT_EQ(canvas_.layers().composed(), composed);
    LabelLook look = canvas_.look();
    look.muted[1] = true;
    canvas_.setLook(look);
    canvas_.layers().wait();
    EXPECT_EQ(canvas_.layers().composed(), composed + 1);
}

TEST_F(LabelCanvasTest, HHeldHidesTheOverlay) {
    show(128, 2);
    const QPoint where = canvas_.pictureRect().center().toPoint() / 2;
    const QRgb shown = canvas_.grab().toImage().pixel(where);
    QTest::keyPress(&canvas_, Qt::Key_H);
    EXPECT_EQ(canvas_.grab().toImage().pixel(where), qRgb(100, 100, 100));
    QTest::keyRelease(&canvas_, Qt::Key_H);
    EXPECT_EQ(canvas_.grab().toImage().pixel(where), shown);
    EXPECT_NE(shown, qRgb(100, 100, 100));
}

TEST_F(LabelCanvasTest, AMutedClassDoesNotLightUpUnderTheCursor) {
    show(128, 2);
    LabelLook look = canvas_.look();
    look.muted[0] = true;
    canvas_.setLook(look);
    canvas_.layers().wait();
    const QRectF box = canvas_.pictureRect();
    // The cursor above, the pixel that is read below: the tip of the cursor does not reach it.
    const auto pixelWhenHovered = [&](double share) {
        const QPointF cursor(box.left() + box.width() * share, box.top() + 8);
        QMouseEvent move(QEvent::MouseMove, cursor, cursor, Qt::NoButton, Qt::NoButton, Qt::NoModifier);
        QApplication::sendEvent(&canvas_, &move);
        const QPoint read(int(cursor.x()), int(box.bottom()) - 20);
        return canvas_.grab().toImage().pixel(read);
    };
    EXPECT_EQ(pixelWhenHovered(0.2), qRgb(100, 100, 100));
    const QRgb lit = pixelWhenHovered(0.8);
    QEvent leave(QEvent::Leave);
    QApplication::sendEvent(&canvas_, &leave);
    const QPoint read(int(box.left() + box.width() * 0.8), int(box.bottom()) - 20);
    EXPECT_GT(qGray(lit), qGray(canvas_.grab().toImage().pixel(read)));
}

TEST_F(LabelCanvasTest, TheSplitBarIsDraggedAndStaysInside) {
    auto picture = halves(128, 128, 2);
    picture->truthClasses = picture->classes;
    canvas_.setPicture(picture);
    canvas_.setSide(LabelCanvas::Side::Split);
    canvas_.setSplit(0.5);
    const QRectF box = canvas_.pictureRect();
    QTest::mousePress(&canvas_, Qt::LeftButton, {}, box.center().toPoint());
    QMouseEvent move(QEvent::MouseMove, QPointF(box.left() + box.width() / 4, 200), QPointF(), Qt::LeftButton,
                     Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&canvas_, &move);
    EXPECT_NEAR(canvas_.split(), 0.25, 0.01);
    QMouseEvent far(QEvent::MouseMove, QPointF(-500, 200), QPointF(), Qt::LeftButton, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&canvas_, &far);
    EXPECT_EQ(canvas_.split(), 0);
}

// 60 frames a second with 150 classes at 1024 pixels: a frame may take 16 ms of the GUI thread, the slowest hundredth
// too.
TEST_F(LabelCanvasTest, AFrameOf150ClassesAt1024PixelsStaysUnder16Milliseconds) {
    show(1024, 150);
    QImage target(canvas_.size(), QImage::Format_ARGB32_Premultiplied);
    std::vector<double> frames;
    for (int i = 0; i < 300; ++i) {
        QElapsedTimer clock;
        clock.start();
        if (i % 3 == 0) canvas_.setZoom(canvas_.zoom() * (i % 2 ? 1.08 : 0.93), {440, 300});
        if (i % 3 == 1) canvas_.pan({i % 2 ? 17.0 : -23.0, 9});
        if (i % 3 == 2) {
            LabelLook look = canvas_.look();
            look.muted[std::size_t(i % 150)] = !look.muted[std::size_t(i % 150)];
            canvas_.setLook(look);
        }
        canvas_.render(&target);
        frames.push_back(double(clock.nsecsElapsed()) / 1e6);
        QCoreApplication::processEvents();
    }
    std::ranges::sort(frames);
    std::printf("150 classes, 1024 px: median %.2f ms, p99 %.2f ms\n", frames[150], frames[296]);
    EXPECT_LT(frames[296], 16.0);
}

TEST(ClassLegend, ClicksMuteAltAndTheBadgeShowAlone) {
    ClassLegend legend;
    legend.resize(288, 200);
    legend.setRows({{3, "Bag", Qt::red, 0.5, 0.9, false, false}, {7, "Shirt", Qt::blue, 0.2, 0.8, false, false}});
    std::vector<int> muted, solo;
    QObject::connect(&legend, &ClassLegend::muteToggled, [&](int label) { muted.push_back(label); });
    QObject::connect(&legend, &ClassLegend::soloToggled, [&](int label) { solo.push_back(label); });
    QTest::mouseClick(&legend, Qt::LeftButton, {}, legend.rowRect(1).center().toPoint());
    QTest::mouseClick(&legend, Qt::LeftButton, {}, legend.eyeRect(0).center().toPoint());
    QTest::mouseClick(&legend, Qt::LeftButton, Qt::AltModifier, legend.rowRect(0).center().toPoint());
    QTest::mouseClick(&legend, Qt::LeftButton, {}, legend.soloRect(1).center().toPoint());
    EXPECT_EQ(muted, (std::vector<int>{7, 3}));
    EXPECT_EQ(solo, (std::vector<int>{3, 7}));
    QTest::keyClick(&legend, Qt::Key_S);
    EXPECT_EQ(solo.back(), 7);
}

TEST(ConfusionGrid, LeavesOutWhatDoesNotOccurAndNamesTheCell) {
    ConfusionGrid grid;
    grid.resize(256, 100);
    grid.setCounts({0, 0, 0, 0, 90, 10, 0, 0, 50}, {"none", "Coat", "Shirt"});
    EXPECT_EQ(grid.classes(), (std::vector<int>{1, 2}));
    std::vector<std::pair<int, int>> chosen;
    QString text;
    QObject::connect(&grid, &ConfusionGrid::chosen, [&](int truth, int found) { chosen.push_back({truth, found}); });
    QObject::connect(&grid, &ConfusionGrid::described, [&](const QString& words) { text = words; });
    QTest::mouseClick(&grid, Qt::LeftButton, {}, grid.cellRect(0, 1).center().toPoint());
    QTest::mouseClick(&grid, Qt::LeftButton, {}, grid.cellRect(0, 1).center().toPoint());
    EXPECT_EQ(chosen, (std::vector<std::pair<int, int>>{{1, 2}, {-1, -1}}));
    QTest::keyClick(&grid, Qt::Key_Right);
    EXPECT_EQ(text, QStringLiteral("Coat taken for Shirt: 10.0 %, 10 pixels"));
    grid.setCounts({1, 2}, {"a", "b"});
    EXPECT_TRUE(grid.classes().empty());
}

}  // namespace
}  // namespace vl
