// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <span>
#include <vector>

#include <QPair>

namespace vl {

/// Finds the y range a chart shows. Our own, because one infinity freezes QCustomPlot's and a single spike would
/// flatten everything: noisy values count by their 0.5 % and 99.5 % quantiles. On a log axis values <= 0 do not count.
class RangeFinder {
public:
    explicit RangeFinder(bool log) : log_(log) {}
    void add(std::span<const double> x, std::span<const double> y, double lower, double upper);
    void addNoisy(std::span<const double> x, std::span<const double> y, double lower, double upper);
    /// With 4 % of air on both sides, inside the bounds; 0..1 (log: 0.1..10) without any value.
    QPair<double, double> range(std::optional<double> lowerBound, std::optional<double> upperBound) const;

private:
    void include(double value);
    bool log_, any_ = false;
    double low_ = 0, high_ = 0;
};

}  // namespace vl
