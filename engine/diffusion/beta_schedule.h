// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

namespace vl {

enum class BetaSchedule { Linear, Cosine };

/// Noise added by each of `steps` steps, float64 (models.md 7.4). Linear: 1e-4 to 0.02, both times 1000 / steps.
/// Throws Error(Usage) for a count outside 1 to 100,000, or one so small that a linear step would pass 1.
std::vector<double> betaSchedule(BetaSchedule schedule, int steps);

/// The original steps that a respacing keeps, ascending. "" keeps all; "N" or "N,M,..." cuts the process into as many
/// equal sections and spreads the counts over them; "ddimN" takes the smallest stride with exactly N steps from 0.
/// Throws Error(Usage) for what the process cannot give.
std::vector<int> respacedSteps(int steps, std::string_view respacing);

/// The betas of a process that visits only `kept` steps of the one with `betas`.
std::vector<double> respacedBetas(const std::vector<double>& betas, const std::vector<int>& kept);

/// What a process with given betas needs, float64, one entry a step; names as in the published code.
struct DiffusionTables {
    explicit DiffusionTables(std::vector<double> betas);

    std::vector<double> betas;
    std::vector<double> alphasCumprod;      ///< share of the picture's variance that is left after the step
    std::vector<double> alphasCumprodPrev;  ///< before the step: starts with 1
    std::vector<double> alphasCumprodNext;  ///< ends with 0
    std::vector<double> sqrtAlphasCumprod, sqrtOneMinusAlphasCumprod, logOneMinusAlphasCumprod;
    std::vector<double> sqrtRecipAlphasCumprod, sqrtRecipm1AlphasCumprod;
    std::vector<double> posteriorVariance;
    std::vector<double> posteriorLogVarianceClipped;  ///< the first variance is 0: the second stands in for it
    std::vector<double> posteriorMeanCoef1;           ///< of x0
    std::vector<double> posteriorMeanCoef2;           ///< of x_t
};

}  // namespace vl
