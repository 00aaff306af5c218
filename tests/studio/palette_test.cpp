// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/shell/command_palette.h"

#include <QApplication>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPushButton>

#include <gtest/gtest.h>

#include "app/studio/shell/help_window.h"
#include "tests/studio/support/studio_fixture.h"
#include "widgets/theme.h"

namespace vl {
namespace {

void press(QWidget* widget, int key, Qt::KeyboardModifiers modifiers = Qt::NoModifier) {
    QKeyEvent down(QEvent::KeyPress, key, modifiers);
    QApplication::sendEvent(widget, &down);
}

class PaletteTest : public StudioFixture {
protected:
    CommandPalette& palette() { return window_->palette(); }
};

TEST_F(PaletteTest, ListsEveryActionUntilSomethingIsTyped) {
    palette().open();
    int actions = 0;
    for (const auto& entry : window_->actions().entries()) actions += entry.action != nullptr;
    EXPECT_EQ(palette().shownIds().size(), actions);
    palette().field()->setText(QStringLiteral("check"));
    EXPECT_EQ(palette().shownIds().first(), QStringLiteral("run.checkpoint"));
    palette().field()->setText(QStringLiteral("zzzz"));
    EXPECT_TRUE(palette().shownIds().isEmpty());
}

TEST_F(PaletteTest, WorksByKeyboardAlone) {
    palette().open();
    palette().field()->setText(QStringLiteral("light theme"));
    press(palette().field(), Qt::Key_Return);
    EXPECT_FALSE(palette().isVisible());
    EXPECT_EQ(Theme::instance().choice(), Theme::Choice::Light);
    Theme::instance().setChoice(Theme::Choice::Dark);
    palette().open();
    press(palette().field(), Qt::Key_Escape);
    EXPECT_FALSE(palette().isVisible());
}

TEST_F(PaletteTest, ADisabledCommandSaysWhyAndDoesNothing) {
    palette().open();
    palette().field()->setText(QStringLiteral("pause run"));
    press(palette().field(), Qt::Key_Return);
    EXPECT_TRUE(palette().isVisible());
    EXPECT_TRUE(engine_.commands.empty());
}

TEST_F(PaletteTest, ArrowsMoveAndWrap) {
    palette().open();
    palette().field()->setText(QStringLiteral("theme"));
    const qsizetype rows = palette().shownIds().size();
    ASSERT_GE(rows, 3);
    press(palette().field(), Qt::Key_Up);
    press(palette().field(), Qt::Key_Down);
    press(palette().field(), Qt::Key_Return);
    EXPECT_FALSE(palette().isVisible());
    Theme::instance().setChoice(Theme::Choice::Dark);
}

TEST_F(PaletteTest, HelpRebindsAndTellsConflicts) {
    HelpWindow help(window_->actions(), window_.get());
    help.show();
    const auto keyButton = [&] {
        for (auto* button : help.findChildren<QPushButton*>())
            if (button->accessibleName() == QStringLiteral("Key of Pause run")) return button;
        return static_cast<QPushButton*>(nullptr);
    };
    ASSERT_NE(keyButton(), nullptr);
    help.beginRebind(QStringLiteral("run.pause"));
    press(keyButton(), Qt::Key_B, Qt::ControlModifier);
    EXPECT_TRUE(help.message().contains(QStringLiteral("Checkpoint now"))) << help.message().toStdString();
    EXPECT_EQ(keyButton()->text(), QStringLiteral("F6"));
    help.beginRebind(QStringLiteral("run.pause"));
    press(keyButton(), Qt::Key_F8);
    EXPECT_EQ(keyButton()->text(), QStringLiteral("F8"));
    EXPECT_EQ(window_->actions().find(QStringLiteral("run.pause"))->shortcut(), QKeySequence(QStringLiteral("F8")));
    help.beginRebind(QStringLiteral("run.pause"));
    press(keyButton(), Qt::Key_Escape);
    EXPECT_EQ(keyButton()->text(), QStringLiteral("F8"));
}

}  // namespace
}  // namespace vl
