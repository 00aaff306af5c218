// SPDX-License-Identifier: Apache-2.0
#include "engine/diffusion/ode_solver.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include <ATen/TensorOperators.h>
#include <ATen/ops/full.h>

#include "engine/core/error.h"

namespace vl {
namespace {

at::Tensor one(double value) { return at::full({1}, value, at::kDouble); }

// y' = cos(t) y from 1 has the answer exp(sin t).
double errorAfter(OdeMethod method, int intervals) {
    const OdeSolver solver({.method = method, .rtol = 1e-9, .atol = 1e-12},
                           [](double t, const at::Tensor& y) { return std::cos(t) * y; });
    at::Tensor y = one(1);
    OdeMemory memory;
    for (int i = 0; i < intervals; ++i)
        y = solver.advance(y, 2.0 * i / intervals, 2.0 * (i + 1) / intervals, memory);
    return std::abs(y.item<double>() - std::exp(std::sin(2.0)));
}

TEST(OdeSolver, FixedMethodsConvergeWithTheirOrder) {
    const std::pair<OdeMethod, int> orders[] = {{OdeMethod::Euler, 1},
                                                {OdeMethod::Midpoint, 2},
                                                {OdeMethod::Heun2, 2},
                                                {OdeMethod::Heun3, 3},
                                                {OdeMethod::Rk4, 4}};
    for (const auto& [method, order] : orders) {
        EXPECT_NEAR(std::log2(errorAfter(method, 64) / errorAfter(method, 128)), order, 0.25) << order;
        EXPECT_FALSE(isAdaptive(method));
    }
}

TEST(OdeSolver, AdaptiveMethodsReachTheirToleranceAtEveryPoint) {
    for (const OdeMethod method : {OdeMethod::Dopri5, OdeMethod::Bosh3})
        for (const int intervals : {1, 7, 100})
            EXPECT_LT(errorAfter(method, intervals), 1e-6);
    EXPECT_LT(errorAfter(OdeMethod::Dopri5, 1), 1e-8);
}

TEST(OdeSolver, RunsBackwardsToWhereItCameFrom) {
    for (const OdeMethod method : {OdeMethod::Rk4, OdeMethod::Dopri5}) {
        const OdeSolver solver({.method = method, .rtol = 1e-9, .atol = 1e-12},
                               [](double t, const at::Tensor& y) { return std::cos(t) * y - 0.1 * y.pow(3); });
        OdeMemory there, back;
        const at::Tensor end = solver.advance(one(0.8), 0, 0.1, there);
        EXPECT_NEAR(solver.advance(end, 0.1, 0, back).item<double>(), 0.8, 1e-7);
    }
}

TEST(OdeSolver, SaysWhenNoStepIsSmallEnough) {
    const OdeSolver blowUp({}, [](double, const at::Tensor& y) { return 1 / (y - y); });
    const OdeSolver pole({.rtol = 1e-6}, [](double, const at::Tensor& y) { return y * y; });  // 1 / (1 - t)
    OdeMemory first, second;
    EXPECT_THROW(blowUp.advance(one(1), 0, 1, first), Error);
    EXPECT_THROW(pole.advance(one(1), 0, 2, second), Error);
}

TEST(OdeSolver, NamesAreThoseOfTheRecordedCases) {
    EXPECT_EQ(odeMethodNamed("rk4"), OdeMethod::Rk4);
    EXPECT_EQ(odeMethodNamed("dopri5"), OdeMethod::Dopri5);
    EXPECT_THROW(odeMethodNamed("RK4"), Error);
}

}  // namespace
}  // namespace vl
