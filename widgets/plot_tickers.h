// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "widgets/chart_axis.h"
#include "widgets/qcustomplot_wrap.h"

namespace vl {

/// About `wanted` round values (1, 2, 2.5, 5 times a power of ten) within the range.
std::vector<double> roundTicks(double lower, double upper, int wanted);
/// Round values on a log scale: 0.5, 0.6, 0.8, 1, 1.5, 2 within few decades, powers of ten over many.
std::vector<double> logTicks(double lower, double upper, int wanted);
/// Steps of a clock: 1, 2, 5, 10, 15, 30 seconds, minutes, hours.
std::vector<double> durationTicks(double lower, double upper, int wanted);
/// Digits after the point that tell all ticks apart; the same for every label of an axis.
int digitsFor(const std::vector<double>& ticks);

/// Hands our ticks and labels to QCustomPlot.
class RoundTicker : public QCPAxisTicker {
public:
    enum class Scale { Linear, Log, Duration };
    explicit RoundTicker(Scale scale, bool grouped = false) : scale_(scale), grouped_(grouped) {}
    void setWanted(int wanted) { wanted_ = wanted; }

protected:
    double getTickStep(const QCPRange&) override { return 1; }
    int getSubTickCount(double) override { return 0; }
    QVector<double> createTickVector(double step, const QCPRange& range) override;
    QString getTickLabel(double tick, const QLocale& locale, QChar format, int precision) override;

private:
    Scale scale_;
    bool grouped_;
    int wanted_ = 5, digits_ = 0;
};

}  // namespace vl
