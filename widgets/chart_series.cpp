// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/chart_series.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace vl {

void SeriesData::setSmoothing(double beta) {
    beta_ = beta;
    ema_ = DebiasedEma(beta);
    smoothed_.clear();
    smoothed_.reserve(raw_.size());
    for (const double value : raw_) smoothed_.push_back(ema_.add(value));
}

void SeriesData::assign(std::span<const double> x, std::span<const double> y) {
    clear();
    append(x, y);
}

void SeriesData::append(std::span<const double> x, std::span<const double> y) {
    const std::size_t count = std::min(x.size(), y.size()), from = x_.size();
    for (std::size_t i = 0; i < count; ++i) {
        if (!std::isfinite(x[i])) continue;
        if (!std::isfinite(y[i])) {
            nonFinite_.push_back(x[i]);
            continue;
        }
        x_.push_back(x[i]);
        raw_.push_back(y[i]);
        smoothed_.push_back(ema_.add(y[i]));
    }
    sortIfNeeded(from);
}

void SeriesData::clear() {
    x_.clear(), raw_.clear(), smoothed_.clear(), nonFinite_.clear();
    ema_ = DebiasedEma(beta_);
}

void SeriesData::sortIfNeeded(std::size_t from) {
    const auto begin = x_.begin() + std::ptrdiff_t(from > 0 ? from - 1 : 0);
    if (std::is_sorted(begin, x_.end())) return;
    std::vector<std::size_t> order(x_.size());
    std::iota(order.begin(), order.end(), 0u);
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return x_[a] < x_[b]; });
    std::vector<double> x(order.size()), raw(order.size());
    for (std::size_t i = 0; i < order.size(); ++i) x[i] = x_[order[i]], raw[i] = raw_[order[i]];
    x_ = std::move(x), raw_ = std::move(raw);
    setSmoothing(beta_);
}

std::optional<SeriesReading> SeriesData::at(double x) const {
    if (x_.empty()) return std::nullopt;
    auto index = std::size_t(std::upper_bound(x_.begin(), x_.end(), x) - x_.begin());
    index = index > 0 ? index - 1 : 0;
    return SeriesReading{x_[index], smoothed_[index], raw_[index]};
}

}  // namespace vl
