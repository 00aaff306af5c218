// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/hud/hud_widget.h"

#include <QEvent>
#include <QMouseEvent>
#include <QOpenGLContext>
#include <QOpenGLFunctions>

#include <backends/imgui_impl_opengl3.h>
#include <imgui.h>

#include "app/studio/hud/hud_content.h"
#include "app/studio/hud/imgui_session.h"
#include "widgets/theme.h"

namespace vl {

HudWidget::HudWidget(QWidget* parent) : QOpenGLWidget(parent), session_(std::make_unique<ImGuiSession>()) {
    setMouseTracking(true);
    connect(&Theme::instance(), &Theme::changed, this, &HudWidget::wake);
}

HudWidget::~HudWidget() { releaseGl(); }

void HudWidget::show(const HudData& fresh) {
    data_ = fresh;
    wake();
}

void HudWidget::wake() {
    extraFrames_ = 2;  // ImGui settles hover and layout one frame late
    update();
}

void HudWidget::initializeGL() {
    // Re-docking may take the context away and bring another one: everything of GL is made here and nowhere else.
    connect(context(), &QOpenGLContext::aboutToBeDestroyed, this, &HudWidget::releaseGl, Qt::UniqueConnection);
    session_->makeCurrent();
    ready_ = ImGui_ImplOpenGL3_Init(context()->isOpenGLES() ? "#version 300 es" : "#version 130");
    sinceFrame_.start();
}

void HudWidget::releaseGl() {
    if (!ready_) return;
    ready_ = false;
    makeCurrent();
    session_->makeCurrent();
    ImGui_ImplOpenGL3_Shutdown();
    doneCurrent();
}

void HudWidget::paintGL() {
    QOpenGLFunctions& gl = *context()->functions();
    const QColor ground = Theme::instance().tokens().window;
    gl.glClearColor(float(ground.redF()), float(ground.greenF()), float(ground.blueF()), 1);
    gl.glClear(GL_COLOR_BUFFER_BIT);
    if (!ready_) return;
    if (session_->setDisplay(size(), devicePixelRatioF())) {
        ImGui_ImplOpenGL3_DestroyFontsTexture();
        ImGui_ImplOpenGL3_CreateFontsTexture();
    }
    ImGui_ImplOpenGL3_NewFrame();
    const double seconds = double(sinceFrame_.restart()) / 1000;
    ImGui_ImplOpenGL3_RenderDrawData(session_->frame(seconds, [this] { drawHud(data_); }));
    ++frames_;
    if (extraFrames_ > 0) {
        --extraFrames_;
        update();
    }
}

bool HudWidget::event(QEvent* event) {
    switch (event->type()) {
        case QEvent::MouseMove:
        case QEvent::MouseButtonPress:
        case QEvent::MouseButtonRelease: {
            const auto* mouse = static_cast<QMouseEvent*>(event);
            session_->setMouse(mouse->position(), mouse->buttons() & Qt::LeftButton, true);
            wake();
            break;
        }
        case QEvent::Leave:
            session_->setMouse({}, false, false);
            wake();
            break;
        case QEvent::ScreenChangeInternal: wake(); break;
        default: break;
    }
    return QOpenGLWidget::event(event);
}

HudWidget* makeHudWidget(QWidget* parent) { return new HudWidget(parent); }

}  // namespace vl
