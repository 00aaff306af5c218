// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <initializer_list>

#include <QString>

class QWidget;

namespace vl {

/// A row of the form: label 100 wide, then the fields; the last one marked takes what is left.
QWidget* formLine(const QString& label, std::initializer_list<QWidget*> fields);
/// A page's content with the dock's inset.
QWidget* insetPage(std::initializer_list<QWidget*> parts);

}  // namespace vl
