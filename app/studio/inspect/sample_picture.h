// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/studio/shell/view.h"

namespace vl {

/// Puts a picture into the selection: the next validation sample of the gallery, or the next bundled one. `next`
/// counts on. Reports in words when there is none.
void takeSamplePicture(StudioContext& context, int& next);

}  // namespace vl
