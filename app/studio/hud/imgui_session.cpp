// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/hud/imgui_session.h"

#include <algorithm>
#include <cfloat>

#include <QRawFont>

#include <imgui.h>

#include "widgets/theme.h"

namespace vl {
namespace {

constexpr float kFontPixels = 14;  // ImGui counts ascent to descent: about Qt's 12

ImVec4 toVec(const QColor& c) { return {float(c.redF()), float(c.greenF()), float(c.blueF()), float(c.alphaF())}; }

}  // namespace

QByteArray monoFontFile() {
    // Tag 0 asks FreeType for the whole file. ImGui's rasteriser reads TrueType outlines only.
    const QByteArray bytes = QRawFont::fromFont(Theme::monoFont(12)).fontTable("\0\0\0\0");
    const bool trueType = bytes.startsWith(QByteArray("\0\1\0\0", 4)) || bytes.startsWith("true");
    return trueType ? bytes : QByteArray();
}

ImGuiSession::ImGuiSession() : context_(nullptr), fontFile_(monoFontFile()) {
    ImGuiContext* before = ImGui::GetCurrentContext();
    context_ = ImGui::CreateContext();
    ImGui::SetCurrentContext(context_);
    ImGui::GetIO().IniFilename = nullptr;
    ImGui::GetIO().LogFilename = nullptr;
    ImGui::GetIO().DisplaySize = ImVec2(1, 1);
    buildFonts(1);
    ImGui::SetCurrentContext(before);
}

ImGuiSession::~ImGuiSession() { ImGui::DestroyContext(context_); }

void ImGuiSession::makeCurrent() const { ImGui::SetCurrentContext(context_); }

void ImGuiSession::buildFonts(qreal ratio) {
    ImGuiIO& io = ImGui::GetIO();
    ratio_ = ratio;
    io.Fonts->Clear();
    ImFontConfig config;
    config.SizePixels = float(kFontPixels * ratio);
    if (fontFile_.isEmpty()) {
        io.Fonts->AddFontDefault(&config);
    } else {
        config.FontDataOwnedByAtlas = false;
        io.Fonts->AddFontFromMemoryTTF(fontFile_.data(), int(fontFile_.size()), config.SizePixels, &config);
    }
    unsigned char* pixels = nullptr;
    int width = 0, height = 0;
    io.Fonts->GetTexDataAsAlpha8(&pixels, &width, &height);
    io.FontGlobalScale = float(1 / ratio);
}

bool ImGuiSession::setDisplay(const QSize& logical, qreal ratio) {
    makeCurrent();
    ImGuiIO& io = ImGui::GetIO();
    io.DisplaySize = ImVec2(float(std::max(1, logical.width())), float(std::max(1, logical.height())));
    io.DisplayFramebufferScale = ImVec2(float(ratio), float(ratio));
    if (qFuzzyCompare(ratio, ratio_)) return false;
    buildFonts(ratio);
    return true;
}

void ImGuiSession::setMouse(const QPointF& position, bool pressed, bool inside) {
    makeCurrent();
    ImGuiIO& io = ImGui::GetIO();
    io.MousePos = inside ? ImVec2(float(position.x()), float(position.y())) : ImVec2(-FLT_MAX, -FLT_MAX);
    io.MouseDown[0] = pressed;
}

void ImGuiSession::applyTheme() const {
    const Tokens& t = Theme::instance().tokens();
    ImGuiStyle& style = ImGui::GetStyle();
    style.WindowRounding = style.WindowBorderSize = 0;
    style.WindowPadding = ImVec2(16, 8);
    style.Colors[ImGuiCol_WindowBg] = toVec(t.window);
    style.Colors[ImGuiCol_Text] = toVec(t.text);
    style.Colors[ImGuiCol_TextDisabled] = toVec(t.text2);
    style.Colors[ImGuiCol_PopupBg] = toVec(t.raised);
    style.Colors[ImGuiCol_Border] = toVec(t.controlLine);
}

ImDrawData* ImGuiSession::frame(double seconds, const std::function<void()>& content) {
    makeCurrent();
    ImGui::GetIO().DeltaTime = float(std::max(1e-4, seconds));
    applyTheme();
    ImGui::NewFrame();
    content();
    ImGui::Render();
    return ImGui::GetDrawData();
}

QSize ImGuiSession::fontAtlasSize() const {
    makeCurrent();
    const ImFontAtlas* fonts = ImGui::GetIO().Fonts;
    return {fonts->TexWidth, fonts->TexHeight};
}

}  // namespace vl
