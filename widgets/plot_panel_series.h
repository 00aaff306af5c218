// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "widgets/plot_panel.h"
#include "widgets/qcustomplot_wrap.h"

namespace vl {

/// One series with the graphs that draw it; only the two sources of PlotPanel see it.
struct PlotPanel::Series {
    SeriesSpec spec;
    SeriesData data;
    std::vector<double> planX, planY;
    QCPGraph *raw = nullptr, *line = nullptr, *plan = nullptr, *markers = nullptr;
    bool rawStale = true;
};

}  // namespace vl
