// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "engine/api/model_spec.h"

namespace vl {

/// Pixels of a picture of `width` x `height` between neighbouring anchors, level by level: the pyramid's strides,
/// divided by how much the picture is scaled before `spec` sees it. Null: as if it were searched in its own size.
std::vector<double> anchorStrides(const ModelSpec* spec, int width, int height);

}  // namespace vl
