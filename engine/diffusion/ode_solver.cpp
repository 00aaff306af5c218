// SPDX-License-Identifier: Apache-2.0
#include "engine/diffusion/ode_solver.h"

#include <algorithm>
#include <cmath>

#include <ATen/TensorOperators.h>
#include <ATen/ops/max.h>
#include <ATen/ops/maximum.h>

#include "engine/core/error.h"
#include "engine/core/text.h"
#include "engine/diffusion/runge_kutta.h"

namespace vl {
namespace {

constexpr double kSafety = 0.9, kMostGrowth = 10, kMostShrink = 0.2;

/// dt * sum of weights times stages.
at::Tensor weighted(const std::vector<at::Tensor>& stages, const std::vector<double>& weights, double dt) {
    at::Tensor sum;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        if (weights[i] == 0) continue;
        const at::Tensor part = (weights[i] * dt) * stages[i];
        sum = sum.defined() ? sum + part : part;
    }
    return sum;
}

/// The small terms are summed among themselves first: step control feels the rounding of the other order.
at::Tensor combine(const at::Tensor& y, const std::vector<at::Tensor>& stages, const std::vector<double>& weights,
                   double dt) {
    return y + weighted(stages, weights, dt);
}

struct Step {
    std::vector<at::Tensor> stages;
    at::Tensor y;  ///< at the end
};

Step stepOnce(const RungeKutta& method, const OdeDrift& drift, const at::Tensor& y, const at::Tensor& slope,
              double from, double to) {
    const double dt = to - from;
    Step step{{slope}, {}};
    at::Tensor last;
    for (std::size_t i = 0; i < method.at.size(); ++i) {
        last = combine(y, step.stages, method.stage[i], dt);
        step.stages.push_back(drift(method.at[i] == 1 ? to : from + method.at[i] * dt, last));
    }
    // Where the last stage is already the result (first same as last), it is not summed again.
    const bool same = !method.stage.empty() && method.solution.back() == 0 &&
                      std::equal(method.stage.back().begin(), method.stage.back().end(), method.solution.begin());
    step.y = same ? last : combine(y, step.stages, method.solution, dt);
    return step;
}

double rootMeanSquare(const at::Tensor& values) { return std::sqrt(values.square().mean().item<double>()); }

/// Hairer, Norsett, Wanner: Solving Ordinary Differential Equations I, II.4, with two evaluations.
double firstStep(const OdeSettings& settings, int order, const OdeDrift& drift, double from, const at::Tensor& y,
                 const at::Tensor& slope) {
    const at::Tensor scale = settings.atol + y.abs() * settings.rtol;
    const double size = settings.norm(y / scale), speed = settings.norm(slope / scale);
    const double guess = size < 1e-5 || speed < 1e-5 ? 1e-6 : 0.01 * size / speed;
    const at::Tensor ahead = drift(from + guess, y + guess * slope);
    const double bend = settings.norm((ahead - slope) / scale) / guess;
    const double careful = speed <= 1e-15 && bend <= 1e-15 ? std::max(1e-6, guess * 1e-3)
                                                           : std::pow(0.01 / std::max(speed, bend), 1.0 / order);
    return std::min(100 * guess, careful);
}

/// Polynomial through both ends and the middle with the slopes of both ends, lowest power first.
std::vector<at::Tensor> interpolation(const at::Tensor& y0, const at::Tensor& middle, const Step& step, double dt) {
    const at::Tensor &f0 = step.stages.front(), &f1 = step.stages.back(), &y1 = step.y;
    return {y0, dt * f0, dt * (f1 - 4 * f0) - 11 * y0 - 5 * y1 + 16 * middle,
            dt * (5 * f0 - 3 * f1) + 18 * y0 + 14 * y1 - 32 * middle, 2 * dt * (f1 - f0) - 8 * (y1 + y0) + 16 * middle};
}

double nextStep(double dt, double error, int order) {
    if (std::isnan(error)) return error;
    if (error == 0) return dt * kMostGrowth;
    const double least = error < 1 ? 1 : kMostShrink;
    return dt * std::min(kMostGrowth, std::max(kSafety / std::pow(error, 1.0 / order), least));
}

enum Slot : std::size_t { kState, kSlope, kPolynomial };
enum Number : std::size_t { kStart, kEnd, kStep };

}  // namespace

at::Tensor OdeSolver::advance(const at::Tensor& y, double from, double to, OdeMemory& memory) const {
    const RungeKutta& method = rungeKutta(settings_.method);
    if (method.error.empty()) return stepOnce(method, drift_, y, drift_(from, y), from, to).y;
    OdeSettings settings = settings_;
    if (!settings.norm) settings.norm = rootMeanSquare;
    if (to >= from) return OdeSolver(settings, drift_).advanceAdaptive(y, from, to, memory);
    const OdeDrift mirrored = [this](double t, const at::Tensor& at) { return -drift_(-t, at); };
    return OdeSolver(settings, mirrored).advanceAdaptive(y, -from, -to, memory);
}

at::Tensor OdeSolver::advanceAdaptive(const at::Tensor& y, double from, double to, OdeMemory& memory) const {
    const RungeKutta& method = rungeKutta(settings_.method);
    if (memory.numbers.empty()) {
        const at::Tensor slope = drift_(from, y);
        memory.numbers = {from, from, firstStep(settings_, method.order, drift_, from, y, slope)};
        memory.tensors = {y, slope, y, 0 * y, 0 * y, 0 * y, 0 * y};
    }
    while (to > memory.numbers[kEnd]) {
        const double start = memory.numbers[kEnd], dt = memory.numbers[kStep];
        if (!(start + dt > start) || !std::isfinite(dt))
            throw Error(ErrorCode::NonFinite,
                        "The solver finds no step small enough near t = " + formatNumber(start) + ".",
                        "Loosen its tolerances, keep away from the end of time, or use a fixed-step method.");
        const at::Tensor y0 = memory.tensors[kState];
        const Step step = stepOnce(method, drift_, y0, memory.tensors[kSlope], start, start + dt);
        const at::Tensor allowed = settings_.atol + settings_.rtol * at::maximum(y0.abs(), step.y.abs());
        const double error = settings_.norm(weighted(step.stages, method.error, dt) / allowed);
        if (error <= 1) {
            memory.numbers[kStart] = start, memory.numbers[kEnd] = start + dt;
            std::vector<at::Tensor> polynomial =
                interpolation(y0, combine(y0, step.stages, method.middle, dt), step, dt);
            memory.tensors = {step.y, step.stages.back()};
            memory.tensors.insert(memory.tensors.end(), polynomial.begin(), polynomial.end());
        }
        memory.numbers[kStep] = nextStep(dt, error, method.order);
    }
    const double length = memory.numbers[kEnd] - memory.numbers[kStart];
    const double position = length > 0 ? (to - memory.numbers[kStart]) / length : 0;
    at::Tensor value = memory.tensors.back();
    for (std::size_t i = memory.tensors.size() - 1; i-- > kPolynomial;)
        value = value * position + memory.tensors[i];
    return value;
}

}  // namespace vl
