// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <span>
#include <vector>

#include <QString>

#include "widgets/smoothing.h"

namespace vl {

/// How a series is drawn.
enum class SeriesDraw {
    RawAndSmoothed,  ///< raw 1 px in a pale colour, smoothed 2 px on top
    Line,            ///< 2 px
    LineAndPoints,   ///< 2 px with a disc at every value (few values)
};

struct SeriesSpec {
    QString name;             ///< in legend and exports
    int colour = 0;           ///< index of the theme's series colours
    SeriesDraw draw = SeriesDraw::Line;
    bool rightAxis = false;
    int decimals = 3;         ///< of the read-out
    bool endLabel = false;    ///< writes the name at the end of the line
    bool front = false;       ///< the selected one: drawn above the others
    int dash = 0;             ///< 0 solid; more than four lines of one chart take 1, 2 ...
};

/// What the legend says at one place.
struct SeriesReading {
    double x = 0, value = 0;
    std::optional<double> raw;
};

/// The values of one series. Non-finite ones are kept apart, because they have no place on an axis but must be seen.
class SeriesData {
public:
    void setSmoothing(double beta);
    void assign(std::span<const double> x, std::span<const double> y);
    void append(std::span<const double> x, std::span<const double> y);
    void clear();

    bool empty() const { return x_.empty(); }
    std::span<const double> x() const { return x_; }           ///< finite values only, ascending
    std::span<const double> raw() const { return raw_; }
    std::span<const double> smoothed() const { return smoothed_; }
    std::span<const double> nonFiniteX() const { return nonFinite_; }
    /// The value at or before x; the first one left of it all. Empty without values.
    std::optional<SeriesReading> at(double x) const;

private:
    void sortIfNeeded(std::size_t from);
    std::vector<double> x_, raw_, smoothed_, nonFinite_;
    double beta_ = 0;
    DebiasedEma ema_;
};

}  // namespace vl
