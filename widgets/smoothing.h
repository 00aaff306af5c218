// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace vl {

/// Exponential moving average without the start-up bias: after n values m_n = beta m_{n-1} + (1 - beta) y_n, m_0 = 0,
/// shown as m_n / (1 - beta^n). beta 0 gives the values back; beta is kept within [0, 0.999].
class DebiasedEma {
public:
    explicit DebiasedEma(double beta = 0);
    double add(double value);

private:
    double beta_ = 0, mean_ = 0, power_ = 1;
};

/// The whole series in order; values must be finite.
std::vector<double> debiasedEma(std::span<const double> values, double beta);

struct Thinned {
    std::vector<double> x, y;
};
/// At most about `bins` points of (x, y) between `lower` and `upper` plus one neighbour on each side: the mean of each
/// equal stretch of x. Fewer points than bins come back as they are. x ascending.
Thinned thinned(std::span<const double> x, std::span<const double> y, double lower, double upper, std::size_t bins);

}  // namespace vl
