// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace vl {

/// How noise (t = 0) turns into a picture (t = 1): x_t = alpha(t) picture + sigma(t) noise (models.md 7.6).
enum class PathKind { Linear, Gvp, Vp };

/// A path at one time. Ratios that have a pole there are infinite; nothing is guarded, as published.
struct PathPoint {
    double alpha = 0, alphaRate = 0;  ///< of the picture, and its derivative by t
    double sigma = 0, sigmaRate = 0;  ///< of the noise
    double ratio = 0;                 ///< alphaRate / alpha, in the form that stays exact where alpha is small
    /// The forward process of the path in the notation of SDEs: drift is drift * x, and the variance it adds.
    double drift = 0, driftVariance = 0;
};
PathPoint pathAt(PathKind path, double t);

/// w(t) of the stochastic sampler: how much noise a step puts in and takes out again.
enum class DiffusionForm { Constant, Sbdm, Sigma, Linear, Decreasing, IncreasingDecreasing };
/// `norm` scales the form. IncreasingDecreasing works here although a misspelt key keeps it from running as published.
double diffusionCoefficient(DiffusionForm form, PathKind path, double t, double norm = 1);

/// "Linear", "GVP", "VP"; "constant", "SBDM", "sigma", "linear", "decreasing", "increasing-decreasing".
/// Throw Error(Usage) for other names.
PathKind pathNamed(std::string_view name);
DiffusionForm diffusionFormNamed(std::string_view name);

}  // namespace vl
