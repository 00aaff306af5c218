// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/sample_grid.h"

#include <chrono>

#include <QSignalSpy>
#include <QTest>

#include <gtest/gtest.h>

#include "widgets/frame_strip.h"
#include "widgets/noise_chart.h"

namespace vl {
namespace {

std::vector<QImage> greys(int count, int side) {
    std::vector<QImage> pictures;
    for (int i = 0; i < count; ++i) {
        QImage picture(side, side, QImage::Format_Grayscale8);
        picture.fill(10 + i);
        pictures.push_back(picture);
    }
    return pictures;
}

void fill(SampleGrid& grid, int rows, int columns, int side) {
    std::vector<SampleGrid::Row> rowNames;
    std::vector<SampleGrid::Column> columnNames;
    for (int i = 0; i < rows; ++i)
        rowNames.push_back({QString::number(i), QStringLiteral("steps"), 0.5, true});
    for (int i = 0; i < columns; ++i)
        columnNames.push_back({QStringLiteral("Boot"), QStringLiteral("seed 1")});
    grid.setCells(rowNames, columnNames);
    grid.setPictures(greys(rows * columns, side));
}

TEST(SampleGrid, PicturesStandInWholeMultiplesOfTheirPixels) {
    SampleGrid grid;
    grid.resize(900, 560);
    grid.show();  // a hidden one is resized later
    fill(grid, 4, 6, 32);
    EXPECT_EQ(grid.cellSide(), 128);  // (560 - 20 - 3 * 8) / 4 = 129 px of room: four times
    grid.resize(900, 540);
    EXPECT_EQ(grid.cellSide(), 96);  // 124 px: three times
    grid.resize(765, 560);
    fill(grid, 1, 10, 32);
    EXPECT_EQ(grid.cellSide(), 64);  // (765 - 78 - 9 * 8) / 10 = 61 px would be once; 4 px apart they stand twice
    EXPECT_EQ(grid.cellRect(1).x() - grid.cellRect(0).right(), 4);
    grid.resize(900, 560);
    grid.show();  // a hidden one is resized later
    fill(grid, 4, 6, 32);
    EXPECT_EQ(grid.cellSide(), 128);
    EXPECT_EQ(grid.cellRect(7).topLeft(), QPointF(SampleGrid::labelWidth + 136, SampleGrid::headHeight + 136));
}

TEST(SampleGrid, AClickAndTheArrowsSelectAndEdgesHold) {
    SampleGrid grid;
    grid.resize(600, 400);
    fill(grid, 2, 3, 32);
    QSignalSpy chosen(&grid, &SampleGrid::selectedChanged);
    QTest::mouseClick(&grid, Qt::LeftButton, {}, grid.cellRect(4).center().toPoint());
    EXPECT_EQ(grid.selected(), 4);
    QTest::keyClick(&grid, Qt::Key_Down);
    QTest::keyClick(&grid, Qt::Key_Right);
    QTest::keyClick(&grid, Qt::Key_Right);
    EXPECT_EQ(grid.selected(), 5);
    QTest::keyClick(&grid, Qt::Key_Up);
    EXPECT_EQ(grid.selected(), 2);
    EXPECT_EQ(chosen.count(), 3);
}

TEST(SampleGrid, CellsShowTheirPicturesWithoutBlurring) {
    SampleGrid grid;
    grid.resize(400, 300);
    fill(grid, 1, 2, 2);
    QImage checks(2, 2, QImage::Format_Grayscale8);
    checks.fill(0);
    checks.setPixel(1, 0, qRgb(255, 255, 255));
    grid.setPictures({checks, checks});
    const QImage drawn = grid.grab().toImage();
    const QRectF cell = grid.cellRect(1);
    EXPECT_EQ(qGray(drawn.pixel(int(cell.center().x()) - 1, int(cell.top()) + 2)), 0);
    EXPECT_EQ(qGray(drawn.pixel(int(cell.center().x()) + 1, int(cell.top()) + 2)), 255);
}

TEST(SampleGrid, LargePicturesAreMadeSmallerOnAThread) {
    SampleGrid grid;
    grid.resize(700, 500);
    fill(grid, 8, 8, 256);
    grid.waitForPictures();
    const QRectF cell = grid.cellRect(63);
    EXPECT_LT(cell.width(), 80);
    EXPECT_EQ(qGray(grid.grab().toImage().pixel(cell.center().toPoint())), 10 + 63);
}

TEST(SampleGrid, OneRepaintIsShort) {
    for (const auto& [rows, columns, side] : {std::tuple{4, 6, 32}, std::tuple{8, 8, 256}}) {
        SampleGrid grid;
        grid.resize(900, 580);
        fill(grid, rows, columns, side);
        grid.waitForPictures();
        QImage target(grid.size(), QImage::Format_RGB32);
        double best = 1e9;
        for (int i = 0; i < 8; ++i) {
            const auto begin = std::chrono::steady_clock::now();
            grid.render(&target);
            best = std::min(
                best, std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count());
        }
        RecordProperty(std::to_string(rows * columns) + "x" + std::to_string(side), std::to_string(best));
        std::printf("%d cells of %d px: %.2f ms\n", rows * columns, side, best);
        EXPECT_LT(best, 5);
    }
}

TEST(FrameStrip, KeepsFirstAndLastWhereNotAllFit) {
    FrameStrip strip(64);
    strip.resize(400, 84);
    std::vector<FrameStrip::Frame> frames;
    for (int i = 0; i <= 20; ++i)
        frames.push_back({i * 5, i < 8 ? i : -1});
    strip.setFrames(frames, [](int index) { return greys(index + 1, 8).back(); });
    ASSERT_EQ(strip.shown().size(), 5u);  // (400 - 4 + 8) / 72
    EXPECT_EQ(strip.shown().front(), 0);
    EXPECT_EQ(strip.shown().back(), 20);
    QSignalSpy chosen(&strip, &FrameStrip::chosen);
    QTest::mouseClick(&strip, Qt::LeftButton, {}, strip.boxRect(4).center().toPoint());
    EXPECT_EQ(chosen.count(), 0);  // still to come
    QTest::mouseClick(&strip, Qt::LeftButton, {}, strip.boxRect(1).center().toPoint());
    ASSERT_EQ(chosen.count(), 1);
    EXPECT_EQ(chosen[0][0].toInt(), 5);
}

TEST(NoiseChart, ChainsOfDifferentLengthShareOneAxis) {
    NoiseChart chart;
    chart.resize(272, 172);
    const auto line = [](int steps) {
        auto noise = std::make_shared<std::vector<double>>();
        for (int i = 0; i <= steps; ++i)
            noise->push_back(1 - double(i) / steps);
        return noise;
    };
    chart.setLines({{QStringLiteral("10"), line(10)}, {QStringLiteral("40"), line(40)}});
    chart.setStep(12);
    EXPECT_LT(chart.place(10, 0).x(), chart.place(40, 0).x());
    EXPECT_DOUBLE_EQ(chart.place(40, 0).x() - chart.place(20, 0).x(), chart.place(20, 0).x() - chart.place(0, 0).x());
    EXPECT_GT(chart.place(0, 0).y(), chart.place(0, 1).y());
    EXPECT_FALSE(chart.grab().toImage().isNull());
}

}  // namespace
}  // namespace vl
