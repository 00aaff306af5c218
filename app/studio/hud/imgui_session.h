// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

#include <QByteArray>
#include <QPointF>
#include <QSize>

struct ImDrawData;
struct ImGuiContext;

namespace vl {

/// One Dear ImGui context of its own, with our fonts and colours and without a settings file. Works without GL: frames
/// can be built and examined anywhere. Several sessions do not disturb each other.
class ImGuiSession {
public:
    ImGuiSession();
    ~ImGuiSession();
    ImGuiSession(const ImGuiSession&) = delete;
    ImGuiSession& operator=(const ImGuiSession&) = delete;

    /// ImGui's state is global: call before anything of ImGui.
    void makeCurrent() const;
    /// Logical size and device pixel ratio. True when the fonts were rebuilt, so that their texture must be made anew.
    bool setDisplay(const QSize& logical, qreal ratio);
    void setMouse(const QPointF& position, bool pressed, bool inside);
    /// Builds one frame; `seconds` since the last one. The data belongs to ImGui and lives until the next frame.
    ImDrawData* frame(double seconds, const std::function<void()>& content);
    /// Pixels of the font atlas, 8-bit alpha: there is always one, also without GL.
    QSize fontAtlasSize() const;

private:
    void buildFonts(qreal ratio);
    void applyTheme() const;

    ImGuiContext* context_;
    QByteArray fontFile_;
    qreal ratio_ = 0;
};

/// Bytes of the font file Qt uses for the mono font; empty when it is none ImGui can read.
QByteArray monoFontFile();

}  // namespace vl
