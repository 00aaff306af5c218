// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>

#include "engine/api/types.h"

namespace vl {

/// Grey stays grey, everything else becomes RGB; transparency is laid on white. An empty picture gives an empty one.
Image fromQImage(const QImage& image);

}  // namespace vl
