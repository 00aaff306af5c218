// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSize>

#include "widgets/chart_export.h"

class QPaintDevice;

namespace vl {

/// Draws the document in the light palette on white. `pixels` is its size at 96 dpi, `scale` device pixels for one of
/// them; `vector`: keep every line and letter as such.
void drawDocument(const ChartDocument& document, QPaintDevice& device, QSize pixels, double scale, bool vector);

}  // namespace vl
