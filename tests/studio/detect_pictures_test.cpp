// SPDX-License-Identifier: GPL-3.0-or-later
#include <QCheckBox>
#include <QSettings>
#include <QTest>

#include <gtest/gtest.h>

#include "app/studio/detect/score_page.h"
#include "app/studio/shell/action_registry.h"
#include "app/studio/shell/studio_settings.h"
#include "tests/studio/support/detect_fixture.h"

namespace vl {
namespace {

DetectScores madeUpScores() {
    DetectScores scores;
    scores.boxes.ap = 0.512;
    scores.boxes.ap50 = 0.731;
    scores.boxAp = std::vector<double>(10, 0.4);
    scores.boxAp[3] = -1;
    std::vector<double> falling;
    for (int i = 0; i <= 100; ++i)
        falling.push_back(1 - i * 0.008);
    scores.boxCurves = std::vector<std::vector<double>>(10, falling);
    scores.boxCurves[3] = std::vector<double>(101, -1);
    scores.boxCurves[9] = std::vector<double>(101, 0.5);
    return scores;
}

TEST_F(DetectViewTest, AFolderFillsTheStripAsItsPicturesCome) {
    view().open(toPath(folder_.path()));
    answer({madeUpScene(true, "one")}, 3, true);
    EXPECT_EQ(view().strip().count(), 1);
    EXPECT_TRUE(view().header().cancelButton().isVisible());
    EXPECT_EQ(view().header().progress(), QStringLiteral("1 of 3"));
    auto broken = std::make_shared<DensePicture>();
    broken->name = "two";
    broken->problem = "two is no picture.";
    answer({madeUpScene(true, "one"), broken, madeUpScene(false, "three")});
    EXPECT_EQ(view().strip().count(), 3);
    EXPECT_EQ(view().strip().item(0).figure, QStringLiteral("3"));
    EXPECT_TRUE(view().strip().item(1).failed);
    EXPECT_FALSE(view().strip().item(0).thumb.isNull());
    view().stepPicture(1);
    EXPECT_EQ(view().shownPicture(), 1);
    EXPECT_TRUE(view().note().isVisible());
    EXPECT_EQ(view().note().message(), QStringLiteral("two is no picture."));
    view().exportTo("two_overlay.png", DenseExport::Form::Overlay, false);
    EXPECT_TRUE(engine_.denseExports.empty()) << "there is nothing to save of it";
    view().exportTo("all.json", DenseExport::Form::Json, true);
    EXPECT_EQ(engine_.denseExports.size(), 1u);
    view().stepPicture(1);
    view().stepPicture(1);
    EXPECT_EQ(view().shownPicture(), 2);
    EXPECT_FALSE(view().note().isVisible());
}

TEST_F(DetectViewTest, LiveWeightsFollowTheRunAndKeepWhatIsShown) {
    engine_.beginRun("scenes", "runs/scenes", 100);
    link().poll();
    view().open(toPath(folder_.path()));
    answer({madeUpScene(true, "one"), madeUpScene(true, "two")});
    panel().weights().button(1)->click();
    ASSERT_EQ(engine_.denseRequests.size(), 2u);
    EXPECT_TRUE(engine_.denseRequests.back().live);
    answer({madeUpScene(true, "one"), madeUpScene(true, "two")});
    view().showPicture(1);
    view().setMuted(3, true);
    saveCheckpoint(10);
    ASSERT_EQ(engine_.denseRequests.size(), 3u);
    EXPECT_EQ(view().header().progress(), QStringLiteral("searching with newer weights"));
    EXPECT_EQ(view().strip().count(), 2);
    answer({madeUpScene(true, "one"), madeUpScene(false, "two")});
    EXPECT_EQ(view().shownPicture(), 1);
    EXPECT_EQ(view().strip().count(), 2);
    EXPECT_FALSE(view().strip().item(1).thumb.isNull());
    EXPECT_FALSE(view().shown().judged);  // the newer answer, which came without truth
    EXPECT_EQ(view().filter().muted.count(3), 1u);
}

TEST_F(DetectViewTest, CancelReachesTheEngine) {
    view().open(picture("a.png"));
    view().cancel();
    EXPECT_EQ(engine_.commands.back(), "cancel pictures");
}

TEST_F(DetectViewTest, ALargePictureOfAFolderIsFollowedTileByTileAndSaysWhereItWasCancelled) {
    view().open(toPath(folder_.path()));
    auto part = std::make_shared<DensePicture>(*madeUpScene(false, "large"));
    part->tiles = 8;
    part->tilesDone = 2;
    answer({madeUpScene(false, "one"), part}, 5, true);
    look_.done = 1;
    answerAgain();
    EXPECT_EQ(view().header().progress(), QStringLiteral("1 of 5, tile 2 of 8"));
    EXPECT_DOUBLE_EQ(view().feed().share(), (1 + 2.0 / 8) / 5);
    look_.cancelled = true;
    look_.busy = false;
    answerAgain();
    EXPECT_EQ(view().header().progress(), QStringLiteral("cancelled at 1 of 5, tile 2 of 8"));
}

TEST_F(DetectViewTest, FiguresAndCurvesComeWithTheTruth) {
    view().open(picture("a.png"));
    look_.detectScores = madeUpScores();
    answer({madeUpScene(true)});
    ScorePage& page = panel().scores();
    EXPECT_EQ(page.figures().value(QStringLiteral("AP50")), QStringLiteral("0.731"));
    EXPECT_EQ(page.classes().rows()[3].value, -1);
    ASSERT_EQ(page.curves().size(), 1u);
    // Eight classes fall from 1 to 0.2, one stays at 0.5, one does not occur.
    EXPECT_NEAR(page.curves()[0].points.back().y(), (8 * 0.2 + 0.5) / 9, 1e-12);
    Q_EMIT page.classes().currentChanged(9);
    page.classes().setCurrent(9);
    Q_EMIT page.classes().currentChanged(9);
    ASSERT_EQ(page.curves().size(), 2u);
    EXPECT_EQ(page.curves()[1].name, QStringLiteral("Boot"));
    EXPECT_FALSE(page.kind().button(1)->isEnabled());
}

TEST_F(DetectViewTest, ExportsSayWhatIsSeen) {
    open(false);
    view().setThreshold(0.6);
    view().setMuted(8, true);
    view().exportTo("/tmp/x.png", DenseExport::Form::Overlay, false);
    view().exportTo("/tmp/x.json", DenseExport::Form::Coco, true);
    ASSERT_EQ(engine_.denseExports.size(), 2u);
    EXPECT_EQ(engine_.denseExports[0].pictures, std::vector<int>{0});
    EXPECT_DOUBLE_EQ(engine_.denseExports[0].threshold, 0.6);
    EXPECT_EQ(engine_.denseExports[0].muted, std::vector<std::uint8_t>{8});
    EXPECT_TRUE(engine_.denseExports[1].pictures.empty());
    EXPECT_EQ(engine_.denseExports[1].task, ModelTask::Detect);
}

TEST_F(DetectViewTest, AProblemTakesThePlaceOfThePicture) {
    view().open(picture("a.png"));
    look_.problem = "There is no detector to use.";
    look_.advice = "Open a checkpoint.";
    answer({});
    EXPECT_FALSE(view().canvas().isVisible());
    look_.problem.clear();
    view().detect();
    answer({madeUpScene(false)});
    EXPECT_TRUE(view().canvas().isVisible());
}

TEST_F(DetectViewTest, PixelsThatALongListDroppedAreReadAgain) {
    const auto file = picture("far.png");
    view().open(file);
    auto far = madeUpPicture("far.png", 28, 28);
    far->picture.pixels.clear();
    far->file = file;
    answer({far});
    ASSERT_TRUE(waitUntil([this] { return view().canvas().picture() && !view().canvas().picture()->picture.empty(); }));
    EXPECT_EQ(view().canvas().picture()->picture.width, 28);
}

TEST_F(DetectViewTest, OpacityAndThresholdAreRemembered) {
    auto choices = panel().choices();
    choices.look.opacity = 0.8;
    choices.look.labels = false;
    panel().setChoices(choices);
    view().setThreshold(0.42);
    ASSERT_TRUE(waitUntil([] {
        return openStudioSettings()->value(QStringLiteral("detect/threshold")).toDouble() > 0.4;
    }));
    reopen();
    EXPECT_NEAR(panel().choices().look.opacity, 0.8, 1e-9);
    EXPECT_FALSE(panel().choices().look.labels);
    EXPECT_NEAR(view().filter().threshold, 0.42, 1e-9);
}

TEST_F(DetectViewTest, EveryCommandIsAnActionWithAReasonWhenOff) {
    auto& actions = window_->actions();
    actions.refresh();
    EXPECT_FALSE(actions.whyDisabled(QStringLiteral("detect.start")).isEmpty());
    EXPECT_FALSE(actions.whyDisabled(QStringLiteral("detect.next")).isEmpty());
    open();
    actions.refresh();
    for (const char* id : {"detect.start", "detect.next", "detect.exportCoco", "detect.masks"})
        EXPECT_TRUE(actions.whyDisabled(QLatin1String(id)).isEmpty()) << id;
}

TEST_F(DetectViewTest, WhatIsNoPictureIsNamedAndNothingIsAsked) {
    view().open(file("notes.txt", "words"));
    EXPECT_TRUE(engine_.denseRequests.empty());
    EXPECT_TRUE(lastProblem().contains(QStringLiteral("notes.txt"))) << lastProblem().toStdString();
}

TEST_F(DetectViewTest, ObjectsOfAnEarlierQuestionDoNotStandBesideAProblem) {
    open();
    ASSERT_FALSE(names().isEmpty());
    view().open(toPath(folder_.path()));
    look_.problem = "That folder has no pictures.";
    look_.advice = "Choose another one.";
    answer({});
    EXPECT_FALSE(view().canvas().isVisible());
    EXPECT_TRUE(names().isEmpty());
    EXPECT_FALSE(view().header().sides().button(1)->isEnabled());
    EXPECT_FALSE(view().header().cancelButton().isVisible());
}

TEST_F(DetectViewTest, TheSearchCanBeCancelledBeforeTheFirstPicture) {
    view().open(picture("a.png"));
    EXPECT_TRUE(view().header().cancelButton().isVisible());
    EXPECT_EQ(view().header().progress(), QStringLiteral("loading the model"));
    view().header().cancelButton().click();
    EXPECT_EQ(engine_.commands.back(), "cancel pictures");
}

TEST_F(DetectViewTest, KeysOfThePanelAreMeantForTheView) {
    open(false);
    QTest::keyClick(&panel().threshold(), Qt::Key_Return, Qt::ControlModifier);
    EXPECT_EQ(engine_.denseRequests.size(), 2u);
    EXPECT_TRUE(view().feed().busy());
    QTest::keyClick(&panel().threshold(), Qt::Key_Escape);
    EXPECT_EQ(engine_.commands.back(), "cancel pictures");
}

TEST_F(DetectViewTest, ThePictureTakesTheKeyboardWhenItComes) {
    view().setFocus();
    open(false);
    EXPECT_EQ(window_->focusWidget(), &view().canvas());
    table().setFocus();
    answer({madeUpScene(false)});
    EXPECT_EQ(window_->focusWidget(), &table());
}

TEST_F(DetectViewTest, ALongNameIsCutInsteadOfWideningTheWindow) {
    const int before = view().minimumSizeHint().width();
    view().open(picture("a.png"));
    answer({madeUpPicture(std::string(200, 'x') + ".png", 40, 30)});
    EXPECT_LE(view().minimumSizeHint().width(), std::max(before, 640));
}

TEST_F(DetectViewTest, ClosingWhilePicturesAreStillComingIsNoTrouble) {
    view().open(toPath(folder_.path()));
    look_.request = engine_.denseRequests.back().id;
    look_.busy = true;
    look_.all = 9;
    look_.classes = garments();
    look_.pictures = {madeUpScene(true, "one"), madeUpScene(true, "two")};
    ++look_.version;
    engine_.show(ModelTask::Detect, look_);
    view().feed().poll();
    window_.reset();
    EXPECT_EQ(engine_.denseRequests.size(), 1u);
}

}  // namespace
}  // namespace vl
