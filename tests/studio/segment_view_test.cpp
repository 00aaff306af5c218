// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/segment/segment_view.h"

#include <QMimeData>
#include <QPushButton>
#include <QTest>
#include <QUrl>

#include <gtest/gtest.h>

#include "app/studio/dense/dense_source.h"
#include "app/studio/shell/studio_settings.h"
#include "tests/studio/support/segment_fixture.h"

namespace vl {
namespace {

TEST_F(SegmentViewTest, AnEmptyViewOffersTheDemo) {
    EXPECT_TRUE(view().isEmpty());
    view().tryDemo();
    ASSERT_EQ(engine_.denseRequests.size(), 1u);
    EXPECT_EQ(engine_.denseRequests.front().task, ModelTask::Segment);
    EXPECT_TRUE(engine_.denseRequests.front().checkpoint.empty());
    EXPECT_FALSE(view().isEmpty());
    EXPECT_EQ(view().header().progress(), QStringLiteral("loading the model"));
}

TEST_F(SegmentViewTest, ADroppedPictureRunsAtOnce) {
    const auto file = picture("drop.png");
    QMimeData mime;
    mime.setUrls({QUrl::fromLocalFile(fromPath(file))});
    QDragEnterEvent enter(QPoint(300, 300), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&view(), &enter);
    QDropEvent drop(QPointF(300, 300), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&view(), &drop);
    ASSERT_EQ(engine_.denseRequests.size(), 1u);
    EXPECT_EQ(engine_.denseRequests.front().source, file);
}

TEST_F(SegmentViewTest, APastedPictureRunsAtOnce) {
    QImage pasted(12, 9, QImage::Format_RGB32);
    pasted.fill(Qt::green);
    QMimeData mime;
    mime.setImageData(pasted);
    EXPECT_TRUE(view().open(mime));
    ASSERT_EQ(engine_.denseRequests.size(), 1u);
    EXPECT_EQ(engine_.denseRequests.front().image.width, 12);
    EXPECT_EQ(engine_.denseRequests.front().imageName, "pasted picture");
    QMimeData words;
    words.setText(QStringLiteral("no path"));
    EXPECT_FALSE(view().open(words));
}

TEST_F(SegmentViewTest, VideosAndFoldersAreSourcesTextFilesAreNot) {
    EXPECT_TRUE(denseSource(std::filesystem::path("walk.mp4")));
    EXPECT_TRUE(denseSource(folderOf()));
    EXPECT_FALSE(denseSource(std::filesystem::path("notes.txt")));
}

TEST_F(SegmentViewTest, TheLegendIsSortedByAreaAndTheBackgroundComesLastAndMuted) {
    view().open(picture("one.png"));
    auto found = madeUpHalves("one.png", 32, 8);
    found->classes = madeUpClasses(32, 32, [](int x, int) { return x < 20 ? 0 : x < 24 ? 1 : 2; });
    answer({found});
    const auto& rows = view().panel().legend().rows();
    ASSERT_EQ(rows.size(), 3u);
    EXPECT_EQ(rows[0].name, QStringLiteral("Bag"));
    EXPECT_DOUBLE_EQ(rows[0].area, 8.0 / 32);
    EXPECT_EQ(rows[1].name, QStringLiteral("Shirt"));
    EXPECT_EQ(rows[2].name, QStringLiteral("background"));
    EXPECT_TRUE(rows[2].muted);
    EXPECT_DOUBLE_EQ(rows[0].iou, found->scores->iou[2]);
    EXPECT_LT(rows[2].iou, 0);
}

TEST_F(SegmentViewTest, MuteAndSoloSurviveTheNextPicture) {
    folderOfThree();
    view().toggleMute(1);
    EXPECT_TRUE(view().canvas().look().muted[1]);
    view().toggleSolo(2);
    EXPECT_TRUE(view().muted(1));
    EXPECT_FALSE(view().muted(2));
    view().stepPicture(1);
    EXPECT_EQ(view().solo(), 2);
    view().toggleSolo(2);
    EXPECT_TRUE(view().muted(1));
    EXPECT_FALSE(view().muted(2));
    view().segment();
    EXPECT_TRUE(view().muted(1));
}

TEST_F(SegmentViewTest, TheStripStandsWorstFirstOrInOrderAndNAndPFollowIt) {
    folderOfThree();
    EXPECT_EQ(view().order(), (std::vector<int>{1, 2, 0}));
    EXPECT_EQ(view().shownPicture(), 0);
    QTest::keyClick(&view().canvas(), Qt::Key_P);
    EXPECT_EQ(view().shownPicture(), 2);
    view().sortByName(true);
    EXPECT_EQ(view().order(), (std::vector<int>{0, 1, 2}));
    QTest::keyClick(&view().canvas(), Qt::Key_P);
    EXPECT_EQ(view().shownPicture(), 1);
    EXPECT_EQ(view().strip().item(0).figure, QStringLiteral("1.00"));
}

TEST_F(SegmentViewTest, ACellOfTheConfusionLeavesThePicturesBehindIt) {
    folderOfThree();
    look_.segmentScores = SegmentScores{};
    look_.segmentScores->confusion = {0, 0, 0, 0, 1536, 0, 0, 384, 1152};
    answer(look_.pictures);
    EXPECT_EQ(view().panel().confusion().classes(), (std::vector<int>{1, 2}));
    view().filterPictures(2, 1);
    EXPECT_EQ(view().order(), (std::vector<int>{1, 2}));
    EXPECT_EQ(view().shownPicture(), 1);
    view().filterPictures(-1, -1);
    EXPECT_EQ(view().order().size(), 3u);
}

TEST_F(SegmentViewTest, TheCursorReadsThePixelAndHighlightsItsClass) {
    view().open(picture("one.png"));
    answer({madeUpHalves("one.png", 32, 8)});
    hover({18, 5});
    EXPECT_EQ(view().pixelText(), QStringLiteral("Pixel 18, 5, truth Bag, prediction Shirt 0.90, next Shirt 0.08"));
    EXPECT_EQ(view().panel().legend().highlighted(), 1);
    EXPECT_EQ(view().canvas().tip(), QStringLiteral("Shirt"));
}

TEST_F(SegmentViewTest, TruthOffersTheSplitAndItsKeysMoveIt) {
    view().open(picture("one.png"));
    answer({madeUpHalves("one.png", 32, 8)});
    EXPECT_EQ(view().canvas().side(), LabelCanvas::Side::Split);
    const double before = view().canvas().split();
    QTest::keyClick(&view().canvas(), Qt::Key_Right);
    EXPECT_NEAR(view().canvas().split(), before + 0.01, 1e-9);
    QTest::keyClick(&view().canvas(), Qt::Key_T);
    EXPECT_EQ(view().canvas().side(), LabelCanvas::Side::Prediction);
}

TEST_F(SegmentViewTest, WithoutTruthThereIsOnlyThePrediction) {
    view().open(picture("one.png"));
    auto found = madeUpHalves("one.png", 32, 8);
    found->truthClasses = nullptr;
    found->scores.reset();
    answer({found});
    EXPECT_EQ(view().canvas().side(), LabelCanvas::Side::Prediction);
    EXPECT_FALSE(view().header().sides().button(2)->isEnabled());
}

}  // namespace
}  // namespace vl
