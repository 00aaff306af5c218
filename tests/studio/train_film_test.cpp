// SPDX-License-Identifier: GPL-3.0-or-later
// Runs of denoisers in the Train view: film, convergence, loss by time, and the forms that fit them.
#include <gtest/gtest.h>

#include <QComboBox>
#include <QLineEdit>
#include <QTest>

#include "app/studio/shell/action_registry.h"
#include "app/studio/shell/engine_link.h"
#include "app/studio/shell/run_store.h"
#include "app/studio/shell/selection.h"
#include "app/studio/train/film_strip.h"
#include "app/studio/train/new_run_page.h"
#include "app/studio/train/train_charts.h"
#include "app/studio/train/train_header.h"
#include "app/studio/train/train_properties.h"
#include "app/studio/train/train_view.h"
#include "tests/studio/support/fake_engine.h"
#include "tests/studio/support/film_builder.h"
#include "tests/studio/support/studio_fixture.h"
#include "widgets/buttons.h"

namespace vl {
namespace {

class TrainFilmTest : public ::testing::Test {
protected:
    TrainFilmTest()
        : link_(engine_),
          runs_(link_, folder_.path().toStdString()),
          context_{link_, selection_, runs_, actions_, [](const QString&, const QString&, const QString&) {},
                   [this](const QString& id) { shown_ << id; }},
          view_(context_) {
        engine_.autoConfirm = true;
        view_.resize(900, 760);
        view_.show();
        view_.setActive(true);
    }

    void begin(const std::string& preset = "ditllama_micro") {
        RunSettings settings;
        settings.name = "film";
        settings.model.preset = preset;
        engine_.start(settings, folder_.path().toStdString());
        link_.poll();
    }
    void evaluate(std::int64_t step, double frechet, double accuracy, std::vector<double> buckets) {
        EvalMetrics row;
        row.step = step, row.frechet = frechet, row.accuracy = accuracy, row.bucketLoss = std::move(buckets);
        engine_.addEval(row);
    }
    PlotPanel& panel(int index) { return *view_.charts().stack().panels().at(std::size_t(index)); }
    FilmBand& band() { return view_.film().band(); }
    void film(int frames, int every = 10) {
        for (int i = 1; i <= frames; ++i)
            engine_.addFilm(madeUpFrame(i * every, 10, 2));
        link_.poll();
        QCoreApplication::processEvents();
    }

    QTemporaryDir folder_;
    FakeEngine engine_;
    EngineLink link_;
    Selection selection_;
    RunStore runs_;
    ActionRegistry actions_;
    QStringList shown_;
    StudioContext context_;
    TrainView view_;
};

TEST_F(TrainFilmTest, ADenoisersRunShowsFilmAndFrechetWhereAClassifierShowsPicturesAndAccuracy) {
    begin();
    engine_.addSteps(20);
    evaluate(20, 23.14, 0.5, {0.9, 0.1});
    film(2);
    EXPECT_FALSE(view_.film().isHidden());
    EXPECT_EQ(view_.header().numberName(TrainHeader::Accuracy), "Frechet distance");
    EXPECT_EQ(view_.header().number(TrainHeader::Accuracy), "23.1");
    EXPECT_EQ(panel(1).title(), "Frechet distance");
    EXPECT_EQ(panel(1).data(0).raw().back(), 23.14);
    EXPECT_EQ(panel(1).data(1).raw().back(), 50);
    EXPECT_TRUE(panel(2).isHidden());  // no soft mask; the learning rate stands in wide windows
    EXPECT_TRUE(view_.panel().tabs().findChildren<QToolButton*>().at(TrainProperties::Samples)->isHidden());
}

TEST_F(TrainFilmTest, AClassifierAfterADenoiserLooksAsBefore) {
    begin();
    film(2);
    begin("illama_micro");
    engine_.addSteps(5);
    engine_.addEval(0.875);
    link_.poll();
    EXPECT_TRUE(view_.film().isHidden());
    EXPECT_EQ(view_.header().numberName(TrainHeader::Accuracy), "Test accuracy");
    EXPECT_EQ(view_.header().number(TrainHeader::Accuracy), "87.50 %");
    EXPECT_EQ(panel(1).title(), "Test accuracy, %");
    EXPECT_EQ(panel(1).seriesCount(), 1);
    EXPECT_FALSE(panel(2).isHidden());
    EXPECT_EQ(panel(2).seriesCount(), 2);
}

TEST_F(TrainFilmTest, WhatAnEvaluationDidNotMeasureLeavesNoPoint) {
    begin();
    engine_.addSteps(30);
    evaluate(10, -1, 0.25, {1, 1});
    evaluate(20, 80, -1, {1, 1});
    evaluate(30, -1, -1, {1, 1});
    link_.poll();
    EXPECT_EQ(panel(1).data(0).x().size(), 1u);
    EXPECT_EQ(panel(1).data(1).x().size(), 1u);
    EXPECT_EQ(view_.header().number(TrainHeader::Accuracy), "80.0");  // the newest there is
}

TEST_F(TrainFilmTest, LossByTimeShowsTheLastEvaluationAndTheOneBeforeIt) {
    begin();
    engine_.addSteps(30);
    evaluate(10, -1, -1, {0.8, 0.4});
    evaluate(20, -1, -1, {0.6, 0.3});
    evaluate(30, -1, -1, {0.5, 0.25});
    link_.poll();
    TimeLossChart& bars = view_.film().timeLoss();
    EXPECT_EQ(bars.last().loss, (std::vector<double>{0.5, 0.25}));
    EXPECT_EQ(bars.before().loss, (std::vector<double>{0.6, 0.3}));
    EXPECT_EQ(bars.words(), "step 30, before it 20");
    QTest::keyClick(&bars, Qt::Key_Right);
    EXPECT_EQ(bars.words(), "time 0.0 to 0.5: 0.500, before 0.600");
    EXPECT_NEAR(bars.barRect(1).height() / bars.barRect(0).height(), 0.5, 1e-9);
    EXPECT_EQ(bars.barRect(0).bottom(), bars.barRect(1).bottom());
}

TEST_F(TrainFilmTest, TheFilmGrowsAtTheRightAndShowsTheNewestUntilOneIsPinned) {
    begin();
    film(3);
    ASSERT_EQ(band().film().size(), 3u);
    EXPECT_EQ(band().words(), "T-shirt/top at step 30");
    const QPoint second = band().cellRect(1, 2).center().toPoint();
    QTest::mouseClick(&band(), Qt::LeftButton, {}, second);
    EXPECT_EQ(band().pinned(), 1);
    engine_.addFilm(madeUpFrame(40, 10, 2));
    link_.poll();
    band().setCursorStep({});
    QCoreApplication::postEvent(&band(), new QEvent(QEvent::Leave));
    QCoreApplication::processEvents();
    EXPECT_EQ(band().film().size(), 4u);
    EXPECT_EQ(band().current(), 1);
    EXPECT_EQ(view_.film().caption(), "Pullover at step 20");
    QTest::keyClick(&band(), Qt::Key_Escape);
    EXPECT_EQ(band().current(), 3);
}

TEST_F(TrainFilmTest, FilmAndChartsHaveOneCursor) {
    begin();
    engine_.addSteps(40);
    film(4);
    ChartAxis& axis = view_.charts().stack().axis();
    QTest::mouseMove(&band(), band().cellRect(1, 0).center().toPoint());
    QCoreApplication::processEvents();
    QTest::keyClick(&band(), Qt::Key_Home);
    EXPECT_EQ(axis.cursor(), 10.0);
    QTest::keyClick(&band(), Qt::Key_Right);
    EXPECT_EQ(axis.cursor(), 20.0);
    axis.setCursor(35);
    EXPECT_EQ(band().current(), 2);  // the last frame at or before it
    axis.setCursor(2);
    EXPECT_EQ(band().current(), 0);
    axis.setCursor({});
    EXPECT_EQ(band().current(), band().pinned());
}

TEST_F(TrainFilmTest, PlayingGoesThroughEveryFrameAndStopsAtTheEnd) {
    begin();
    film(3);
    FilmStrip& strip = view_.film();
    QTest::keyClick(&band(), Qt::Key_Space);
    EXPECT_TRUE(strip.playing());
    EXPECT_EQ(band().current(), 0);
    strip.tick();
    strip.tick();
    EXPECT_EQ(band().current(), 2);
    EXPECT_TRUE(strip.playing());
    strip.tick();
    EXPECT_FALSE(strip.playing());
    QTest::mouseClick(&strip.playButton(), Qt::LeftButton);
    EXPECT_EQ(band().current(), 0);
    strip.hide();
    EXPECT_FALSE(strip.playing());
}

TEST_F(TrainFilmTest, AChosenClassIsShownLargeWithAllItsSamples) {
    begin();
    film(3);
    EXPECT_EQ(band().rows(), 10);
    EXPECT_EQ(view_.film().classes().count(), 11);
    QTest::mouseClick(&band(), Qt::LeftButton, {}, band().labelRect(3).center().toPoint());
    EXPECT_EQ(band().label(), 3);
    EXPECT_EQ(band().rows(), 2);
    EXPECT_EQ(view_.film().classes().currentText(), "Dress");
    view_.film().classes().setCurrentIndex(0);
    EXPECT_EQ(band().label(), -1);
    EXPECT_EQ(band().currentRow(), 3);  // the row people looked at
}

TEST_F(TrainFilmTest, AWideViewPutsTheFilmBesideTheChartsWithTheLearningRate) {
    begin();
    engine_.addSteps(10);
    film(3);
    view_.resize(1900, 1000);
    QCoreApplication::processEvents();
    EXPECT_GT(view_.film().mapTo(&view_, QPoint()).x(), view_.charts().mapTo(&view_, QPoint()).x() + 400);
    EXPECT_FALSE(panel(2).isHidden());
    EXPECT_EQ(panel(2).title(), "Learning rate");
    EXPECT_EQ(panel(2).seriesCount(), 1);
}

TEST_F(TrainFilmTest, ADoubleClickOnTheLargePictureLooksInside) {
    begin();
    film(1);
    Q_EMIT view_.film().opened();
    EXPECT_EQ(selection_.image().name, "T-shirt/top at step 10");
    EXPECT_EQ(selection_.image().image.width, 32);
    EXPECT_EQ(shown_, QStringList{"inspect"});
}

TEST_F(TrainFilmTest, TheFormShowsWhatCountsForTheChosenModel) {
    SettingsForm& form = view_.newRunPage().form();
    RunSettings settings;
    form.setBaseline(settings);
    EXPECT_TRUE(form.sectionShown("soft_mask"));
    EXPECT_FALSE(form.sectionShown("generate"));
    EXPECT_TRUE(form.field("train.label_smoothing")->isEnabled());
    auto* models = qobject_cast<QComboBox*>(form.field("model.preset"));
    ASSERT_NE(models, nullptr);
    ASSERT_GE(models->findData("sitllama_micro"), 0);
    models->setCurrentIndex(models->findData("sitllama_micro"));
    EXPECT_FALSE(form.sectionShown("soft_mask"));
    EXPECT_TRUE(form.row("soft_mask.start")->isHidden());
    EXPECT_TRUE(form.sectionShown("generate"));
    EXPECT_FALSE(form.row("generate.guidance")->isHidden());
    EXPECT_FALSE(form.field("train.label_smoothing")->isEnabled());
    EXPECT_TRUE(form.field("train.label_smoothing")->toolTip().contains("Denoisers learn noise"));
    EXPECT_FALSE(form.field("model.class_token")->isEnabled());
    EXPECT_TRUE(form.field("generate.path")->isEnabled());
    EXPECT_FALSE(form.field("generate.betas")->isEnabled());
    models->setCurrentIndex(models->findData("ditllama_micro"));
    EXPECT_FALSE(form.field("generate.path")->isEnabled());
    EXPECT_TRUE(form.field("generate.betas")->isEnabled());
    models->setCurrentIndex(models->findData("illama_micro"));
    EXPECT_TRUE(form.sectionShown("soft_mask"));
    EXPECT_TRUE(form.field("train.label_smoothing")->isEnabled());
}

TEST_F(TrainFilmTest, ADenoisersProjectStartsFromTheNewRunPage) {
    NewRunPage& page = view_.newRunPage();
    const int project = page.projects().findText("fashion-sit-micro");
    ASSERT_GE(project, 0);
    page.projects().setCurrentIndex(project);
    Q_EMIT page.projects().activated(project);
    EXPECT_TRUE(page.estimateText().contains("parameters"));
    page.start();
    ASSERT_EQ(page.problem(), QString());
    ASSERT_EQ(engine_.started.size(), 1u);
    EXPECT_EQ(engine_.started[0].model.preset, "sitllama_micro");
    EXPECT_GT(engine_.started[0].train.emaDecay, 0.9);
}

}  // namespace
}  // namespace vl
