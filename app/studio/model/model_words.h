// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include "engine/api/checkpoint_report.h"

namespace vl {

/// "Pyramid VisionLLaMA small, 224 px, 1,000 classes, recognised with 100 %".
QString recognitionText(const Recognition& recognition);
/// What can be done with such a model now, one sentence.
QString useText(const Recognition& recognition);
/// Why pictures cannot be looked at with it; empty: they can.
QString whyNoPictures(const Recognition& recognition);

}  // namespace vl
