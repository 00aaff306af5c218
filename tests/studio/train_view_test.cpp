// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/train/train_view.h"

#include <gtest/gtest.h>

#include <QFile>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "app/studio/shell/action_registry.h"
#include "app/studio/shell/engine_link.h"
#include "app/studio/shell/run_store.h"
#include "app/studio/shell/selection.h"
#include "app/studio/train/gallery_grid.h"
#include "app/studio/train/new_run_page.h"
#include "app/studio/train/run_estimate.h"
#include "app/studio/train/train_charts.h"
#include "app/studio/train/train_header.h"
#include "app/studio/train/train_properties.h"
#include "engine/api/schedule.h"
#include "tests/studio/support/fake_engine.h"
#include "widgets/number_field.h"

namespace vl {
namespace {

class TrainViewTest : public ::testing::Test {
protected:
    TrainViewTest()
        : link_(engine_),
          runs_(link_, folder_.path().toStdString()),
          context_{link_,
                   selection_,
                   runs_,
                   actions_,
                   [this](const QString& kind, const QString& message, const QString&) {
                       reports_ << kind + ": " + message;
                   },
                   [this](const QString& id) { shown_ << id; }},
          view_(context_) {
        view_.resize(900, 760);
        view_.show();
        view_.setActive(true);
    }

    void begin(const std::string& name = "fmnist", std::int64_t total = 1000) {
        engine_.beginRun(name, folder_.filePath(QString::fromStdString(name)).toStdString(), total);
        link_.poll();
    }
    void type(const std::string& key, const QString& text) {
        auto* field = qobject_cast<QLineEdit*>(view_.panel().form().field(key));
        ASSERT_NE(field, nullptr);
        field->setText(text);
    }
    PlotPanel& panel(int index) { return *view_.charts().stack().panels().at(std::size_t(index)); }

    QTemporaryDir folder_;
    FakeEngine engine_;
    EngineLink link_;
    Selection selection_;
    RunStore runs_;
    ActionRegistry actions_;
    QStringList reports_, shown_;
    StudioContext context_;
    TrainView view_;
};

std::shared_ptr<Gallery> smallGallery() {
    auto gallery = std::make_shared<Gallery>();
    gallery->step = 500, gallery->epoch = 5, gallery->wrong = 2, gallery->total = 100;
    gallery->classNames = {"Sandal", "Sneaker", "Boot"};
    for (int i = 0; i < 4; ++i) {
        GallerySample sample;
        sample.index = 10 + i;
        sample.image = {28, 28, 1, std::vector<std::uint8_t>(784, std::uint8_t(60 * i))};
        sample.label = 1, sample.predicted = i < 2 ? 2 : 1;
        sample.confidence = 0.9 - 0.1 * i, sample.loss = 4 - i;
        gallery->samples.push_back(sample);
    }
    return gallery;
}

TEST_F(TrainViewTest, WithoutARunItOffersToStartOne) {
    EXPECT_EQ(view_.page(), TrainView::Page::Empty);
    view_.showNewRun();
    EXPECT_EQ(view_.page(), TrainView::Page::NewRun);
}

TEST_F(TrainViewTest, ARunThatStartsIsShownWithItsNumbers) {
    begin();
    engine_.addSteps(60);
    engine_.addEval(0.8425);
    link_.poll();
    EXPECT_EQ(view_.page(), TrainView::Page::Run);
    EXPECT_EQ(view_.header().number(TrainHeader::Throughput), "640 img/s");
    EXPECT_EQ(view_.header().number(TrainHeader::StepTime), "100 ms");  // 64 pictures a step at 640 a second
    EXPECT_EQ(view_.header().number(TrainHeader::Accuracy), "84.25 %");
    EXPECT_EQ(view_.header().number(TrainHeader::Epoch), "0.6 of 10");  // 1000 steps of 100 an epoch
    EXPECT_EQ(panel(0).data(0).x().size(), 60u);
    EXPECT_EQ(panel(1).data(0).raw().back(), 84.25);
}

TEST_F(TrainViewTest, NewRowsAreAppendedAndDrawnOncePerPoll) {
    begin();
    engine_.addSteps(10);
    link_.poll();
    const int before = panel(0).replotCount();
    engine_.addSteps(40);
    EXPECT_EQ(panel(0).replotCount(), before);
    link_.poll();
    EXPECT_EQ(panel(0).data(0).x().size(), 50u);
    EXPECT_LE(panel(0).replotCount(), before + 1);
}

TEST_F(TrainViewTest, AHiddenViewDrawsNothingAndCatchesUpWhenShown) {
    begin();
    engine_.addSteps(10);
    link_.poll();
    view_.setActive(false);
    const int before = panel(0).replotCount();
    engine_.addSteps(30);
    link_.poll();
    EXPECT_EQ(panel(0).replotCount(), before);
    EXPECT_EQ(panel(0).data(0).x().size(), 10u);
    view_.setActive(true);
    EXPECT_EQ(panel(0).data(0).x().size(), 40u);
}

TEST_F(TrainViewTest, ThePlanAheadEqualsTheSchedules) {
    begin();
    engine_.addSteps(100);
    link_.poll();
    const auto& x = panel(2).planX(1);
    const auto& alpha = panel(2).planY(1);
    ASSERT_FALSE(x.empty());
    EXPECT_EQ(x.back(), 1000);
    const RunSettings settings = engine_.settings();
    for (std::size_t i = 0; i < x.size(); i += 50)
        EXPECT_DOUBLE_EQ(alpha[i], softMaskAlpha(settings.softMask, std::int64_t(x[i]), 100));
    EXPECT_EQ(view_.charts().stack().axis().now(), 100.0);
}

TEST_F(TrainViewTest, AnEditWaitsIsAskedForAndIsConfirmedByTheEnginesEvent) {
    engine_.autoConfirm = true;
    begin();
    type("train.lr", "0.0012");
    EXPECT_EQ(view_.panel().pending().text(), "1 edit waiting; learning rate 0.002 to 0.0012");
    EXPECT_TRUE(engine_.commands.empty());
    Q_EMIT view_.panel().pending().applied();
    ASSERT_FALSE(engine_.commands.empty());
    EXPECT_EQ(engine_.commands.back().substr(0, 13), "edit train.lr");
    EXPECT_TRUE(view_.panel().pending().asked());
    EXPECT_TRUE(view_.panel().pending().text().startsWith("1 edit asked for…"));
    engine_.addEvent(RunEventKind::Edit, "learning rate 0.002 to 0.0012");
    link_.poll();
    EXPECT_FALSE(view_.panel().pending().asked());
    EXPECT_TRUE(view_.panel().form().edits().empty());
    EXPECT_EQ(view_.panel().form().baseline().train.lr, 0.0012);
}

TEST_F(TrainViewTest, ARefusedEditWaitsAgain) {
    begin();
    type("train.lr", "0.0012");
    Q_EMIT view_.panel().pending().applied();
    engine_.addNotice(Notice::Kind::Warning, "Learning rate was refused.", "Try a smaller one.");
    link_.poll();
    EXPECT_FALSE(view_.panel().pending().asked());
    EXPECT_TRUE(view_.panel().pending().text().startsWith("1 edit waiting"));
}

TEST_F(TrainViewTest, RevertPutsTheEnginesValueBack) {
    begin();
    type("train.lr", "0.5");
    Q_EMIT view_.panel().pending().reverted();
    EXPECT_TRUE(view_.panel().form().edits().empty());
    EXPECT_EQ(qobject_cast<QLineEdit*>(view_.panel().form().field("train.lr"))->text(), "0.002");
}

TEST_F(TrainViewTest, WhatCannotChangeInARunIsLockedAndSaysWhy) {
    begin();
    QWidget* batch = view_.panel().form().field("data.batch");
    EXPECT_FALSE(batch->isEnabled());
    EXPECT_TRUE(batch->toolTip().contains("Fixed while a run is in progress"));
    EXPECT_TRUE(view_.panel().form().field("train.lr")->isEnabled());
    engine_.confirm(RunState::Finished);
    link_.poll();
    EXPECT_FALSE(view_.panel().form().field("train.lr")->isEnabled());
}

TEST_F(TrainViewTest, EventsAreMarkedOnTheStripAndListed) {
    begin();
    engine_.addSteps(20);
    engine_.addEvent(RunEventKind::Checkpoint, "checkpoint at step 20");
    engine_.addEvent(RunEventKind::Edit, "learning rate 0.002 to 0.0015");
    link_.poll();
    const auto& marks = view_.charts().stack().findChild<EventStrip*>()->marks();
    ASSERT_EQ(marks.size(), 3u);
    EXPECT_EQ(marks[1].x, 20);
    EXPECT_EQ(marks[2].label, "× 0.75");
    EXPECT_EQ(view_.panel().events().model()->rowCount(), 3);
}

TEST_F(TrainViewTest, ChoosingAPictureSelectsItForEveryView) {
    begin();
    engine_.show(smallGallery());
    link_.poll();
    ASSERT_EQ(view_.gallery().shownCount(), 4);
    QTest::mouseClick(&view_.gallery(), Qt::LeftButton, {}, view_.gallery().cellRect(1).center());
    EXPECT_EQ(selection_.image().name, "test/00011");
    EXPECT_EQ(selection_.image().labelName, "Sneaker");
    EXPECT_EQ(selection_.image().image.width, 28);
    QTest::keyClick(&view_.gallery(), Qt::Key_Return);
    EXPECT_EQ(shown_, QStringList{"inspect"});
}

TEST_F(TrainViewTest, PicturesAreDrawnInWholeMultiplesOfTheirPixels) {
    begin();
    engine_.show(smallGallery());
    link_.poll();
    EXPECT_EQ(view_.gallery().cellRect(0).width() % 28, 0);
}

TEST_F(TrainViewTest, FromALargeWindowOnPicturesStandBesideTheCharts) {
    begin();
    engine_.show(smallGallery());
    link_.poll();
    QCoreApplication::processEvents();
    const auto besides = [&] {
        return view_.gallery().mapTo(&view_, QPoint()).x() >
               view_.charts().mapTo(&view_, QPoint()).x() + view_.charts().width() - 40;
    };
    EXPECT_FALSE(besides());
    view_.resize(1900, 1000);
    QCoreApplication::processEvents();
    EXPECT_TRUE(besides());
}

TEST_F(TrainViewTest, TimeGoesOnWhenARunIsResumed) {
    RunTimeline timeline(XMode::Time, 64);
    std::vector<StepMetrics> rows(4);
    for (int i = 0; i < 4; ++i)
        rows[std::size_t(i)].step = i + 1, rows[std::size_t(i)].seconds = i < 2 ? 10 * (i + 1) : 5 * (i - 1);
    timeline.append(rows, 0);
    EXPECT_EQ(timeline.x(), (std::vector<double>{10, 20, 25, 30}));
    EXPECT_EQ(timeline.stepAt(26), 3);
}

TEST_F(TrainViewTest, ExportWritesTheChartsAndABadPlaceBecomesAProblemRow) {
    begin();
    engine_.addSteps(50);
    link_.poll();
    const QString file = folder_.filePath("charts.svg");
    view_.exportTo(file);
    QFile svg(file);
    ASSERT_TRUE(svg.open(QIODevice::ReadOnly));
    EXPECT_TRUE(svg.readAll().contains("fmnist"));
    view_.exportTo("/no/such/folder/charts.pdf");
    EXPECT_TRUE(reports_.last().startsWith("error: "));
}

TEST_F(TrainViewTest, TheNewRunPageStartsWhatTheFormSays) {
    engine_.autoConfirm = true;
    view_.showNewRun();
    NewRunPage& page = view_.newRunPage();
    RunSettings wanted;
    wanted.name = "mine";
    page.setSettings(wanted, {});
    qobject_cast<QLineEdit*>(page.form().field("train.epochs"))->setText("3");
    page.start();
    ASSERT_EQ(engine_.started.size(), 1u);
    EXPECT_EQ(engine_.started[0].name, "mine");
    EXPECT_EQ(engine_.started[0].train.epochs, 3);
    link_.poll();
    EXPECT_EQ(view_.page(), TrainView::Page::Run);
}

TEST_F(TrainViewTest, ACurveDrawnInSchedulesIsWhatTheNextRunStartsWith) {
    SoftMaskSettings curve;
    curve.schedule = "piecewise";
    curve.nodes = {{0, 1, true}, {2, 0.25, false}, {3, 0, false}};
    view_.useSchedule(curve);
    const RunSettings settings = view_.newRunPage().settings();
    EXPECT_EQ(settings.softMask.schedule, "piecewise");
    EXPECT_EQ(settings.softMask.nodes, curve.nodes);
}

TEST_F(TrainViewTest, TheNewRunPageRefusesWhileARunIsInProgressOrAFieldIsWrong) {
    NewRunPage& page = view_.newRunPage();
    page.setSettings(RunSettings(), {});
    EXPECT_TRUE(page.startButton().isEnabled());
    qobject_cast<QLineEdit*>(page.form().field("data.batch"))->setText("12x");
    EXPECT_FALSE(page.startButton().isEnabled());
    qobject_cast<QLineEdit*>(page.form().field("data.batch"))->setText("64");
    EXPECT_TRUE(page.startButton().isEnabled());
    begin();
    EXPECT_EQ(page.startButton().toolTip(), "A run is in progress; stop it first.");
}

TEST(RunEstimate, CountsStepsAndScalesTheMeasuredPace) {
    RunSettings settings;
    settings.data.batch = 100;
    settings.train.epochs = 2;
    MachineInfo machine;
    machine.threads = 2;
    const RunEstimate plain = estimateRun(settings, machine, {});
    EXPECT_EQ(plain.steps, 1200);  // 60,000 pictures, twice, 100 at a time
    EXPECT_TRUE(plain.time.contains("exact after the first steps"));
    const RunEstimate paced = estimateRun(settings, machine, MeasuredPace{1000, plain.macs, "illama_micro"});
    EXPECT_EQ(paced.time, "about 2 min, from the 1,000 img/s the last run reached here");
    settings.data.dataset = "folder";
    EXPECT_FALSE(estimateRun(settings, machine, {}).known);
}

TEST(SmoothingSlider, GoesThereAndBack) {
    EXPECT_EQ(smoothingAt(0), 0);
    for (int position = 1; position <= 60; ++position)
        EXPECT_NEAR(smoothingPosition(smoothingAt(position)), position, 1);
}

}  // namespace
}  // namespace vl
