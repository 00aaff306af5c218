// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include <ATen/core/Tensor.h>

namespace vl {

using OdeDrift = std::function<at::Tensor(double t, const at::Tensor& y)>;

/// Fixed methods take one step an interval (Rk4 is the 3/8 rule); the others choose their own and interpolate. Names,
/// coefficients and step control are those of torchdiffeq, so that its numbers are met.
enum class OdeMethod { Euler, Midpoint, Heun2, Heun3, Rk4, Dopri5, Bosh3, AdaptiveHeun };
/// "euler", "midpoint", "heun2", "heun3", "rk4", "dopri5", "bosh3", "adaptive_heun". Throws Error(Usage) for others.
OdeMethod odeMethodNamed(std::string_view name);
bool isAdaptive(OdeMethod method);

struct OdeSettings {
    OdeMethod method = OdeMethod::Dopri5;
    double rtol = 1e-3, atol = 1e-6;  ///< of adaptive methods; the error norm runs over the whole batch
    /// Size of a scaled state or error; root mean square where empty.
    std::function<double(const at::Tensor&)> norm = {};
};

/// What an adaptive method carries between intervals; empty before the first and for fixed methods.
struct OdeMemory {
    std::vector<at::Tensor> tensors;
    std::vector<double> numbers;
};

class OdeSolver {
public:
    OdeSolver(OdeSettings settings, OdeDrift drift) : settings_(std::move(settings)), drift_(std::move(drift)) {}
    /// y at `from` to y at `to`, which may be earlier. Intervals must follow each other while `memory` is kept.
    /// Throws Error(NonFinite) when no step is small enough.
    at::Tensor advance(const at::Tensor& y, double from, double to, OdeMemory& memory) const;

private:
    at::Tensor advanceAdaptive(const at::Tensor& y, double from, double to, OdeMemory& memory) const;
    OdeSettings settings_;
    OdeDrift drift_;
};

}  // namespace vl
