// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QRect>
#include <QString>

class QPainter;

namespace vl {

/// Draws a key text ("Ctrl+K") as a cap at the right end of `row`, vertically centred; returns the x where it begins
/// (the row's right end for an empty text).
int drawKeyCaps(QPainter& painter, const QRect& row, const QString& key);
QSize keyCapSize(const QString& key);

}  // namespace vl
