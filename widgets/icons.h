// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QIcon>
#include <QPixmap>
#include <QString>

#include "widgets/tone.h"

class QPainter;
class QRect;

namespace vl {

/// An icon of resources/icons ("flag"), drawn at any scale in the colour of `tone`; follows the theme by itself.
/// An unknown name gives a null icon.
QIcon icon(const QString& name, Tone tone = Tone::Text);
/// Paints the icon into `rect` (logical pixels) in `colour`; for custom-painted widgets.
void paintIcon(QPainter& painter, const QRect& rect, const QString& name, const QColor& colour);
/// A pixmap of `size` logical pixels for labels.
QPixmap iconPixmap(const QString& name, int size, const QColor& colour, qreal devicePixelRatio);
/// Names of all icons there are, sorted.
QStringList iconNames();

}  // namespace vl
