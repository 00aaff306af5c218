// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <limits>

#include <gtest/gtest.h>
#include <imgui.h>

#include "app/studio/hud/gl_probe.h"
#include "app/studio/hud/hud_content.h"
#include "app/studio/hud/hud_data.h"
#include "app/studio/hud/imgui_session.h"

namespace vl {
namespace {

std::vector<StepMetrics> rows(int count) {
    std::vector<StepMetrics> out;
    for (int i = 1; i <= count; ++i) {
        StepMetrics row;
        row.step = i;
        row.dataMs = 1;
        row.forwardMs = 30;
        row.backwardMs = 60;
        row.optimiserMs = 8;
        row.inspectMs = 1;
        row.imagesPerSecond = 640;
        out.push_back(row);
    }
    return out;
}

TEST(HudData, KeepsTheLastTwoHundredSteps) {
    HudData data;
    data.take(rows(350));
    ASSERT_EQ(data.steps.size(), kHudSteps);
    EXPECT_EQ(data.steps.front().step, 151);
    EXPECT_EQ(data.steps.back().step, 350);
}

TEST(HudData, SharesAddUpToOne) {
    HudData data;
    data.take(rows(10));
    EXPECT_FLOAT_EQ(data.mean(1), 30);
    EXPECT_NEAR(data.share(2), 0.6, 1e-6);
    float sum = 0;
    for (std::size_t i = 0; i < kHudPhases; ++i) sum += data.share(i);
    EXPECT_NEAR(sum, 1, 1e-6);
}

TEST(HudData, OneSlowStepDoesNotFlattenTheOthers) {
    auto some = rows(200);
    some[100].forwardMs = 9000;
    HudData data;
    data.take(some);
    EXPECT_FLOAT_EQ(data.axisMs(), 100);
}

TEST(HudData, NonFiniteTimesCountAsZero) {
    auto some = rows(3);
    some[1].forwardMs = std::numeric_limits<float>::quiet_NaN();
    some[2].dataMs = -4;
    HudData data;
    data.take(some);
    EXPECT_FLOAT_EQ(data.steps[1].ms[1], 0);
    EXPECT_FLOAT_EQ(data.steps[2].ms[0], 0);
    EXPECT_TRUE(std::isfinite(data.axisMs()));
}

TEST(ImGuiSession, DrawsAFrameWithoutGl) {
    ImGuiSession session;
    session.setDisplay({1200, 184}, 1);
    HudData data;
    data.take(rows(200));
    ImDrawData* drawn = session.frame(0.016, [&] { drawHud(data); });
    ASSERT_NE(drawn, nullptr);
    EXPECT_GT(drawn->TotalVtxCount, 200 * 4);
    EXPECT_GT(session.fontAtlasSize().width(), 0);
}

TEST(ImGuiSession, ABarUnderTheMouseIsFound) {
    ImGuiSession session;
    session.setDisplay({1200, 184}, 1);
    HudData data;
    data.take(rows(200));
    int hovered = -1;
    session.setMouse({500, 120}, false, true);
    for (int i = 0; i < 3; ++i) session.frame(0.016, [&] { hovered = drawHud(data); });
    EXPECT_GE(hovered, 0);
    session.setMouse({}, false, false);
    session.frame(0.016, [&] { hovered = drawHud(data); });
    EXPECT_EQ(hovered, -1);
}

TEST(ImGuiSession, FontsAreRebuiltWhenTheScreenRatioChangesOnly) {
    ImGuiSession session;
    EXPECT_FALSE(session.setDisplay({800, 184}, 1));
    const QSize small = session.fontAtlasSize();
    EXPECT_TRUE(session.setDisplay({800, 184}, 2));
    EXPECT_FALSE(session.setDisplay({640, 184}, 2));
    EXPECT_GE(session.fontAtlasSize().width() * session.fontAtlasSize().height(), small.width() * small.height());
    EXPECT_TRUE(session.setDisplay({800, 184}, 1.5));
}

TEST(ImGuiSession, TwoSessionsDoNotDisturbEachOther) {
    ImGuiSession first, second;
    first.setDisplay({800, 184}, 1);
    second.setDisplay({400, 100}, 1);
    first.makeCurrent();
    EXPECT_FLOAT_EQ(ImGui::GetIO().DisplaySize.x, 800);
    second.makeCurrent();
    EXPECT_FLOAT_EQ(ImGui::GetIO().DisplaySize.x, 400);
    EXPECT_EQ(ImGui::GetIO().IniFilename, nullptr);
}

TEST(GlProbe, RefusesPlatformsWhoseGlWidgetsCrash) {
    EXPECT_FALSE(whyNoGlOn("offscreen").isEmpty());
    EXPECT_FALSE(whyNoGlOn("minimal").isEmpty());
    EXPECT_TRUE(whyNoGlOn("xcb").isEmpty());
    EXPECT_TRUE(whyNoGlOn("wayland").isEmpty());
}

}  // namespace
}  // namespace vl
