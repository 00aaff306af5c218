// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace vl {

/// Why GL widgets cannot be used on this desktop, one sentence; empty when they can. Both are asked for: a window system whose GL
/// widgets are known to work, and a context that really becomes current ("offscreen" passes the second and crashes the first).
/// Probed once and remembered; needs the application object; GUI thread.
QString whyNoGl();

/// The part that needs no context: whether GL widgets work on that Qt platform at all.
QString whyNoGlOn(const QString& platform);

}  // namespace vl
