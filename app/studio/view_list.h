// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "app/studio/shell/view.h"

namespace vl {

/// Every view of the studio, Start first, then in the order of the tabs. The caller gives them a parent.
std::vector<View*> makeViews(StudioContext& context);

}  // namespace vl
