// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/hud/hud_content.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <imgui.h>

#include "engine/core/text.h"
#include "widgets/theme.h"

namespace vl {
namespace {

constexpr float kWideSide = 280, kNarrowSide = 200, kRoomForWide = 1100, kGap = 24, kLegendHeight = 22, kAxisWidth = 56;

struct Area {
    float x, y, width, height;
};

ImU32 toU32(const QColor& c) { return IM_COL32(c.red(), c.green(), c.blue(), 255); }

void text(ImDrawList& list, float x, float y, const QColor& colour, const std::string& words) {
    list.AddText(ImVec2(x, y), toU32(colour), words.c_str());
}

float textWidth(const std::string& words) { return ImGui::CalcTextSize(words.c_str()).x; }

/// One entry of the legend in full, without its share, or its name only.
std::vector<std::pair<std::string, QColor>> legendWords(const HudData& data, std::size_t phase, int detail) {
    const Tokens& t = Theme::instance().tokens();
    std::vector<std::pair<std::string, QColor>> words = {{kHudPhaseNames[phase], t.text2}};
    if (detail > 0) words.emplace_back(formatFixed(data.mean(phase), 1) + " ms", t.text);
    if (detail > 1) words.emplace_back(formatFixed(double(data.share(phase)) * 100, 0) + " %", t.text3);
    return words;
}

/// Draws the legend, or only measures it (`list` null); returns its width.
float legend(ImDrawList* list, const Area& area, const HudData& data, int detail) {
    float x = area.x;
    for (std::size_t phase = 0; phase < kHudPhases; ++phase) {
        if (list)
            list->AddRectFilled(ImVec2(x, area.y + 6), ImVec2(x + 12, area.y + 9), toU32(Theme::instance().tokens().series[phase]));
        x += 18;
        for (const auto& [words, colour] : legendWords(data, phase, detail)) {
            if (list) text(*list, x, area.y, colour, words);
            x += textWidth(words) + 6;
        }
        x += phase + 1 < kHudPhases ? 12 : 0;
    }
    return x - area.x;
}

void fittingLegend(ImDrawList& list, const Area& area, const HudData& data) {
    int detail = 2;
    while (detail > 0 && legend(nullptr, area, data, detail) > area.width) --detail;
    legend(&list, area, data, detail);
}

/// One bar a step, its phases stacked; returns the step under the mouse.
int timeline(ImDrawList& list, const Area& area, const HudData& data) {
    const Tokens& t = Theme::instance().tokens();
    const float left = area.x + kAxisWidth, width = area.width - kAxisWidth, bottom = area.y + area.height;
    const float top = data.axisMs(), perMs = area.height / top, bar = width / float(kHudSteps);
    for (int i = 0; i <= 2; ++i) {
        const float y = bottom - area.height * float(i) / 2;
        list.AddLine(ImVec2(left, y), ImVec2(left + width, y), toU32(i == 0 ? t.controlLine : t.grid));
        const std::string label = formatFixed(double(top) * i / 2, top < 5 ? 1 : 0) + (i == 2 ? " ms" : "");
        text(list, left - 8 - textWidth(label), y - 7, t.text2, label);
    }
    int hovered = -1;
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    for (std::size_t i = 0; i < data.steps.size(); ++i) {
        const float x = left + width - bar * float(data.steps.size() - i);
        if (mouse.x >= x && mouse.x < x + bar && mouse.y >= area.y && mouse.y <= bottom) hovered = int(i);
        float y = bottom;
        for (std::size_t phase = 0; phase < kHudPhases; ++phase) {
            const float height = data.steps[i].ms[phase] * perMs, next = std::max(area.y, y - height);
            if (y - next > 0.05f)
                list.AddRectFilled(ImVec2(x, next), ImVec2(x + std::max(1.f, bar - 1), y), toU32(t.series[phase]));
            y = next;
        }
        if (hovered == int(i)) list.AddLine(ImVec2(x + bar / 2, area.y), ImVec2(x + bar / 2, bottom), toU32(t.text));
    }
    return hovered;
}

void spark(ImDrawList& list, const Area& area, const std::string& name, const std::string& value, const std::vector<float>& rows,
           float top, const QColor& colour) {
    const Tokens& t = Theme::instance().tokens();
    text(list, area.x, area.y, t.text2, name);
    text(list, area.x + area.width - textWidth(value), area.y, t.text, value);
    const float y0 = area.y + 20, bottom = area.y + area.height;
    list.AddLine(ImVec2(area.x, bottom), ImVec2(area.x + area.width, bottom), toU32(t.controlLine));
    if (rows.size() < 2 || top <= 0) return;
    std::vector<ImVec2> points;
    for (std::size_t i = 0; i < rows.size(); ++i)
        points.push_back(ImVec2(area.x + area.width * (1 - float(rows.size() - 1 - i) / float(kHudSteps - 1)),
                                bottom - (bottom - y0) * std::min(1.f, rows[i] / top)));
    list.AddPolyline(points.data(), int(points.size()), toU32(colour), 0, 1.5f);
}

void tip(const HudData::Step& step) {
    ImGui::BeginTooltip();
    ImGui::Text("step %s   %s ms", thousands(step.step).c_str(), formatFixed(step.total(), 1).c_str());
    for (std::size_t phase = 0; phase < kHudPhases; ++phase)
        ImGui::TextDisabled("%-11s %8s ms", kHudPhaseNames[phase], formatFixed(step.ms[phase], 1).c_str());
    ImGui::EndTooltip();
}

}  // namespace

int drawHud(const HudData& data) {
    const Tokens& t = Theme::instance().tokens();
    const ImVec2 size = ImGui::GetIO().DisplaySize;
    ImGui::SetNextWindowPos(ImVec2(0, 0));
    ImGui::SetNextWindowSize(size);
    ImGui::Begin("HUD", nullptr, ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                                     ImGuiWindowFlags_NoBringToFrontOnFocus);
    ImDrawList& list = *ImGui::GetWindowDrawList();
    list.AddLine(ImVec2(0, 0.5f), ImVec2(size.x, 0.5f), toU32(t.line));
    const float side = size.x >= kRoomForWide ? kWideSide : kNarrowSide;
    const Area main{16, 10, size.x - 32 - side - kGap, size.y - 26};
    int hovered = -1;
    if (data.steps.empty()) {
        text(list, main.x, main.y, t.text2, "No step yet: the phases of the last 200 steps appear here while a run is in progress.");
    } else {
        fittingLegend(list, {main.x + kAxisWidth, main.y, main.width - kAxisWidth, kLegendHeight}, data);
        hovered = timeline(list, {main.x, main.y + kLegendHeight + 6, main.width, main.height - kLegendHeight - 6}, data);
    }
    const float x = size.x - 16 - side, half = (size.y - 36) / 2;
    const float rate = data.imagesPerSecond.empty() ? 0 : data.imagesPerSecond.back();
    float most = 0;
    for (const float value : data.imagesPerSecond) most = std::max(most, value);
    spark(list, {x, 10, side, half}, "throughput", thousands(std::int64_t(rate + 0.5f)) + " img/s", data.imagesPerSecond,
          most * 1.1f, t.series[0]);
    const float used = data.memoryGb.empty() ? 0 : data.memoryGb.back();
    spark(list, {x, 20 + half, side, half}, "memory",
          formatFixed(used, 2) + " of " + formatFixed(data.memoryTotalGb, 0) + " GB", data.memoryGb,
          std::max(used * 1.5f, 0.5f), t.series[3]);
    ImGui::End();
    if (hovered >= 0) tip(data.steps[std::size_t(hovered)]);
    return hovered;
}

}  // namespace vl
