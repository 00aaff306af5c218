// SPDX-License-Identifier: GPL-3.0-or-later
#include <QCheckBox>
#include <QComboBox>
#include <QPushButton>
#include <QSettings>
#include <QSlider>
#include <QTest>
#include <QToolButton>

#include <gtest/gtest.h>

#include "app/studio/shell/studio_settings.h"
#include "tests/studio/support/segment_fixture.h"

namespace vl {
namespace {

TEST_F(SegmentViewTest, TilesAppearAsTheyCome) {
    view().open(picture("large.png"));
    look_.all = 1;
    auto half = madeUpHalves("large.png", 32, 0);
    half->classes = madeUpClasses(32, 32, [](int x, int) { return x < 16 ? 1 : int(kNoClass); });
    half->tiles = 2;
    look_.done = 0;
    answer({half}, true);
    EXPECT_EQ(view().header().progress(), QStringLiteral("tile 1 of 2"));
    EXPECT_EQ(view().canvas().picture(), half);
    answer({madeUpHalves("large.png", 32, 0)});
    EXPECT_NE(view().canvas().picture(), half);
    EXPECT_TRUE(view().header().progress().isEmpty());
}

TEST_F(SegmentViewTest, ACancelledLargePictureSaysHowManyOfItsTilesAreThere) {
    view().open(picture("large.png"));
    look_.all = 1;
    auto part = madeUpHalves("large.png", 32, 0);
    part->tiles = 8;
    part->tilesDone = 3;
    look_.done = 0;
    answer({part}, true);
    look_.cancelled = true;
    answer({part});
    EXPECT_EQ(view().header().progress(), QStringLiteral("cancelled at tile 3 of 8"));
}

TEST_F(SegmentViewTest, CancellingAsksTheEngineAndSaysSo) {
    view().open(folderOf());
    look_.all = 3;
    answer({madeUpHalves("a.png", 32, 0)}, true);
    view().header().cancelButton().click();
    EXPECT_EQ(engine_.commands.back(), "cancel pictures");
    EXPECT_FALSE(view().feed().busy());
    view().feed().poll();
    EXPECT_EQ(view().header().progress(), QStringLiteral("cancelled at 1 of 3"));
}

TEST_F(SegmentViewTest, LiveWeightsFollowTheRunAndKeepWhatIsShown) {
    QCheckBox& live = view().panel().liveBox();
    EXPECT_FALSE(live.isEnabled());
    EXPECT_EQ(live.toolTip(), QStringLiteral("No training is running."));
    engine_.beginRun("scenes", "runs/scenes", 100);
    link().poll();
    ASSERT_TRUE(live.isEnabled());
    folderOfThree();
    const auto asked = [this] { return engine_.denseRequests.size(); };
    EXPECT_EQ(asked(), 1u);
    live.setChecked(true);
    ASSERT_EQ(asked(), 2u);  // at once, with the last checkpoint
    EXPECT_TRUE(engine_.denseRequests.back().live);
    answer({madeUpHalves("a.png", 32, 0), madeUpHalves("b.png", 32, 8), madeUpHalves("c.png", 32, 4)});
    view().showPicture(1);
    view().toggleMute(2);
    const auto before = view().canvas().picture();

    saveCheckpoint(10);
    ASSERT_EQ(asked(), 3u);
    EXPECT_EQ(view().header().progress(), QStringLiteral("segmenting with newer weights"));
    const auto newer = madeUpHalves("b.png", 32, 2);
    look_.all = 3;
    answer({madeUpHalves("a.png", 32, 1), newer}, true);
    EXPECT_EQ(view().canvas().picture(), before);  // until all are there
    answer({madeUpHalves("a.png", 32, 1), newer, madeUpHalves("c.png", 32, 3)});
    EXPECT_EQ(view().canvas().picture(), newer);
    EXPECT_EQ(view().shownPicture(), 1);
    EXPECT_EQ(view().strip().count(), 3);
    EXPECT_TRUE(view().muted(2));
    EXPECT_TRUE(view().header().progress().isEmpty());

    link().poll();
    EXPECT_EQ(asked(), 3u);  // no newer checkpoint, no question
    saveCheckpoint(20);
    saveCheckpoint(30);  // while the answer is under way
    EXPECT_EQ(asked(), 4u);
    answer({madeUpHalves("a.png", 32, 1), newer, madeUpHalves("c.png", 32, 3)});
    EXPECT_EQ(asked(), 5u);

    engine_.confirm(RunState::Finished);
    link().poll();
    EXPECT_FALSE(live.isEnabled());
    EXPECT_FALSE(live.isChecked());
}

TEST_F(SegmentViewTest, AttentionIsAskedForTheRegionUnderTheCursor) {
    view().open(picture("one.png"));
    answer({madeUpHalves("one.png", 32, 8)});
    SegmentChoices choices = view().panel().choices();
    choices.show = SegmentChoices::Show::Attention;
    choices.layer = 2;
    view().setChoices(choices);
    hover({2, 2});
    ASSERT_TRUE(waitUntil([this] { return !engine_.regionQuestions.empty(); }));
    const RegionQuestion& question = engine_.regionQuestions.back();
    EXPECT_EQ(question.what, RegionQuestion::What::Attention);
    EXPECT_EQ(question.layer, 2);
    // 24 whole columns of the picture from its left edge.
    EXPECT_EQ(question.region.runs, (std::vector<std::uint32_t>{0, 24 * 32, 8 * 32}));
    RegionAnswer reply;
    reply.question = question.id;
    reply.request = question.request;
    reply.rows = reply.columns = 2;
    reply.values = {0.1f, 0.2f, 0.3f, 0.4f};
    engine_.show(std::make_shared<const RegionAnswer>(reply));
    view().feed().poll();
    EXPECT_TRUE(view().canvas().hasMap());
}

TEST_F(SegmentViewTest, FeaturesAreAskedByLevel) {
    view().open(picture("one.png"));
    answer({madeUpHalves("one.png", 32, 8)});
    view().panel().showChooser().setCurrentIndex(5);
    ASSERT_TRUE(waitUntil([this] { return !engine_.regionQuestions.empty(); }));
    EXPECT_EQ(engine_.regionQuestions.back().what, RegionQuestion::What::Features);
    EXPECT_EQ(engine_.regionQuestions.back().level, 1);
}

TEST_F(SegmentViewTest, ExportNamesThePictureTheOpacityAndTheMutedClasses) {
    folderOfThree();
    view().toggleMute(2);
    view().exportTo("out.png", DenseExport::Form::Overlay, false);
    ASSERT_EQ(engine_.denseExports.size(), 1u);
    const DenseExport& what = engine_.denseExports.back();
    EXPECT_EQ(what.pictures, std::vector<int>{0});
    EXPECT_EQ(what.muted, (std::vector<std::uint8_t>{0, 2}));
    EXPECT_NEAR(what.opacity, view().panel().choices().opacity, 1e-9);
    view().exportTo("out.json", DenseExport::Form::Json, true);
    EXPECT_TRUE(engine_.denseExports.back().pictures.empty());
}

TEST_F(SegmentViewTest, ABrokenPictureIsNamedAndTheOthersGoOn) {
    view().open(folderOf());
    look_.all = 2;
    auto broken = std::make_shared<DensePicture>();
    broken->name = "torn.png";
    broken->problem = "torn.png is cut off";
    broken->advice = "Copy it again.";
    answer({broken, madeUpHalves("b.png", 32, 0)});
    view().showPicture(0);
    EXPECT_TRUE(view().note().isVisible());
    EXPECT_EQ(view().note().message(), QStringLiteral("torn.png is cut off"));
    view().exportTo("torn_mask.png", DenseExport::Form::IndexMask, false);
    EXPECT_TRUE(engine_.denseExports.empty()) << "there is no mask of it";
    view().exportTo("all.json", DenseExport::Form::Json, true);
    EXPECT_EQ(engine_.denseExports.size(), 1u);
    view().showPicture(1);
    EXPECT_FALSE(view().note().isVisible());
}

TEST_F(SegmentViewTest, APictureThatLostItsPixelsIsOfferedAgain) {
    view().open(folderOf());
    auto small = madeUpHalves("a.png", 32, 0);
    small->classes = nullptr;
    small->truthClasses = nullptr;
    answer({small, madeUpHalves("b.png", 32, 0)});
    view().showPicture(0);
    EXPECT_TRUE(view().note().isVisible());
    Q_EMIT view().note().actionTriggered();
    EXPECT_EQ(engine_.denseRequests.back().source, std::filesystem::path("/pictures/a.png"));
}

TEST_F(SegmentViewTest, OpacityAndOutlineAreRemembered) {
    view().panel().opacity().setValue(71);
    view().panel().outline().setChecked(false);
    ASSERT_TRUE(waitUntil([] {
        return openStudioSettings()->value(QStringLiteral("segment/opacity")).toDouble() > 0.7;
    }));
    reopen();
    EXPECT_EQ(view().panel().opacity().value(), 71);
    EXPECT_FALSE(view().panel().outline().isChecked());
}

TEST_F(SegmentViewTest, AnotherTasksAnswersAreNotTakenForOurs) {
    view().open(picture("one.png"));
    look_.pictures = {madeUpHalves("one.png", 32, 0)};
    look_.request = 99;
    ++look_.version;
    engine_.show(ModelTask::Segment, look_);
    view().feed().poll();
    EXPECT_EQ(view().shownPicture(), -1);
}

TEST_F(SegmentViewTest, WhatIsNoPictureIsNamedAndNothingIsAsked) {
    view().open(file("notes.txt", "words"));
    EXPECT_TRUE(engine_.denseRequests.empty());
    EXPECT_TRUE(lastProblem().contains(QStringLiteral("notes.txt"))) << lastProblem().toStdString();
}

TEST_F(SegmentViewTest, FiguresOfAnEarlierQuestionDoNotStandBesideAProblem) {
    folderOfThree();
    ASSERT_TRUE(view().header().sides().button(1)->isEnabled());
    view().open(folderOf());
    look_.problem = "That folder has no pictures.";
    look_.advice = "Choose another one.";
    answer({});
    EXPECT_FALSE(view().canvas().isVisible());
    EXPECT_FALSE(view().header().sides().button(1)->isEnabled());
    EXPECT_TRUE(view().panel().legend().rows().empty());
    for (const QLabel* label : view().panel().findChildren<QLabel*>())
        EXPECT_NE(label->text(), QStringLiteral("1.000")) << "the first picture's mean IoU";
}

TEST_F(SegmentViewTest, KeysOfThePanelAreMeantForTheView) {
    folderOfThree();
    QTest::keyClick(&view().panel().opacity(), Qt::Key_Return, Qt::ControlModifier);
    EXPECT_EQ(engine_.denseRequests.size(), 2u);
    EXPECT_TRUE(view().feed().busy());
    QTest::keyClick(&view().panel().opacity(), Qt::Key_Escape);
    EXPECT_EQ(engine_.commands.back(), "cancel pictures");
}

TEST_F(SegmentViewTest, ThePictureTakesTheKeyboardWhenItComes) {
    view().setFocus();
    folderOfThree();
    EXPECT_EQ(window_->focusWidget(), &view().canvas());
}

TEST_F(SegmentViewTest, ThePictureStaysInItsPlaceWhenTheLastOneIsDone) {
    view().open(folderOf());
    look_.all = 3;
    answer({madeUpHalves("a.png", 32, 0)}, true);
    const QSize busy = view().canvas().size();
    answer({madeUpHalves("a.png", 32, 0), madeUpHalves("b.png", 32, 8), madeUpHalves("c.png", 32, 4)});
    QCoreApplication::processEvents();
    EXPECT_EQ(view().canvas().size(), busy);
}

TEST_F(SegmentViewTest, ClosingWhilePicturesAreStillComingIsNoTrouble) {
    view().open(folderOf());
    look_.request = engine_.denseRequests.back().id;
    look_.busy = true;
    look_.all = 9;
    look_.pictures = {madeUpHalves("a.png", 320, 0), madeUpHalves("b.png", 320, 8)};
    ++look_.version;
    engine_.show(ModelTask::Segment, look_);
    view().feed().poll();
    window_.reset();
    EXPECT_EQ(engine_.denseRequests.size(), 1u);
}

}  // namespace
}  // namespace vl
