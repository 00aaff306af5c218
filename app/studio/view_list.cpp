// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/view_list.h"

#include "app/studio/inspect/inspect_view.h"
#include "app/studio/schedules/schedules_view.h"
#include "app/studio/start/start_view.h"
#include "app/studio/train/train_view.h"

namespace vl {

std::vector<View*> makeViews(StudioContext& context) {
    return {makeStartView(context), makeTrainView(context), makeSchedulesView(context), makeInspectView(context)};
}

}  // namespace vl
