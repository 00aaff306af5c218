// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/schedules/schedules_view.h"

#include <algorithm>
#include <cmath>

#include <QApplication>
#include <QFile>
#include <QKeyEvent>
#include <QLabel>
#include <QMouseEvent>
#include <QTemporaryDir>

#include <gtest/gtest.h>

#include "app/studio/shell/action_registry.h"
#include "app/studio/shell/engine_link.h"
#include "app/studio/shell/run_store.h"
#include "app/studio/shell/selection.h"
#include "engine/api/schedule.h"
#include "tests/studio/support/fake_engine.h"

namespace vl {
namespace {

SoftMaskSettings linear(double start, double cutoff) {
    SoftMaskSettings settings;
    settings.schedule = "linear";
    settings.start = start;
    settings.cutoffEpochs = cutoff;
    return settings;
}

// 1 x 2 patches and a class token, one layer, one head; rows by hand.
std::shared_ptr<Inspection> threeTokens() {
    auto made = std::make_shared<Inspection>();
    made->geometry = {1, 2, 1, 2, 3, 2, 0, true};
    made->alpha = 0.5;
    made->input = {2, 1, 1, {1, 2}};
    made->layers.push_back({1, 3, {0.2f, 0.3f, 0.5f, 0.1f, 0.6f, 0.3f, 0.25f, 0.25f, 0.5f}});
    made->predictions = {{8, "Bag", 0.9}};
    return made;
}

struct Schedules : testing::Test {
    FakeEngine engine;
    EngineLink link{engine};
    Selection selection;
    ActionRegistry actions;
    QTemporaryDir folder;
    RunStore runs{link, folder.path().toStdString()};
    StudioContext context{
        link, selection, runs, actions, [](const QString&, const QString&, const QString&) {}, [](const QString&) {}};
    SchedulesView view{context};

    void SetUp() override {
        view.resize(902, 780);
        view.registerActions();
        RunSettings settings;
        settings.train.epochs = 10;
        settings.softMask = linear(1, 5);
        view.setRunDefaults(settings, 100);
        view.setActive(true);
    }
    void answer() {
        auto made = threeTokens();
        made->request = engine.inspectRequests.back().id;
        engine.show(std::shared_ptr<const Inspection>(made));
        link.poll();
        view.job().wait();
    }
    void startRun() {
        engine.autoConfirm = true;
        RunSettings settings;
        settings.name = "r";
        settings.train.epochs = 10;
        settings.softMask = linear(1, 5);
        engine.start(settings, "/runs");
        link.poll();
        engine.commands.clear();
    }
    QString preview(const char* name) { return view.panel().preview().value(name); }
};

TEST_F(Schedules, PreviewNumbersAreHandComputed) {
    selection.setImage({"bag.png", {2, 1, 1, {1, 2}}, -1, {}});
    answer();
    view.model().choosePreset("standard");
    view.model().setStart(0.5);
    // rows keep 0.2 + 0.5 * 0.8, 0.7 + 0.5 * 0.3, 1; uniform rows (2/3 + 1/6 * ...) by (i + 1 + a (N - i - 1)) / N
    EXPECT_EQ(preview("Kept, measured"), QLocale().toString((0.6 + 0.85 + 1) / 3, 'f', 4));
    EXPECT_EQ(preview("Kept by the first query"), QLocale().toString(0.6, 'f', 4));
    EXPECT_EQ(preview("Kept, uniform"), QLocale().toString((2 / 3.0 + 2.5 / 3 + 1) / 3, 'f', 4));
    EXPECT_EQ(preview("α"), QLocale().toString(0.5, 'f', 4));
}

TEST_F(Schedules, MarkerAsksForThePredictionAtItsAlphaOneQuestionAtATime) {
    selection.setImage({"bag.png", {2, 1, 1, {1, 2}}, -1, {}});
    ASSERT_EQ(engine.inspectRequests.size(), 1u);
    view.setMarker(1);
    view.setMarker(2);
    view.setMarker(4);
    EXPECT_EQ(engine.inspectRequests.size(), 1u) << "the first answer is still out";
    answer();
    ASSERT_EQ(engine.inspectRequests.size(), 2u);
    ASSERT_TRUE(engine.inspectRequests.back().alpha);
    EXPECT_EQ(*engine.inspectRequests.back().alpha, softMaskAlpha(linear(1, 5), 400, 100));
    answer();
    EXPECT_EQ(engine.inspectRequests.size(), 2u) << "nothing new to ask";
    EXPECT_TRUE(view.panel().prediction().accessibleDescription().startsWith("Bag"));
}

TEST_F(Schedules, AFailedQuestionIsSaidAndTheNextOneStillAsked) {
    selection.setImage({"bag.png", {2, 1, 1, {1, 2}}, -1, {}});
    Q_EMIT link.noticed(
        {Notice::Kind::Error, "The demo checkpoint is not there.", "Open one.", engine.inspectRequests.back().id});
    QStringList words;
    for (auto* label : view.panel().findChildren<QLabel*>())
        words << label->text();
    EXPECT_TRUE(words.contains("The demo checkpoint is not there. Open one."));
    view.setMarker(1);
    EXPECT_EQ(engine.inspectRequests.size(), 2u);
}

TEST_F(Schedules, AnswersOfOtherViewsAreNotTheirs) {
    selection.setImage({"bag.png", {2, 1, 1, {1, 2}}, -1, {}});
    auto made = threeTokens();
    made->request = 7;
    engine.show(std::shared_ptr<const Inspection>(made));
    link.poll();
    EXPECT_TRUE(view.panel().prediction().accessibleDescription().isEmpty());
}

TEST_F(Schedules, HiddenViewAsksNothing) {
    view.setActive(false);
    selection.setImage({"bag.png", {2, 1, 1, {1, 2}}, -1, {}});
    view.setMarker(3);
    EXPECT_TRUE(engine.inspectRequests.empty());
    view.setActive(true);
    EXPECT_EQ(engine.inspectRequests.size(), 1u);
}

TEST_F(Schedules, WithoutARunTheDraftIsHandedToTheNextOne) {
    std::vector<SoftMaskSettings> used;
    QObject::connect(&view, &SchedulesView::draftUsed, &view,
                     [&](const SoftMaskSettings& settings) { used.push_back(settings); });
    EXPECT_FALSE(view.panel().use().isEnabled());
    EXPECT_EQ(view.panel().use().text(), "Use for next run");
    view.model().setStart(0.6);
    view.panel().use().click();
    ASSERT_EQ(used.size(), 1u);
    EXPECT_EQ(used[0].start, 0.6);
    EXPECT_FALSE(view.panel().use().isEnabled());
    EXPECT_EQ(std::ranges::count_if(engine.commands, [](const auto& c) { return c.starts_with("edit"); }), 0);
    view.model().setStart(0.1);
    view.panel().discard().click();
    EXPECT_EQ(view.draft().start, 0.6);
}

TEST_F(Schedules, DuringARunTheDraftIsSentAndFollowsTheConfirmation) {
    startRun();
    EXPECT_EQ(view.panel().use().text(), "Use for this run");
    view.model().addNode(2);
    view.model().moveNode(1, 2, 0.25);
    engine.autoConfirm = false;
    view.panel().use().click();
    EXPECT_EQ(engine.commands, (std::vector<std::string>{"edit soft_mask.nodes", "edit soft_mask.schedule"}));
    EXPECT_TRUE(view.model().changed()) << "nothing is claimed before the engine says so";
    EXPECT_TRUE(view.header().detail().startsWith("sent"));
    engine.autoConfirm = true;
    engine.edit("soft_mask.nodes", view.draft().nodes);
    engine.edit("soft_mask.schedule", std::string("piecewise"));
    engine.addEvent(RunEventKind::Edit, "soft mask");
    link.poll();
    EXPECT_FALSE(view.model().changed());
    EXPECT_FALSE(view.header().detail().startsWith("sent"));
}

TEST_F(Schedules, ChangedDraftSurvivesARunThatStarts) {
    view.model().setStart(0.3);
    startRun();
    EXPECT_EQ(view.draft().start, 0.3);
    EXPECT_TRUE(view.model().changed());
    EXPECT_EQ(view.model().length(), 10);
}

TEST_F(Schedules, DraggingANodeOnTheCurveMovesTheDraft) {
    auto& editor = view.editor();
    editor.resize(700, 300);
    const auto s = editor.scale();
    const auto send = [&](QEvent::Type type, QPointF at) {
        QMouseEvent event(type, at, editor.mapToGlobal(at), type == QEvent::MouseMove ? Qt::NoButton : Qt::LeftButton,
                          Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(&editor, &event);
    };
    send(QEvent::MouseButtonPress, s.map(5, 0));
    send(QEvent::MouseMove, s.map(7, 0));
    send(QEvent::MouseButtonRelease, s.map(7, 0));
    EXPECT_NEAR(view.draft().cutoffEpochs, 7, 0.05);
    EXPECT_EQ(view.panel().table().selected(), 1);
    actions.find("schedules.undo")->trigger();
    EXPECT_EQ(view.draft().cutoffEpochs, 5);
}

TEST_F(Schedules, TypedValuesAreExact) {
    view.model().choosePreset("piecewise");
    view.panel().table().setSelected(1);
    auto& field = view.panel().table().epochField();
    field.setText("4.125");
    Q_EMIT field.textEdited("4.125");
    EXPECT_EQ(view.draft().nodes[1].epoch, 4.125);
    auto& alpha = view.panel().table().alphaField();
    alpha.setText("1.2");
    Q_EMIT alpha.textEdited("1.2");
    EXPECT_FALSE(alpha.problem().isEmpty());
    EXPECT_EQ(view.draft().nodes[1].value, 0) << "a value out of range is said, not used";
}

TEST_F(Schedules, CsvHoldsEveryStepExactly) {
    const QString file = folder.filePath("curve.csv");
    ASSERT_TRUE(view.exportCurve(file));
    QFile in(file);
    ASSERT_TRUE(in.open(QIODevice::ReadOnly));
    const auto lines = in.readAll().split('\n');
    ASSERT_EQ(lines.size(), 1002);
    EXPECT_EQ(lines[0], "step,epoch,alpha,learning_rate");
    for (int step : {0, 1, 250, 499, 500, 999}) {
        const auto cells = lines[step + 1].split(',');
        EXPECT_EQ(cells[0].toInt(), step);
        EXPECT_EQ(cells[2].toDouble(), softMaskAlpha(view.draft(), step, 100));
        EXPECT_EQ(cells[3].toDouble(), learningRate(view.model().training(), step, 100, 1000));
    }
}

TEST_F(Schedules, PicturesAreWrittenAndUnknownKindsRefused) {
    view.grab();
    EXPECT_TRUE(view.exportCurve(folder.filePath("curve.svg")));
    EXPECT_TRUE(view.exportCurve(folder.filePath("curve.png")));
    EXPECT_GT(QFile(folder.filePath("curve.svg")).size(), 1000);
    EXPECT_FALSE(QImage(folder.filePath("curve.png")).isNull());
    EXPECT_FALSE(view.exportCurve(folder.filePath("curve.doc")));
    EXPECT_FALSE(view.exportCurve(folder.filePath("no/such/folder.csv")));
    EXPECT_FALSE(view.exportCurve(folder.filePath("no/such/folder.svg")));
}

TEST_F(Schedules, NonFiniteAttentionStillDraws) {
    selection.setImage({"bag.png", {2, 1, 1, {1, 2}}, -1, {}});
    auto made = threeTokens();
    made->request = engine.inspectRequests.back().id;
    made->layers[0].softmax[0] = NAN;
    engine.show(std::shared_ptr<const Inspection>(made));
    link.poll();
    view.job().wait();
    EXPECT_FALSE(view.grab().isNull());
}

}  // namespace
}  // namespace vl
