// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <initializer_list>

#include <QString>

class QScrollArea;
class QWidget;

namespace vl {

/// Parts the panels in the right dock are built from.

/// Section title with something small at its right end, `spacing` pixels apart.
QWidget* titleRow(const QString& title, std::initializer_list<QWidget*> right, int spacing);
/// The page in a frameless area that scrolls up and down only and takes no focus itself.
QScrollArea* scrolled(QWidget* page);

}  // namespace vl
