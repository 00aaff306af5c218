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
/// The newest measured Frechet distance, "23.1"; an en dash without one.
QString frechetText(const std::vector<EvalMetrics>& rows);
/// The convergence curve: appends evaluations from `first` on to the Frechet series and, unless it is -1, to the
/// judged one. Evaluations that did not measure one of them leave no point there.
void appendSampleRows(PlotPanel& panel, int frechet, int judged, const RunTimeline& timeline,
                      const std::vector<EvalMetrics>& rows, std::size_t first);

}  // namespace vl
