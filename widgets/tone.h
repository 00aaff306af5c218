// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>

#include "widgets/theme.h"

namespace vl {

/// What a text or an icon means; the theme decides its colour.
enum class Tone { Text, Text2, Text3, Disabled, Accent, OnAccent, Good, Warning, Error };

QColor toneColour(const Tokens& tokens, Tone tone);
/// The name style sheet rules know the tone by, e.g. "text2".
const char* toneName(Tone tone);

}  // namespace vl
