// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/view_list.h"

#include "app/studio/start/start_view.h"

namespace vl {

std::vector<View*> makeViews(StudioContext& context) {
    return {makeStartView(context)};
}

}  // namespace vl
