// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <ATen/core/Tensor.h>

namespace vl {

/// Names one draw of stochastic depth. Nothing else enters, so a resumed run draws the same samples.
struct DropPathKey {
    std::uint64_t seed = 0;
    std::int64_t step = 0;
    int layer = 0;
    int branch = 0;                ///< 0 attention, 1 feed-forward
    std::int64_t firstSample = 0;  ///< where the first sample stands in the step's batch
};

/// Per-sample factors [B] of a residual branch: 0 with probability `rate`, otherwise 1 / (1 - rate) (models.md 1.5).
at::Tensor dropPathFactors(std::int64_t batch, double rate, const DropPathKey& key);

/// branch [B, ...] times its sample's factor; the branch itself when rate is 0.
at::Tensor dropPath(const at::Tensor& branch, double rate, const DropPathKey& key);

/// The linear rule over layers: rate * layer / (depth - 1), 0 for a single layer.
double dropPathRate(double rate, int layer, int depth);

}  // namespace vl
