// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/train/denoiser_charts.h"

#include "app/studio/shell/run_store.h"
#include "app/studio/train/run_timeline.h"
#include "widgets/plot_panel.h"

namespace vl {

int addJudged(PlotPanel& panel, const StoredRun& run) {
    const int colour = run.series == 2 ? 1 : 2;
    return panel.addSeries({QObject::tr("samples judged right, %, right"), colour, SeriesDraw::LineAndPoints, true, 1});
}

void appendJudged(PlotPanel& panel, int judged, const RunTimeline& timeline, const std::vector<EvalMetrics>& rows,
                  std::size_t first) {
    std::vector<double> x, y;
    for (std::size_t i = first; i < rows.size(); ++i)
        if (rows[i].accuracy >= 0) x.push_back(timeline.xOf(rows[i].step)), y.push_back(rows[i].accuracy * 100);
    panel.appendData(judged, x, y);
}

}  // namespace vl
