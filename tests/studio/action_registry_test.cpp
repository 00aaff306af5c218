// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/shell/action_registry.h"

#include <gtest/gtest.h>

namespace vl {
namespace {

struct ActionRegistryTest : ::testing::Test {
    ActionRegistry actions;
    int runs = 0;
    QString reason;

    void SetUp() override {
        actions.add("run.pause", "Pause run", "Run", QKeySequence("F6"), [this] { ++runs; }, [this] { return reason; });
        actions.add("run.stop", "Stop run", "Run", QKeySequence("Shift+F5"), [] {});
        actions.addCanvasKey("inspect.hide", "Hide overlays", "Inspect", "H");
    }
};

TEST_F(ActionRegistryTest, TriggersWhatWasRegistered) {
    actions.find("run.pause")->trigger();
    EXPECT_EQ(runs, 1);
    EXPECT_EQ(actions.find("nothing"), nullptr);
}

TEST_F(ActionRegistryTest, ADisabledActionSaysWhyInItsTooltip) {
    reason = "No run is in progress.";
    actions.refresh();
    EXPECT_FALSE(actions.find("run.pause")->isEnabled());
    EXPECT_TRUE(actions.find("run.pause")->toolTip().contains(reason));
    EXPECT_TRUE(actions.find("run.pause")->toolTip().contains("F6"));
    reason.clear();
    actions.refresh();
    EXPECT_TRUE(actions.find("run.pause")->isEnabled());
    EXPECT_FALSE(actions.find("run.pause")->toolTip().contains("No run"));
}

TEST_F(ActionRegistryTest, RebindingTellsWhoHoldsTheKey) {
    QString conflict;
    EXPECT_FALSE(actions.rebind("run.pause", QKeySequence("Shift+F5"), &conflict));
    EXPECT_EQ(conflict, "run.stop");
    EXPECT_EQ(actions.find("run.pause")->shortcut(), QKeySequence("F6"));
    EXPECT_FALSE(actions.rebind("run.pause", QKeySequence("H"), &conflict));
    EXPECT_EQ(conflict, "inspect.hide");
}

TEST_F(ActionRegistryTest, AFreeKeyIsTakenAndAnnounced) {
    QString changed;
    QObject::connect(&actions, &ActionRegistry::keyChanged, &actions, [&](const QString& id) { changed = id; });
    EXPECT_TRUE(actions.rebind("run.pause", QKeySequence("F7")));
    EXPECT_EQ(changed, "run.pause");
    EXPECT_EQ(actions.find("run.pause")->shortcut(), QKeySequence("F7"));
    EXPECT_TRUE(actions.find("run.pause")->toolTip().contains("F7"));
    EXPECT_TRUE(actions.rebind("run.pause", {}));
    EXPECT_TRUE(actions.rebind("run.stop", QKeySequence("F7")));
}

TEST_F(ActionRegistryTest, CanvasKeysAreListedOnly) {
    EXPECT_EQ(actions.entries().back().action, nullptr);
    EXPECT_TRUE(actions.entries().back().canvasOnly);
    EXPECT_FALSE(actions.rebind("inspect.hide", QKeySequence("J")));
}

}  // namespace
}  // namespace vl
