// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPalette>
#include <QString>

#include "widgets/theme.h"

class QStyle;

namespace vl {

QPalette makePalette(const Tokens& tokens);
/// The one application style sheet. Dynamic properties it knows:
/// QPushButton/QToolButton `kind` = "primary" | "quiet" | "tab" | "segment" (with `place` = "first" | "middle" | "last"
/// | "only"); QLabel `tone` = names of toneName(); QWidget `surface` = "raised" | "canvas" | "accentTint";
/// QLineEdit `invalid` = true.
QString makeStyleSheet(const Tokens& tokens);
/// Fusion with the studio's focus frame and metrics; owned by the caller.
QStyle* makeStudioStyle();
/// Event filter that shows a 2 px focus frame around controls reached by keyboard.
QObject* makeFocusRing(QObject* parent);

}  // namespace vl
