// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QString>

#include "engine/api/types.h"

namespace vl {

class PlotPanel;
class RunTimeline;
struct StoredRun;

/// Adds what the judge says about guided samples of a denoiser's run, in percent at the right; returns the series.
int addJudged(PlotPanel& panel, const StoredRun& run);
/// Appends what the judge said in evaluations from `first` on; those without a judge leave no point.
void appendJudged(PlotPanel& panel, int judged, const RunTimeline& timeline, const std::vector<EvalMetrics>& rows,
                  std::size_t first);

}  // namespace vl
