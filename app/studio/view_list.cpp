// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/view_list.h"

#include "app/studio/detect/detect_view.h"
#include "app/studio/generate/generate_view.h"
#include "app/studio/inspect/inspect_view.h"
#include "app/studio/model/model_view.h"
#include "app/studio/schedules/schedules_view.h"
#include "app/studio/segment/segment_view.h"
#include "app/studio/start/start_view.h"
#include "app/studio/train/train_view.h"

namespace vl {

std::vector<View*> makeViews(StudioContext& context) {
    auto* train = new TrainView(context);
    auto* schedules = new SchedulesView(context);
    QObject::connect(schedules, &SchedulesView::draftUsed, train, &TrainView::useSchedule);
    return {makeStartView(context), train, schedules, makeInspectView(context),
            makeSegmentView(context), makeDetectView(context), makeGenerateView(context), makeModelView(context)};
}

}  // namespace vl
