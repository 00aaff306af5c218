// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/object_table.h"

#include <QSignalSpy>
#include <QTest>

#include <gtest/gtest.h>

#include "widgets/class_scores.h"
#include "widgets/score_slider.h"

namespace vl {
namespace {

ObjectMark mark(int index, const char* name, double score, float side) {
    ObjectMark m;
    m.index = index;
    m.name = QString::fromLatin1(name);
    m.score = score;
    m.box = {0, 0, side, side};
    return m;
}

std::vector<ObjectMark> three() {
    return {mark(0, "Boot", 0.9, 40), mark(1, "Bag", 0.7, 90), mark(2, "Coat", 0.5, 60)};
}

TEST(ObjectTable, SortsByScoreClassOrSizeAndKeepsTheMarksNumbers) {
    ObjectTable table;
    table.setMarks(three());
    EXPECT_EQ(table.objects().mark(0), 0);
    table.sortByColumn(ObjectModel::Size, Qt::DescendingOrder);
    EXPECT_EQ(table.objects().mark(0), 1);
    table.sortByColumn(ObjectModel::Name, Qt::AscendingOrder);
    EXPECT_EQ(table.objects().mark(0), 1);
    EXPECT_EQ(table.objects().mark(2), 2);
    EXPECT_EQ(table.objects().row(0), 1);
}

TEST(ObjectTable, SaysClassFateScoreAndSize) {
    ObjectTable table;
    auto marks = three();
    marks[2].fate = QStringLiteral("missed");
    marks[2].score = -1;
    table.setMarks(marks);
    const auto text = [&](int row, int column) {
        return table.objects().index(row, column).data(Qt::DisplayRole).toString();
    };
    EXPECT_EQ(text(0, ObjectModel::Score), QStringLiteral("0.90"));
    EXPECT_EQ(text(1, ObjectModel::Size), QStringLiteral("90 × 90"));
    EXPECT_EQ(text(2, ObjectModel::Name), QStringLiteral("Coat, missed"));
    EXPECT_EQ(text(2, ObjectModel::Score), QStringLiteral("–"));
}

TEST(ObjectTable, TheSelectedObjectStaysSelectedWhenOthersGo) {
    ObjectTable table;
    table.setMarks(three());
    QSignalSpy spy(&table, &ObjectTable::selectedChanged);
    table.setSelected(1);
    auto fewer = three();
    fewer.erase(fewer.begin());
    table.setMarks(fewer);
    EXPECT_EQ(table.selected(), 0);
    EXPECT_EQ(table.objects().markOf(0).index, 1);
    fewer.erase(fewer.begin());
    table.setMarks(fewer);
    EXPECT_EQ(table.selected(), -1);
    EXPECT_EQ(spy.count(), 0);
}

TEST(ObjectTable, ArrowsMoveInTheOrderShownAndNeighboursGoRound) {
    ObjectTable table;
    table.setMarks(three());
    table.show();
    QSignalSpy spy(&table, &ObjectTable::selectedChanged);
    table.setSelected(0);
    QTest::keyClick(&table, Qt::Key_Down);
    ASSERT_EQ(spy.count(), 1);
    EXPECT_EQ(spy[0][0].toInt(), 1);
    EXPECT_EQ(table.neighbour(1), 2);
    table.setSelected(2);
    EXPECT_EQ(table.neighbour(1), 0);
    EXPECT_EQ(table.neighbour(-1), 1);
    table.setMarks({});
    EXPECT_EQ(table.neighbour(1), -1);
}

TEST(ObjectTable, NAndPAskForNeighboursInsteadOfSearchingLetters) {
    ObjectTable table;
    table.setMarks(three());
    QSignalSpy spy(&table, &ObjectTable::stepped);
    QTest::keyClick(&table, Qt::Key_N);
    QTest::keyClick(&table, Qt::Key_P);
    EXPECT_EQ(spy.count(), 2);
}

TEST(ScoreSlider, CountsScoresIntoItsBins) {
    ScoreSlider slider;
    slider.setScores({0.0, 0.024, 0.51, 1.0, std::nan("")});
    EXPECT_EQ(slider.bins()[0], 2);
    EXPECT_EQ(slider.bins()[20], 1);
    EXPECT_EQ(slider.bins()[ScoreSlider::kBins - 1], 1);
}

TEST(ScoreSlider, MovesByHundredthsAndStaysInRange) {
    ScoreSlider slider;
    slider.setValue(0.3);
    QSignalSpy spy(&slider, &ScoreSlider::moved);
    QTest::keyClick(&slider, Qt::Key_Right);
    EXPECT_NEAR(slider.value(), 0.31, 1e-9);
    QTest::keyClick(&slider, Qt::Key_PageDown);
    EXPECT_NEAR(slider.value(), 0.21, 1e-9);
    QTest::keyClick(&slider, Qt::Key_End);
    QTest::keyClick(&slider, Qt::Key_Right);
    EXPECT_DOUBLE_EQ(slider.value(), 1);
    EXPECT_EQ(spy.count(), 3);
}

TEST(ScoreSlider, AClickPutsItWhereTheCursorIs) {
    ScoreSlider slider;
    slider.resize(214, 62);
    QTest::mouseClick(&slider, Qt::LeftButton, {}, QPoint(107, 50));
    EXPECT_NEAR(slider.value(), 0.5, 0.01);
}

TEST(ClassScores, ArrowsClicksAndEscapeChoose) {
    ClassScores scores;
    scores.setRows({{QStringLiteral("Boot"), Qt::red, 0.7}, {QStringLiteral("Bag"), Qt::blue, -1}});
    scores.resize(scores.sizeHint());
    QSignalSpy spy(&scores, &ClassScores::currentChanged);
    QTest::keyClick(&scores, Qt::Key_Down);
    EXPECT_EQ(scores.current(), 0);
    QTest::mouseClick(&scores, Qt::LeftButton, {}, QPoint(30, 35));
    EXPECT_EQ(scores.current(), 1);
    QTest::mouseClick(&scores, Qt::LeftButton, {}, QPoint(30, 35));
    EXPECT_EQ(scores.current(), -1);
    EXPECT_EQ(spy.count(), 3);
    EXPECT_FALSE(scores.grab().isNull());
}

}  // namespace
}  // namespace vl
