// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>

#include <ATen/core/Tensor.h>

namespace vl {

/// Shares of 0 to 1.
struct PrecisionRecall {
    double precision = 0;  ///< of the samples, those that lie where the reference is
    double recall = 0;     ///< of the reference, those that lie where the samples are
};

struct PrecisionRecallOptions {
    int neighbours = 3;
    std::int64_t rows = 1024, columns = 4096;  ///< distances held at a time: 32 MiB
    std::function<void(double)> progress;      ///< told the share done
};

/// Improved precision and recall (Kynkaanniemi et al. 2019, arXiv:1904.06991), with the evaluation suite's 3
/// neighbours: a set's manifold is the union of balls about its features, each reaching to its third nearest neighbour.
/// The only measure that needs all features at once: reference [N, D], samples [M, D]; time grows with (N + M)^2 D.
/// Throws Error(Mismatch) for different D, Error(Usage) for sets of no more than `neighbours`.
PrecisionRecall precisionRecall(const at::Tensor& reference, const at::Tensor& samples,
                                const PrecisionRecallOptions& options = {});

/// [N] float64: squared distance of each of features [N, D] to its nearest neighbour but `neighbours` - 1.
at::Tensor manifoldRadii(const at::Tensor& features, const PrecisionRecallOptions& options = {});

}  // namespace vl
