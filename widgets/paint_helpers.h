// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QPainter>
#include <QRectF>
#include <QString>

#include "widgets/theme.h"

namespace vl {

/// The dark outer line that keeps marks visible on any picture, in both themes.
inline QColor markOutline() { return QColor(0x10, 0x13, 0x16); }

/// A 2 px frame inside `rect` with a 1 px dark outer line.
void paintMark(QPainter& painter, const QRectF& rect, const QColor& colour);
/// A small filled square with a number or sign in its middle, text chosen for contrast.
void paintPinBadge(QPainter& painter, const QRectF& rect, const QString& text, const QColor& colour);
/// A white plus sign with a dark outline.
void paintCross(QPainter& painter, const QPointF& centre, double arm, const QColor& colour, const QColor& outline);
/// Text in one font and colour; returns its advance.
double paintText(QPainter& painter, const QRectF& rect, int flags, const QString& text, const QFont& font,
                 const QColor& colour);
/// Fixed-point number with `decimals`; an en dash when not finite.
QString fixedText(double value, int decimals);
/// At most three significant digits for small shares: "0.032", "0.0041", "4e-05"; "0" for zero.
QString shareText(double value);
/// Focus that came by keyboard is shown, focus that came by a click or with the view is not.
bool isKeyboardFocus(Qt::FocusReason reason);
/// Focus ring: 2 px accent, 1 px gap, as everywhere else.
void paintFocusRing(QPainter& painter, const QRectF& rect);

}  // namespace vl
