// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <vector>

#include "widgets/chart_series.h"
#include "widgets/chart_stack.h"

namespace vl {

/// What an export draws: values copied out of a stack, so that nothing moves while it is written.
struct ChartDocument {
    struct Series {
        SeriesSpec spec;
        std::vector<double> x, raw, smoothed, planX, planY, nonFiniteX;
    };
    struct Panel {
        QString title, unit;
        bool logY = false;
        double smoothing = 0;
        std::optional<double> lowerBound, upperBound;
        std::vector<Series> series;
    };
    QString title;            ///< above everything, e.g. the run's name
    QString xTitle = "Step";
    bool duration = false;    ///< x is seconds
    double lower = 0, upper = 1;
    std::vector<Panel> panels;
};

/// The stack as it is seen now: visible range, smoothing, scales.
ChartDocument chartDocument(const ChartStack& stack, const QString& title);

struct ExportSize {
    double widthCm = 16, heightCm = 0;  ///< 0: 4.5 cm a panel and 1 for the title
    int dpi = 300;                      ///< PNG only
};

/// Writes by the file's suffix: png, pdf, svg (light palette, legend, units) or csv (C locale, one row a value).
/// Throws Error(Usage) for another suffix, Error(BadFile) when the file cannot be written.
void exportChart(const ChartDocument& document, const QString& file, const ExportSize& size = {});
/// "chart,series,x,raw,smoothed" rows; not-finite values as nan.
QByteArray chartCsv(const ChartDocument& document);

}  // namespace vl
