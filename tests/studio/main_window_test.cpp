// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/shell/main_window.h"

#include <set>

#include <QDockWidget>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>

#include <gtest/gtest.h>

#include "app/studio/hud/hud_host.h"
#include "app/studio/shell/problem_rows.h"
#include "tests/studio/support/studio_fixture.h"
#include "widgets/marks.h"
#include "widgets/problem_row.h"

namespace vl {
namespace {

class MainWindowTest : public StudioFixture {
protected:
    QPushButton* control(const char* id) { return window_->findChild<QPushButton*>(QLatin1String(id)); }
    StateChip* chip() { return window_->findChild<StateChip*>(); }
    QDockWidget* dock(const char* name) { return window_->findChild<QDockWidget*>(QLatin1String(name)); }
    void poll() { window_->context().link.poll(); }
};

TEST_F(MainWindowTest, EveryActionHasTextSectionAndAnIdOfItsOwnAndNoKeyTwice) {
    std::set<QString> ids, keys;
    for (const auto& entry : window_->actions().entries()) {
        EXPECT_FALSE(entry.text.isEmpty()) << entry.id.toStdString();
        EXPECT_FALSE(entry.section.isEmpty()) << entry.id.toStdString();
        EXPECT_TRUE(ids.insert(entry.id).second) << entry.id.toStdString();
        if (!entry.action || entry.defaultKey.isEmpty()) continue;
        EXPECT_TRUE(keys.insert(entry.defaultKey.toString()).second) << "twice: " << entry.defaultKey.toString().toStdString();
    }
    EXPECT_GT(ids.size(), 25u);
}

TEST_F(MainWindowTest, TheKeysOfTheRunAreTheOnesWritten) {
    const std::pair<const char*, const char*> wanted[] = {{"run.start", "F5"}, {"run.stop", "Shift+F5"}, {"run.pause", "F6"},
                                                          {"run.checkpoint", "Ctrl+B"}, {"tools.palette", "Ctrl+K"},
                                                          {"view.hud", "F12"}, {"view.fullScreen", "F11"}, {"run.demo", "Alt+D"}};
    for (const auto& [id, key] : wanted) {
        QAction* action = window_->actions().find(QLatin1String(id));
        ASSERT_NE(action, nullptr) << id;
        EXPECT_EQ(action->shortcut(), QKeySequence(QLatin1String(key))) << id;
    }
}

TEST_F(MainWindowTest, ControlsShowTheRequestAndTheChipWhatIsConfirmed) {
    engine_.autoConfirm = false;
    engine_.beginRun("a", "/runs/a", 1000);
    engine_.addSteps(12);
    poll();
    EXPECT_EQ(chip()->state(), RunState::Running);
    control("run.pause")->click();
    EXPECT_EQ(control("run.pause")->text(), QStringLiteral("Pausing…"));
    EXPECT_FALSE(control("run.pause")->isEnabled());
    EXPECT_EQ(chip()->state(), RunState::Running);  // nothing is claimed before it happened
    engine_.confirm(RunState::Paused);
    poll();
    EXPECT_EQ(chip()->state(), RunState::Paused);
    EXPECT_EQ(control("run.start")->text(), QStringLiteral("Continue"));
    EXPECT_EQ(control("run.pause")->text(), QStringLiteral("Pause"));
    EXPECT_FALSE(control("run.pause")->isEnabled());
    EXPECT_TRUE(control("run.pause")->toolTip().contains(QStringLiteral("paused already")));
}

TEST_F(MainWindowTest, ARefusalGivesTheControlBackAndNamesTheReason) {
    engine_.autoConfirm = false;
    engine_.beginRun("a", "/runs/a", 1000);
    poll();
    control("run.checkpoint")->click();
    EXPECT_EQ(control("run.checkpoint")->text(), QStringLiteral("Saving…"));
    engine_.addNotice(Notice::Kind::Error, "The disk is full", "Free some space and try again.");
    poll();
    EXPECT_EQ(control("run.checkpoint")->text(), QStringLiteral("Checkpoint"));
    EXPECT_EQ(lastProblem(), QStringLiteral("The disk is full"));
}

TEST_F(MainWindowTest, AFailureIsAStateWithAdviceAndOneAction) {
    engine_.beginRun("a", "/runs/a", 1000);
    engine_.addSteps(3);
    RunStatus failed = engine_.status();
    failed.state = RunState::Failed;
    failed.problem = "Out of memory at step 3";
    failed.advice = "Batch 64 would fit.";
    failed.savedStep = 2;
    engine_.confirm(failed);
    poll();
    ASSERT_EQ(window_->problems().openCount(), 1);
    const Problem& problem = window_->problems().all().back();
    EXPECT_EQ(problem.hint, QStringLiteral("Batch 64 would fit."));
    EXPECT_EQ(problem.actionText, QStringLiteral("Resume from step 2"));
    problem.action();
    EXPECT_EQ(engine_.commands.back(), "resume a");
}

TEST_F(MainWindowTest, TheDemoStartsTheProjectAndShowsTrain) {
    window_->actions().find(QStringLiteral("run.demo"))->trigger();
    ASSERT_EQ(engine_.started.size(), 1u) << lastProblem().toStdString();
    EXPECT_EQ(engine_.started[0].model.preset, "illama_micro");
    EXPECT_EQ(engine_.status().state, RunState::Running);
}

TEST_F(MainWindowTest, TheLiveRunAppearsWithAColourOfItsOwn) {
    engine_.beginRun("a", "/runs/a", 1000);
    poll();
    const auto& runs = window_->context().runs.runs();
    ASSERT_EQ(runs.size(), 1u);
    EXPECT_TRUE(runs[0]->live);
    EXPECT_EQ(runs[0]->name, QStringLiteral("a"));
    engine_.beginRun("b", "/runs/b", 1000);
    poll();
    ASSERT_EQ(runs.size(), 2u);
    EXPECT_NE(runs[0]->series, runs[1]->series);
    EXPECT_FALSE(runs[1]->live);
}

TEST_F(MainWindowTest, DocksStayAwayOnStartAndReturnWithAView) {
    EXPECT_TRUE(dock("projectDock")->isHidden());
    window_->showView(QStringLiteral("inspect"));
    EXPECT_FALSE(dock("projectDock")->isHidden());
    window_->actions().find(QStringLiteral("view.hideDocks"))->trigger();
    EXPECT_TRUE(dock("projectDock")->isHidden());
    window_->actions().find(QStringLiteral("view.hideDocks"))->trigger();
    EXPECT_FALSE(dock("projectDock")->isHidden());
}

TEST_F(MainWindowTest, LayoutAndKeysComeBackOnTheNextStart) {
    window_->showView(QStringLiteral("inspect"));
    window_->actions().find(QStringLiteral("view.project"))->trigger();
    window_->resize(1300, 800);
    EXPECT_TRUE(window_->actions().rebind(QStringLiteral("run.pause"), QKeySequence(QStringLiteral("F7"))));
    reopen();
    window_->showView(QStringLiteral("inspect"));
    EXPECT_TRUE(dock("projectDock")->isHidden());
    EXPECT_EQ(window_->size(), QSize(1300, 800));
    EXPECT_EQ(window_->actions().find(QStringLiteral("run.pause"))->shortcut(), QKeySequence(QStringLiteral("F7")));
    window_->restoreDefaultLayout();
    EXPECT_FALSE(dock("projectDock")->isHidden());
}

TEST_F(MainWindowTest, OnlyExistingViewsHaveTabs) {
    for (const auto* tab : window_->findChildren<QToolButton*>()) {
        if (!tab->objectName().startsWith(QStringLiteral("tab."))) continue;
        EXPECT_NE(window_->view(tab->objectName().mid(4)), nullptr) << tab->objectName().toStdString();
    }
    EXPECT_EQ(window_->currentView()->id(), QStringLiteral("start"));
}

TEST_F(MainWindowTest, ProblemRowsShowTwoAndDismiss) {
    for (const char* message : {"one", "two", "three"})
        window_->context().report(QStringLiteral("warning"), QLatin1String(message), QStringLiteral("hint"));
    auto* rows = window_->findChild<ProblemRows*>();
    ASSERT_NE(rows, nullptr);
    EXPECT_EQ(rows->count(), 2);
    window_->context().report(QStringLiteral("warning"), QStringLiteral("three"), QStringLiteral("hint"));
    EXPECT_EQ(window_->problems().openCount(), 3);  // the same again is no second row
    window_->problems().dismissAll();
    EXPECT_EQ(rows->count(), 0);
}

TEST_F(MainWindowTest, WithoutGlTheHudIsAbsentWithTheReason) {
    if (window_->hud().whyUnavailable().isEmpty()) GTEST_SKIP() << "this display has GL";
    window_->actions().refresh();
    QAction* hud = window_->actions().find(QStringLiteral("view.hud"));
    EXPECT_FALSE(hud->isEnabled());
    EXPECT_TRUE(hud->toolTip().contains(QStringLiteral("OpenGL")));
    window_->hud().setShown(true);
    EXPECT_FALSE(window_->hud().isShown());
}

}  // namespace
}  // namespace vl
