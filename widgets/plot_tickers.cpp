// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plot_tickers.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace vl {

std::vector<double> roundTicks(double lower, double upper, int wanted) {
    std::vector<double> ticks;
    if (!(upper > lower) || !std::isfinite(upper - lower)) return ticks;
    const double raw = (upper - lower) / std::max(1, wanted);
    const double power = std::pow(10, std::floor(std::log10(raw)));
    double step = 10 * power;
    for (const double share : {1.0, 2.0, 5.0})
        if (share * power >= raw * 0.75) {  // a tick more than wanted rather than half of them
            step = share * power;
            break;
        }
    const double eps = step * 1e-9;
    for (double i = std::ceil((lower - eps) / step); i * step <= upper + eps; ++i)
        ticks.push_back(i * step);
    return ticks;
}

std::vector<double> logTicks(double lower, double upper, int wanted) {
    std::vector<double> ticks;
    if (!(lower > 0) || !(upper > lower)) return ticks;
    // From coarse to fine: the first set that gives enough ticks, then the labels stay apart.
    static const std::vector<std::vector<double>> sets = {
        {1}, {1, 3}, {1, 2, 5}, {1, 1.5, 2, 3, 5, 7}, {1, 1.5, 2, 2.5, 3, 4, 5, 6, 8}};
    for (const auto& set : sets) {
        ticks.clear();
        for (double decade = std::floor(std::log10(lower)); decade <= std::ceil(std::log10(upper)); ++decade)
            for (const double share : set) {
                const double tick = share * std::pow(10, decade);
                if (tick >= lower * (1 - 1e-9) && tick <= upper * (1 + 1e-9)) ticks.push_back(tick);
            }
        if (int(ticks.size()) >= wanted) break;
    }
    if (ticks.size() < 3) return roundTicks(lower, upper, wanted);
    // Drop those too near to their neighbour for a label.
    const double least = (std::log10(upper) - std::log10(lower)) / (wanted * 2.2);
    std::vector<double> kept;
    for (const double tick : ticks)
        if (kept.empty() || std::log10(tick) - std::log10(kept.back()) >= least) kept.push_back(tick);
    return kept;
}

std::vector<double> durationTicks(double lower, double upper, int wanted) {
    std::vector<double> ticks;
    if (!(upper > lower)) return ticks;
    static constexpr std::array<double, 20> steps = {1,   2,    5,    10,   15,    30,    60,    120,   300,    600,
                                                     900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800};
    const double raw = (upper - lower) / std::max(1, wanted);
    const auto found = std::lower_bound(steps.begin(), steps.end(), raw);
    const double step = found == steps.end() ? steps.back() : *found;
    for (double i = std::ceil(lower / step); i * step <= upper; ++i)
        ticks.push_back(i * step);
    return ticks;
}

int digitsFor(const std::vector<double>& ticks) {
    for (int digits = 0; digits < 7; ++digits) {
        const double factor = std::pow(10, digits);
        if (std::all_of(ticks.begin(), ticks.end(), [&](double tick) {
                return std::abs(tick * factor - std::round(tick * factor)) <
                       1e-6 * std::max(1.0, std::abs(tick * factor));
            }))
            return digits;
    }
    return 7;
}

QVector<double> RoundTicker::createTickVector(double, const QCPRange& range) {
    std::vector<double> ticks;
    switch (scale_) {
        case Scale::Linear:
            ticks = roundTicks(range.lower, range.upper, wanted_);
            break;
        case Scale::Log:
            ticks = logTicks(range.lower, range.upper, wanted_);
            break;
        case Scale::Duration:
            ticks = durationTicks(range.lower, range.upper, wanted_);
            break;
    }
    digits_ = digitsFor(ticks);
    return QVector<double>(ticks.begin(), ticks.end());
}

QString RoundTicker::getTickLabel(double tick, const QLocale&, QChar, int) {
    if (scale_ == Scale::Duration) return durationText(tick);
    if (grouped_) return countText(tick);
    if (std::abs(tick) >= 1e6 || (tick != 0 && std::abs(tick) < 1e-4)) return QString::number(tick, 'g', 3);
    return QLocale::c().toString(tick == 0 ? 0.0 : tick, 'f', digits_);
}

}  // namespace vl
