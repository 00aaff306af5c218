// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/schedules/schedule_draft.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "engine/api/schedule.h"

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
            EXPECT_NEAR(softMaskAlpha(draft.settings(), step, 100), softMaskAlpha(settings, step, 100), 1e-12)
                << preset << " " << step;
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
    for (int i = 1; i <= 20; ++i)
        draft.moveNode(1, 6 - i * 0.1, 0, 42);
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
        const auto number = [&](double low, double high) {
            return std::uniform_real_distribution<double>(low, high)(random);
        };
        ScheduleDraft draft;
        draft.setTraining(training(12), 50);
        draft.setBaseline(linear(0.9, 5));
        const auto start = draft.settings();
        const char* presets[] = {"standard", "constant", "linear", "piecewise"};
        for (int i = 0; i < 120; ++i) {
            const int node = static_cast<int>(random() % 6) - 1;
            switch (random() % 9) {
                case 0:
                    draft.choosePreset(presets[random() % 4]);
                    break;
                case 1:
                    draft.setStart(number(-0.5, 1.5));
                    break;
                case 2:
                    draft.setCutoff(number(-1, 20));
                    break;
                case 3:
                case 4:
                    draft.moveNode(node, number(-2, 15), number(-1, 2), static_cast<int>(random() % 3));
                    break;
                case 5:
                    draft.addNode(number(-1, 14), number(-0.5, 1.5));
                    break;
                case 6:
                    draft.removeNode(node);
                    break;
                case 7:
                    draft.setLinear(node, random() % 2);
                    break;
                case 8:
                    random() % 2 ? draft.undoStack().undo() : draft.undoStack().redo();
                    break;
            }
            const auto& nodes = draft.settings().nodes;
            ASSERT_TRUE(std::ranges::is_sorted(nodes, [](const auto& a, const auto& b) { return a.epoch < b.epoch; }));
            for (const auto& each : nodes)
                ASSERT_TRUE(each.value >= 0 && each.value <= 1);
            const double alpha = draft.alphaAt(number(0, 12));
            ASSERT_TRUE(alpha >= 0 && alpha <= 1);
        }
        const auto end = draft.settings();
        const int steps = draft.undoStack().index();
        while (draft.undoStack().canUndo())
            draft.undoStack().undo();
        EXPECT_TRUE(identical(draft.settings(), start)) << seed;
        for (int i = 0; i < steps; ++i)
            draft.undoStack().redo();
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

}  // namespace
}  // namespace vl
