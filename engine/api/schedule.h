// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "engine/api/settings.h"

namespace vl {

/// Soft-mask rate alpha at an optimiser step (models.md 3.4: standard, constant, linear with cut-off; and piecewise
/// from the editor). `stepsPerEpoch` n: linear is s * (1 - it / (m - 1)) for it < m = cutoff * n, exactly 0 at m - 1.
double softMaskAlpha(const SoftMaskSettings& settings, std::int64_t step, std::int64_t stepsPerEpoch);

/// Warm-up then cosine: lr * it / (w - 1) for it < w, then minLr + (lr - minLr)/2 * (1 + cos(pi * k / K)).
double learningRate(const TrainSettings& settings, std::int64_t step, std::int64_t stepsPerEpoch, std::int64_t totalSteps);

}  // namespace vl
