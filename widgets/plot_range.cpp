// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plot_range.h"

#include <algorithm>
#include <cmath>

namespace vl {
namespace {

std::span<const double> visible(std::span<const double> x, std::span<const double> y, double lower, double upper) {
    const auto first = std::lower_bound(x.begin(), x.end(), lower) - x.begin();
    const auto last = std::upper_bound(x.begin(), x.end(), upper) - x.begin();
    return first < last ? y.subspan(std::size_t(first), std::size_t(last - first)) : std::span<const double>{};
}

}  // namespace

void RangeFinder::include(double value) {
    if (!std::isfinite(value) || (log_ && value <= 0)) return;
    low_ = any_ ? std::min(low_, value) : value;
    high_ = any_ ? std::max(high_, value) : value;
    any_ = true;
}

void RangeFinder::add(std::span<const double> x, std::span<const double> y, double lower, double upper) {
    for (const double value : visible(x, y, lower, upper)) include(value);
}

void RangeFinder::addNoisy(std::span<const double> x, std::span<const double> y, double lower, double upper) {
    const auto seen = visible(x, y, lower, upper);
    // A few thousand evenly spaced samples place the quantiles well enough for an axis.
    const std::size_t stride = std::max<std::size_t>(1, seen.size() / 4096);
    std::vector<double> sample;
    for (std::size_t i = 0; i < seen.size(); i += stride)
        if (std::isfinite(seen[i]) && (!log_ || seen[i] > 0)) sample.push_back(seen[i]);
    if (sample.empty()) return;
    std::sort(sample.begin(), sample.end());
    const auto at = [&](double share) { return sample[std::size_t(share * double(sample.size() - 1))]; };
    include(at(0.005));
    include(at(0.995));
}

QPair<double, double> RangeFinder::range(std::optional<double> lowerBound, std::optional<double> upperBound) const {
    double low = low_, high = high_;
    if (!any_) {
        low = log_ ? 0.1 : lowerBound.value_or(0), high = log_ ? 10 : upperBound.value_or(low + 1);
        return {low, high > low ? high : low + 1};
    }
    if (log_) {
        const double air = high > low ? std::pow(high / low, 0.04) : 1.5;
        return {low / air, high * air};
    }
    const double size = high - low;
    const double air = size > 0 ? size * 0.04 : std::max(std::abs(high) * 0.1, 1e-9);
    low -= air, high += air;
    if (lowerBound) low = std::max(low, *lowerBound);
    if (upperBound) high = std::min(high, *upperBound);
    if (!(high > low)) high = low + 1;
    return {low, high};
}

}  // namespace vl
