// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/hud/gl_probe.h"

#include <QGuiApplication>
#include <QOffscreenSurface>
#include <QOpenGLContext>
#include <QStringList>

namespace vl {
namespace {

QString probeContext() {
    QOpenGLContext context;
    if (!context.create()) return QStringLiteral("OpenGL is not available: no context could be made.");
    QOffscreenSurface surface;
    surface.setFormat(context.format());
    surface.create();
    if (!surface.isValid() || !context.makeCurrent(&surface))
        return QStringLiteral("OpenGL is not available: its context does not become current.");
    const QSurfaceFormat format = context.format();
    context.doneCurrent();
    if (!context.isOpenGLES() && format.majorVersion() < 3)
        return QStringLiteral("OpenGL %1.%2 is too old; the HUD needs 3.0.").arg(format.majorVersion()).arg(format.minorVersion());
    return {};
}

}  // namespace

QString whyNoGlOn(const QString& platform) {
    static const QStringList good = {QStringLiteral("xcb"), QStringLiteral("wayland"), QStringLiteral("wayland-egl"),
                                     QStringLiteral("windows"), QStringLiteral("cocoa")};
    if (good.contains(platform)) return {};
    return QStringLiteral("The live HUD needs OpenGL, which the “%1” display does not offer.").arg(platform);
}

QString whyNoGl() {
    static const QString reason = [] {
        const QString platform = whyNoGlOn(QGuiApplication::platformName());
        return platform.isEmpty() ? probeContext() : platform;
    }();
    return reason;
}

}  // namespace vl
