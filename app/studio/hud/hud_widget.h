// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include <QElapsedTimer>
#include <QOpenGLWidget>

#include "app/studio/hud/hud_data.h"

namespace vl {

class ImGuiSession;

/// Draws HudData with Dear ImGui on a GL viewport. Redraws on new data or input and two frames more, then rests.
/// Make it only through makeHudWidget(), after whyNoGl() said nothing.
class HudWidget : public QOpenGLWidget {
    Q_OBJECT
public:
    explicit HudWidget(QWidget* parent = nullptr);
    ~HudWidget() override;

    void show(const HudData& data);
    using QOpenGLWidget::show;
    int framesDrawn() const { return frames_; }

protected:
    void initializeGL() override;
    void paintGL() override;
    bool event(QEvent* event) override;

private:
    void releaseGl();
    void wake();

    std::unique_ptr<ImGuiSession> session_;
    HudData data_;
    QElapsedTimer sinceFrame_;
    bool ready_ = false;
    int extraFrames_ = 0, frames_ = 0;
};

HudWidget* makeHudWidget(QWidget* parent);

}  // namespace vl
