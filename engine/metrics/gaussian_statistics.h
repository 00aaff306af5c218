// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <ATen/core/Tensor.h>

namespace vl {

/// Mean and covariance of features that come in batches; holds D x D numbers whatever their count.
class GaussianStatistics {
public:
    /// features [B, D], any floating type. Throws Error(Mismatch) for another D, Error(NonFinite).
    void add(const at::Tensor& features);
    std::int64_t count() const { return count_; }
    /// [D] float64. Throws Error(Usage) before the first.
    at::Tensor mean() const;
    /// [D, D] float64, unbiased. Throws Error(Usage) for fewer than two.
    at::Tensor covariance() const;

private:
    std::int64_t count_ = 0;
    at::Tensor mean_, scatter_;  ///< scatter: sum of outer products about the mean (Chan's update)
};

/// |m1 - m2|^2 + tr(c1 + c2 - 2 (c1 c2)^(1/2)) in float64, all [D] and [D, D]; small negative eigenvalues count as
/// zero. Throws Error(Mismatch | NonFinite).
double frechetDistance(const at::Tensor& mean1, const at::Tensor& covariance1, const at::Tensor& mean2,
                       const at::Tensor& covariance2);

}  // namespace vl
