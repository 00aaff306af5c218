// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "engine/diffusion/ode_solver.h"

namespace vl {

/// A Butcher tableau. Stage 0 is the drift at the start of a step.
struct RungeKutta {
    int order = 1;
    std::vector<double> at;                  ///< where in the step stages 1, 2, ... are evaluated
    std::vector<std::vector<double>> stage;  ///< weights of the earlier stages in theirs
    std::vector<double> solution;            ///< weights of the stages in the result
    std::vector<double> error;               ///< likewise in the error estimate; empty for fixed methods
    std::vector<double> middle;              ///< likewise in the state half-way, for interpolation
};
const RungeKutta& rungeKutta(OdeMethod method);

}  // namespace vl
