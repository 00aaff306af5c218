// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/schedules/schedules_view.h"

#include <algorithm>
#include <cmath>
#include <random>

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

bool identical(const SoftMaskSettings& a, const SoftMaskSettings& b) {
    return a.schedule == b.schedule && a.start == b.start && a.cutoffEpochs == b.cutoffEpochs && a.nodes == b.nodes;
}

SoftMaskSettings linear(double start, double cutoff) {
    SoftMaskSettings settings;
    settings.schedule = "linear";
    settings.start = start;
    settings.cutoffEpochs = cutoff;
    return settings;
}

TrainSettings training(double epochs) {
    TrainSettings settings;
    settings.epochs = epochs;
    return settings;
}

TEST(ScheduleDraft, CurveIsTheEnginesAtEveryDrawnStep) {
    ScheduleDraft draft;
    draft.setTraining(training(30), 312);
    for (const char* preset : {"standard", "constant", "linear", "piecewise"}) {
        draft.setBaseline(linear(1, 15));
        draft.choosePreset(preset);
        const auto curve = draft.curve();
        ASSERT_GT(curve.size(), 500u);
        for (std::size_t i = 0; i + 1 < curve.size(); ++i) {
            const auto step = std::llround(curve[i].x() * 312);
            EXPECT_EQ(curve[i].y(), softMaskAlpha(draft.settings(), step, 312)) << preset << " " << step;
        }
    }
}

TEST(ScheduleDraft, PublishedLinearScheduleByHand) {
    ScheduleDraft draft;
    draft.setTraining(training(100), 312);
    draft.setBaseline(linear(1, 50));
    EXPECT_EQ(draft.alphaAt(0), 1);
    EXPECT_DOUBLE_EQ(draft.alphaAt(1), 1 - 312 / 15599.0);
    EXPECT_EQ(draft.alphaAt(50 - 1.0 / 312), 0);
    EXPECT_EQ(draft.alphaAt(80), 0);
}

TEST(ScheduleDraft, TurningAPresetIntoNodesKeepsItsValues) {
    for (const char* preset : {"standard", "constant", "linear"}) {
        ScheduleDraft draft;
        draft.setTraining(training(5), 100);
        auto settings = linear(0.8, 2);
        settings.schedule = preset;
        draft.setBaseline(settings);
        draft.choosePreset("piecewise");
        for (int step = 0; step < 500; ++step)
            EXPECT_NEAR(softMaskAlpha(draft.settings(), step, 100), softMaskAlpha(settings, step, 100), 1e-12) << preset << " " << step;
    }
}

TEST(ScheduleDraft, AddedNodeLiesOnTheCurveAndChangesNothing) {
    ScheduleDraft draft;
    draft.setTraining(training(10), 100);
    draft.setBaseline(linear(1, 6));
    const auto before = draft.settings();
    const int index = draft.addNode(3);
    EXPECT_EQ(index, 1);
    EXPECT_TRUE(draft.custom());
    for (int step = 0; step < 1000; step += 7)
        EXPECT_NEAR(softMaskAlpha(draft.settings(), step, 100), softMaskAlpha(before, step, 100), 1e-12);
    EXPECT_EQ(draft.addNode(3), -1) << "two nodes never share an epoch";
}

TEST(ScheduleDraft, PresetHandlesChangeStartAndCutOff) {
    ScheduleDraft draft;
    draft.setTraining(training(10), 100);
    draft.setBaseline(linear(1, 6));
    draft.moveNode(0, 5, 0.7);
    draft.moveNode(1, 4, 0.9);
    EXPECT_EQ(draft.settings().schedule, "linear");
    EXPECT_EQ(draft.settings().start, 0.7);
    EXPECT_EQ(draft.settings().cutoffEpochs, 4);
    EXPECT_TRUE(draft.handles()[0].lockX);
    EXPECT_TRUE(draft.handles()[1].lockY);
}

TEST(ScheduleDraft, OneDragIsOneUndoStep) {
    ScheduleDraft draft;
    draft.setTraining(training(10), 100);
    draft.setBaseline(linear(1, 6));
    for (int i = 1; i <= 20; ++i) draft.moveNode(1, 6 - i * 0.1, 0, 42);
    EXPECT_EQ(draft.undoStack().count(), 1);
    draft.moveNode(1, 3, 0, 43);
    EXPECT_EQ(draft.undoStack().count(), 2);
    draft.undoStack().undo();
    EXPECT_NEAR(draft.settings().cutoffEpochs, 4, 1e-12);
    draft.undoStack().undo();
    EXPECT_EQ(draft.settings().cutoffEpochs, 6);
}

TEST(ScheduleDraft, RandomEditsUndoToTheStartAndRedoToTheEnd) {
    for (unsigned seed = 0; seed < 60; ++seed) {
        std::mt19937 random(seed);
        const auto number = [&](double low, double high) { return std::uniform_real_distribution<double>(low, high)(random); };
        ScheduleDraft draft;
        draft.setTraining(training(12), 50);
        draft.setBaseline(linear(0.9, 5));
        const auto start = draft.settings();
        const char* presets[] = {"standard", "constant", "linear", "piecewise"};
        for (int i = 0; i < 120; ++i) {
            const int node = static_cast<int>(random() % 6) - 1;
            switch (random() % 9) {
                case 0: draft.choosePreset(presets[random() % 4]); break;
                case 1: draft.setStart(number(-0.5, 1.5)); break;
                case 2: draft.setCutoff(number(-1, 20)); break;
                case 3: case 4: draft.moveNode(node, number(-2, 15), number(-1, 2), static_cast<int>(random() % 3)); break;
                case 5: draft.addNode(number(-1, 14), number(-0.5, 1.5)); break;
                case 6: draft.removeNode(node); break;
                case 7: draft.setLinear(node, random() % 2); break;
                case 8: random() % 2 ? draft.undoStack().undo() : draft.undoStack().redo(); break;
            }
            const auto& nodes = draft.settings().nodes;
            ASSERT_TRUE(std::ranges::is_sorted(nodes, [](const auto& a, const auto& b) { return a.epoch < b.epoch; }));
            for (const auto& each : nodes) ASSERT_TRUE(each.value >= 0 && each.value <= 1);
            const double alpha = draft.alphaAt(number(0, 12));
            ASSERT_TRUE(alpha >= 0 && alpha <= 1);
        }
        const auto end = draft.settings();
        const int steps = draft.undoStack().index();
        while (draft.undoStack().canUndo()) draft.undoStack().undo();
        EXPECT_TRUE(identical(draft.settings(), start)) << seed;
        for (int i = 0; i < steps; ++i) draft.undoStack().redo();
        EXPECT_TRUE(identical(draft.settings(), end)) << seed;
    }
}

TEST(ScheduleDraft, DiscardCanBeUndone) {
    ScheduleDraft draft;
    draft.setTraining(training(10), 100);
    draft.setBaseline(linear(1, 6));
    draft.setStart(0.5);
    draft.discard();
    EXPECT_FALSE(draft.changed());
    draft.undoStack().undo();
    EXPECT_EQ(draft.settings().start, 0.5);
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
    StudioContext context{link, selection, runs, actions, [](const QString&, const QString&, const QString&) {}, [](const QString&) {}};
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
    Q_EMIT link.noticed({Notice::Kind::Error, "The demo checkpoint is not there.", "Open one.", engine.inspectRequests.back().id});
    QStringList words;
    for (auto* label : view.panel().findChildren<QLabel*>()) words << label->text();
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
    QObject::connect(&view, &SchedulesView::draftUsed, &view, [&](const SoftMaskSettings& settings) { used.push_back(settings); });
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
        QMouseEvent event(type, at, editor.mapToGlobal(at), type == QEvent::MouseMove ? Qt::NoButton : Qt::LeftButton, Qt::LeftButton, Qt::NoModifier);
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
