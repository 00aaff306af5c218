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

QString frechetText(const std::vector<EvalMetrics>& rows) {
    for (auto row = rows.rbegin(); row != rows.rend(); ++row)
        if (row->frechet >= 0) return QString::number(row->frechet, 'f', row->frechet < 10 ? 2 : 1);
    return QStringLiteral("–");
}

void appendSampleRows(PlotPanel& panel, int frechet, int judged, const RunTimeline& timeline,
                      const std::vector<EvalMetrics>& rows, std::size_t first) {
    std::vector<double> frechetX, frechetY, judgedX, judgedY;
    for (std::size_t i = first; i < rows.size(); ++i) {
        const double x = timeline.xOf(rows[i].step);
        if (rows[i].frechet >= 0) frechetX.push_back(x), frechetY.push_back(rows[i].frechet);
        if (rows[i].accuracy >= 0) judgedX.push_back(x), judgedY.push_back(rows[i].accuracy * 100);
    }
    panel.appendData(frechet, frechetX, frechetY);
    if (judged >= 0) panel.appendData(judged, judgedX, judgedY);
}

}  // namespace vl
