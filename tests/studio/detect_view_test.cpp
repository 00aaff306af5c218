// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/detect/detect_view.h"

#include <QCheckBox>
#include <QClipboard>
#include <QGuiApplication>
#include <QMimeData>
#include <QTest>
#include <QUrl>

#include <gtest/gtest.h>

#include "app/studio/detect/anchor_strides.h"
#include "app/studio/shell/studio_settings.h"
#include "engine/data/run_mask.h"
#include "tests/studio/support/detect_fixture.h"

namespace vl {
namespace {

TEST_F(DetectViewTest, ADroppedPictureIsSearchedAtOnce) {
    QMimeData mime;
    const auto file = picture("a.png");
    mime.setUrls({QUrl::fromLocalFile(fromPath(file))});
    EXPECT_TRUE(view().open(mime));
    ASSERT_EQ(engine_.denseRequests.size(), 1u);
    const DenseRequest& request = engine_.denseRequests.front();
    EXPECT_EQ(request.task, ModelTask::Detect);
    EXPECT_EQ(request.source, file);
    EXPECT_FALSE(request.detect.proposals);
    EXPECT_TRUE(view().feed().busy());
}

TEST_F(DetectViewTest, APastedPictureIsSearchedWhileTheViewHasTheKeyboard) {
    QImage pasted(12, 9, QImage::Format_RGB32);
    pasted.fill(Qt::darkCyan);
    QGuiApplication::clipboard()->setImage(pasted);
    QTest::keyClick(&view(), Qt::Key_V, Qt::ControlModifier);
    ASSERT_EQ(engine_.denseRequests.size(), 1u);
    EXPECT_EQ(engine_.denseRequests.front().image.width, 12);
    EXPECT_EQ(engine_.denseRequests.front().imageName, "pasted picture");
}

TEST_F(DetectViewTest, TheThresholdFiltersWithoutAskingAgain) {
    open(false);
    EXPECT_EQ(names(), QStringList({"Pullover", "Bag", "Sneaker", "Coat"}));
    view().setThreshold(0.8);
    EXPECT_EQ(names(), QStringList({"Pullover", "Bag"}));
    EXPECT_EQ(view().canvas().marks().size(), 2u);
    view().setThreshold(0.05);
    EXPECT_EQ(names().size(), 5);
    EXPECT_EQ(engine_.denseRequests.size(), 1u);
}

TEST_F(DetectViewTest, TheSelectedObjectSurvivesAnotherThreshold) {
    open(false);
    view().step(1);
    view().step(1);
    ASSERT_EQ(view().canvas().selected(), 1);
    view().setThreshold(0.6);
    ASSERT_GE(view().canvas().selected(), 0);
    EXPECT_EQ(view().canvas().marks()[std::size_t(view().canvas().selected())].name, QStringLiteral("Bag"));
    EXPECT_EQ(table().selected(), view().canvas().selected());
    view().setThreshold(0.95);
    EXPECT_EQ(view().canvas().selected(), -1);
}

TEST_F(DetectViewTest, HoverLinksTableAndPictureBothWays) {
    open(false);
    BoxCanvas& canvas = view().canvas();
    QTest::mouseMove(&canvas, canvas.toWidget({80, 80, 80, 80}).topLeft().toPoint());
    EXPECT_EQ(table().hovered(), canvas.hovered());
    EXPECT_EQ(canvas.marks()[std::size_t(canvas.hovered())].name, QStringLiteral("Pullover"));
    EXPECT_TRUE(view().cursorText().contains(QStringLiteral("0.97")));
    Q_EMIT table().hoveredChanged(2);
    EXPECT_EQ(canvas.hovered(), 2);
}

TEST_F(DetectViewTest, NAndPGoThroughTheTableAndRound) {
    open(false);
    BoxCanvas& canvas = view().canvas();
    QTest::keyClick(&canvas, Qt::Key_N);
    EXPECT_EQ(table().selected(), 0);
    QTest::keyClick(&canvas, Qt::Key_P);
    EXPECT_EQ(table().selected(), 3);
    EXPECT_EQ(canvas.selected(), 3);
    QTest::keyClick(&table(), Qt::Key_N);
    EXPECT_EQ(canvas.selected(), 0);
}

TEST_F(DetectViewTest, TruthTellsHitsMissedFalseAndConfused) {
    open();
    EXPECT_EQ(view().shown().counts, (std::array<int, 4>{2, 1, 1, 1}));
    EXPECT_EQ(names(), QStringList({"Pullover", "Bag", "Sneaker, is Boot", "Coat, false", "Sandal, missed"}));
    panel().fateBox(ObjectFate::Hit).setChecked(false);
    panel().fateBox(ObjectFate::False).setChecked(false);
    EXPECT_EQ(names(), QStringList({"Sneaker, is Boot", "Sandal, missed"}));
    panel().fateBox(ObjectFate::Confused).setChecked(false);
    EXPECT_EQ(names(), QStringList({"Sandal, missed"}));
    EXPECT_EQ(view().shown().counts, (std::array<int, 4>{2, 1, 1, 1}));
    EXPECT_EQ(panel().fateBox(ObjectFate::Missed).text(), QStringLiteral("Missed 1"));
}

TEST_F(DetectViewTest, SidesShowPredictionTruthOrBoth) {
    open();
    EXPECT_EQ(view().filter().side, ShownSide::Both);
    EXPECT_EQ(view().shown().truth.size(), 3u);  // the missed one is a row of its own
    view().setSide(ShownSide::Truth);
    EXPECT_EQ(names(), QStringList({"Pullover", "Bag", "Boot", "Sandal"}));
    view().setSide(ShownSide::Found);
    EXPECT_TRUE(view().shown().truth.empty());
    EXPECT_EQ(view().shown().marks.size(), 5u);
}

TEST_F(DetectViewTest, WithoutTruthThereIsOneSideAndNoFates) {
    open(false);
    EXPECT_FALSE(view().shown().judged);
    EXPECT_FALSE(view().header().sides().button(1)->isEnabled());
    EXPECT_FALSE(panel().fateBox(ObjectFate::Hit).isVisible());
    EXPECT_EQ(view().filter().side, ShownSide::Found);
}

TEST_F(DetectViewTest, ClassesCanBeMutedAndShownAlone) {
    open(false);
    view().setMuted(8, true);
    EXPECT_FALSE(names().contains(QStringLiteral("Bag")));
    view().showOnly(7);
    EXPECT_EQ(names(), QStringList({"Sneaker"}));
    view().showOnly(-1);
    EXPECT_EQ(names().size(), 4);
}

TEST_F(DetectViewTest, ProposalsAreAskedForOnDemand) {
    open(false);
    auto choices = panel().choices();
    choices.proposals = true;
    panel().setChoices(choices);
    ASSERT_EQ(engine_.denseRequests.size(), 2u);
    EXPECT_TRUE(engine_.denseRequests.back().detect.proposals);
    EXPECT_EQ(engine_.denseRequests.back().source, engine_.denseRequests.front().source);
    auto with = madeUpScene(false);
    with->proposals = {madeUpObject({1, 1, 30, 30}, 0, 0.9f, 400, 300)};
    answer({with});
    EXPECT_EQ(engine_.denseRequests.size(), 2u);
}

TEST_F(DetectViewTest, AttentionIsAskedForTheObjectUnderTheCursor) {
    open(false);
    panel().toggle(QStringLiteral("attention"));
    view().step(1);
    ASSERT_TRUE(waitUntil([this] { return !engine_.regionQuestions.empty(); }));
    const RegionQuestion& question = engine_.regionQuestions.back();
    EXPECT_EQ(question.request, look_.request);
    EXPECT_EQ(question.region, madeUpScene(false)->objects[0].mask);
    EXPECT_EQ(question.layer, -1);
    auto answer = std::make_shared<RegionAnswer>();
    answer->question = question.id;
    answer->request = question.request;
    answer->rows = answer->columns = 2;
    answer->values = {0.7f, 0.1f, 0.1f, 0.1f};
    answer->what = "layer 8, mean of 4 heads";
    const QImage before = view().canvas().grab().toImage();
    engine_.show(std::shared_ptr<const RegionAnswer>(answer));
    view().feed().poll();
    EXPECT_NE(view().canvas().grab().toImage(), before);
    EXPECT_TRUE(view().cursorText().contains(QStringLiteral("layer 8")));
}

TEST_F(DetectViewTest, AnObjectWithoutAMaskIsAskedForByItsBox) {
    view().open(picture("a.png"));
    auto bare = madeUpPicture("a.png", 40, 30);
    bare->objects = {{{4, 5, 14, 25}, 1, 0.9f, {}}};
    answer({bare});
    panel().toggle(QStringLiteral("attention"));
    view().step(1);
    ASSERT_TRUE(waitUntil([this] { return !engine_.regionQuestions.empty(); }));
    EXPECT_EQ(area(engine_.regionQuestions.back().region), 200);
}

TEST(AnchorStrides, FollowHowMuchThePictureIsScaled) {
    ModelSpec pyramid;
    pyramid.imageSize = 128;
    pyramid.patchSize = 4;
    pyramid.detect.backbone = "pyramid";
    // The short side of 256 becomes 128: a cell of 4 pixels covers 8 of the picture.
    EXPECT_EQ(anchorStrides(&pyramid, 256, 320), (std::vector<double>{8, 16, 32, 64, 128}));
    // The long side may be 128 * 1333 / 800 at most, which 1333 pixels reach at a factor of 0.16.
    EXPECT_DOUBLE_EQ(anchorStrides(&pyramid, 1333, 400).front(), 4 / 0.16);
    ModelSpec coarse = pyramid;
    coarse.patchSize = 8;
    EXPECT_EQ(anchorStrides(&coarse, 256, 320), (std::vector<double>{16, 32, 64, 128, 256}));
    ModelSpec plain = pyramid;
    plain.detect.backbone = "plain";
    EXPECT_EQ(anchorStrides(&plain, 256, 512).front(), 16);
    EXPECT_EQ(anchorStrides(nullptr, 256, 512).front(), 4);
    EXPECT_EQ(anchorStrides(&plain, 0, 0).front(), 4);
}

}  // namespace
}  // namespace vl
