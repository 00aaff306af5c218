// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/smoothing.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace vl {

DebiasedEma::DebiasedEma(double beta) : beta_(std::clamp(beta, 0.0, 0.999)) {}

double DebiasedEma::add(double value) {
    mean_ = beta_ * mean_ + (1 - beta_) * value;
    power_ *= beta_;
    return mean_ / (1 - power_);
}

std::vector<double> debiasedEma(std::span<const double> values, double beta) {
    DebiasedEma ema(beta);
    std::vector<double> out;
    out.reserve(values.size());
    for (const double value : values) out.push_back(ema.add(value));
    return out;
}

Thinned thinned(std::span<const double> x, std::span<const double> y, double lower, double upper, std::size_t bins) {
    auto first = std::size_t(std::lower_bound(x.begin(), x.end(), lower) - x.begin());
    auto last = std::size_t(std::upper_bound(x.begin(), x.end(), upper) - x.begin());
    first = first > 0 ? first - 1 : 0;
    last = std::min(last + 1, x.size());
    Thinned out;
    if (first >= last) return out;
    if (last - first <= std::max<std::size_t>(bins, 2)) {
        out.x.assign(x.begin() + std::ptrdiff_t(first), x.begin() + std::ptrdiff_t(last));
        out.y.assign(y.begin() + std::ptrdiff_t(first), y.begin() + std::ptrdiff_t(last));
        return out;
    }
    // Bins at fixed places (multiples of their width) keep the line still while the range follows a growing run.
    const double width = (upper - lower) / double(std::max<std::size_t>(bins, 1));
    std::size_t i = first;
    while (i < last) {
        const double edge = (std::floor(x[i] / width) + 1) * width;
        double sumX = 0, sumY = 0;
        std::size_t n = 0;
        do {
            sumX += x[i], sumY += y[i], ++n, ++i;
        } while (i < last && x[i] < edge);
        out.x.push_back(sumX / double(n));
        out.y.push_back(sumY / double(n));
    }
    // The newest value must be exact: the read-out and the end label stand on it.
    out.x.push_back(x[last - 1]);
    out.y.push_back(y[last - 1]);
    return out;
}

}  // namespace vl
