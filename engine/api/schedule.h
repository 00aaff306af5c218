// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "engine/api/settings.h"

namespace vl {

/// Soft-mask rate alpha at an optimiser step (models.md 3.4: standard, constant, linear with cut-off; and piecewise
/// from the editor). `stepsPerEpoch` n: linear is s * (1 - it / (m - 1)) for it < m = cutoff * n, exactly 0 at m - 1.
double softMaskAlpha(const SoftMaskSettings& settings, std::int64_t step, std::int64_t stepsPerEpoch);

/// Cosine: lr * it / (w - 1) for it < w, then minLr + (lr - minLr)/2 * (1 + cos(pi * k / K)).
/// Poly and steps warm up from a factor of 1e-6 and 1e-3 instead of 0 (models.md 8.4, 9.1); poly then falls linearly to
/// minLr in the last step, steps is divided by ten at every epoch of rateDrops.
double learningRate(const TrainSettings& settings, std::int64_t step, std::int64_t stepsPerEpoch, std::int64_t totalSteps);

}  // namespace vl
