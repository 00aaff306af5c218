// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include <ATen/core/Tensor.h>

namespace vl {

/// exp of the mean Kullback-Leibler divergence of each picture's classes from those of its split (Salimans et al.
/// 2016), averaged over splits of `splitSize` pictures in order, the last one smaller: as the evaluation suite of
/// guided-diffusion does. Holds K numbers, whatever the count.
class InceptionScore {
public:
    explicit InceptionScore(std::int64_t splitSize = 5000);
    /// probabilities [B, K], rows that sum to 1. Throws Error(Mismatch) for another K, Error(NonFinite).
    void add(const at::Tensor& probabilities);
    std::int64_t count() const { return count_; }
    /// Between 1 and K. Throws Error(Usage) before the first.
    double value() const;

private:
    void addToSplit(const at::Tensor& part);
    double splitScore() const;

    std::int64_t splitSize_, count_ = 0, inSplit_ = 0;
    at::Tensor sum_;         ///< of the split's probabilities, [K] float64
    double negentropy_ = 0;  ///< of the split: sum of p log p
    std::vector<double> finished_;
};

}  // namespace vl
