// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <limits>

#include <QApplication>
#include <QKeyEvent>
#include <QMouseEvent>

#include <gtest/gtest.h>

#include "tests/widgets/signal_log.h"
#include "widgets/head_grid.h"
#include "widgets/kept_mass_bars.h"
#include "widgets/key_bars.h"
#include "widgets/mask_preview.h"
#include "widgets/paint_helpers.h"
#include "widgets/prediction_bars.h"

namespace vl {
namespace {

TEST(HeadGrid, HitsEveryThumbnailAndTheStatisticsOfItsRow) {
    HeadGrid grid;
    grid.setMaps(12, 3, {});
    grid.resize(grid.sizeHint());
    for (int l = 0; l < 12; ++l)
        for (int h = 0; h < 3; ++h) {
            int layer = -1, head = -1;
            ASSERT_TRUE(grid.hit(grid.thumbRect(l, h).center(), layer, head));
            EXPECT_EQ(layer, l);
            EXPECT_EQ(head, h);
        }
    int layer = -1, head = -1;
    ASSERT_TRUE(grid.hit({grid.width() - 10, grid.thumbRect(4, 0).center().y()}, layer, head));
    EXPECT_EQ(layer, 4);
    EXPECT_EQ(head, -1);
    EXPECT_FALSE(grid.hit({10, 2}, layer, head));
}

TEST(HeadGrid, FewLayersGetLargeThumbnailsWithStatisticsBelow) {
    HeadGrid grid;
    grid.setMaps(4, 4, {});
    grid.fitTo(340, 600);
    EXPECT_TRUE(grid.stacked());
    EXPECT_LE(grid.sizeHint().width(), 340);
    EXPECT_LE(grid.sizeHint().height(), 600);
    EXPECT_GE(grid.thumbRect(0, 0).width(), 56);
    int layer = -1, head = -1;
    ASSERT_TRUE(grid.hit(grid.thumbRect(2, 3).center(), layer, head));
    EXPECT_EQ(layer, 2);
    EXPECT_EQ(head, 3);
    ASSERT_TRUE(grid.hit(grid.thumbRect(2, 3).bottomLeft() + QPoint(0, 20), layer, head));
    EXPECT_EQ(layer, 2);
    EXPECT_EQ(head, -1);
    EXPECT_FALSE(grid.grab().isNull());
    grid.setMaps(12, 3, {});
    grid.fitTo(340, 640);
    EXPECT_FALSE(grid.stacked());
    EXPECT_LE(grid.sizeHint().width(), 340);
}

TEST(HeadGrid, ArrowsChooseAndStopAtTheEdges) {
    HeadGrid grid;
    grid.setMaps(2, 2, {});
    grid.setCurrent(0, 0, false);
    SignalLog spy(&grid, &HeadGrid::chosen);
    for (int code : {Qt::Key_Up, Qt::Key_Left}) {
        QKeyEvent event(QEvent::KeyPress, code, Qt::NoModifier);
        QApplication::sendEvent(&grid, &event);
    }
    EXPECT_EQ(spy.size(), 0);
    QKeyEvent down(QEvent::KeyPress, Qt::Key_Down, Qt::NoModifier);
    QApplication::sendEvent(&grid, &down);
    ASSERT_EQ(spy.size(), 1);
    EXPECT_EQ(spy[0][0].toInt(), 1);
    EXPECT_EQ(spy[0][1].toInt(), 0);
}

TEST(HeadGrid, PaintsBeforeAndAfterItsStatisticsArrive) {
    HeadGrid grid;
    std::vector<QImage> maps(6, QImage(4, 4, QImage::Format_RGB32));
    grid.setMaps(2, 3, maps);
    EXPECT_FALSE(grid.grab().isNull());
    grid.setStats({{5, std::numeric_limits<double>::quiet_NaN(), 0.6, 0}, {4, 3, 0.5, 2}}, 6, 8);
    grid.setCurrent(1, 2, true);
    EXPECT_FALSE(grid.grab().isNull());
    EXPECT_TRUE(grid.accessibleDescription().contains("kept mass"));
}

TEST(KeyBars, NamesTheKeyUnderThePointer) {
    KeyBars bars;
    bars.resize(500, 120);
    const AttentionGeometry g{2, 2, 2, 2, 5, 4, 0, true};
    bars.setRows({{"(0, 0)", -1, 0, {.2f, .2f, .2f, .2f, .2f}, {.2f, .1f, .1f, .1f, .1f}}}, g, true,
                 AttentionDirection::AttendsTo);
    EXPECT_EQ(bars.tokenAt({10, 60}), -1);
    EXPECT_EQ(bars.tokenAt({86, 60}), 0);
    EXPECT_EQ(bars.tokenAt({495, 60}), 4);
    EXPECT_FALSE(bars.grab().isNull());
}

TEST(KeyBars, DrawsManyKeysAndNonFiniteValues) {
    KeyBars bars;
    bars.resize(300, 80);
    std::vector<float> values(1025, 0.001f);
    values[17] = std::numeric_limits<float>::infinity();
    bars.setRows({{"(0, 0)", 2, 5, values, values}}, {32, 32, 32, 32, 1025, 1024, 0, true}, true,
                 AttentionDirection::AttendedBy);
    EXPECT_FALSE(bars.grab().isNull());
}

TEST(MaskPreview, CellsHoldOneUpToTheQueryAndAlphaAfter) {
    MaskPreview mask;
    mask.setMask(4, 0, "Mask");
    const QImage image = mask.maskImage();
    const auto& t = Theme::instance().tokens();
    for (int i = 0; i < 4; ++i)
        for (int j = 0; j < 4; ++j)
            EXPECT_EQ(image.pixelColor(j, i), j <= i ? t.series[0] : t.window) << i << j;
}

TEST(MaskPreview, SharesItsRowsWithTheKeptMassBars) {
    MaskPreview mask;
    KeptMassBars bars;
    mask.resize(300, 321);
    bars.resize(210, 321);
    EXPECT_EQ(mask.plotRect().top(), bars.plotRect().top());
    EXPECT_EQ(mask.plotRect().height(), bars.plotRect().height());
    bars.setMass({0.5, std::numeric_limits<double>::quiet_NaN(), 1}, {0.4, 0.7, 1});
    EXPECT_FALSE(bars.grab().isNull());
    bars.setMass({}, {0.4, 0.7, 1});
    EXPECT_FALSE(bars.grab().isNull());
}

TEST(PredictionBars, SayWhatTheyShow) {
    PredictionBars bars;
    bars.setPredictions({{3, "Bag", 0.9591}, {1, "Trouser", 0.006}}, 3);
    EXPECT_TRUE(bars.accessibleDescription().startsWith("Bag 0"));
    bars.resize(280, 120);
    EXPECT_FALSE(bars.grab().isNull());
    bars.setPredictions({{0, "x", std::numeric_limits<double>::quiet_NaN()}});
    EXPECT_FALSE(bars.grab().isNull());
}

TEST(NumberTexts, FitTheirSize) {
    EXPECT_EQ(shareText(0), "0");
    EXPECT_EQ(shareText(0.0321), QLocale().toString(0.032, 'f', 3));
    EXPECT_EQ(shareText(0.0044), QLocale().toString(0.0044, 'f', 4));
    EXPECT_EQ(shareText(std::numeric_limits<double>::quiet_NaN()), "–");
    EXPECT_EQ(fixedText(std::numeric_limits<double>::infinity(), 2), "–");
}

}  // namespace
}  // namespace vl
