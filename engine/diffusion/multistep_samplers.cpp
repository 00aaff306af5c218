// SPDX-License-Identifier: Apache-2.0
#include "engine/diffusion/multistep_samplers.h"

#include <algorithm>
#include <cmath>
#include <string>

#include <ATen/TensorOperators.h>
#include <ATen/ops/full.h>

#include "engine/core/error.h"

namespace vl {
namespace {

/// Solves a small dense system by elimination with row exchange.
std::vector<double> solve(std::vector<std::vector<double>> rows, std::vector<double> right) {
    const std::size_t n = right.size();
    for (std::size_t column = 0; column < n; ++column) {
        std::size_t best = column;
        for (std::size_t row = column + 1; row < n; ++row)
            if (std::abs(rows[row][column]) > std::abs(rows[best][column])) best = row;
        std::swap(rows[column], rows[best]);
        std::swap(right[column], right[best]);
        for (std::size_t row = 0; row < n; ++row) {
            if (row == column) continue;
            const double factor = rows[row][column] / rows[column][column];
            for (std::size_t i = column; i < n; ++i)
                rows[row][i] -= factor * rows[column][i];
            right[row] -= factor * right[column];
        }
    }
    for (std::size_t i = 0; i < n; ++i)
        right[i] /= rows[i][i];
    return right;
}

/// Weights of the divided differences at `ratios` (in units of the step) that make the exponential integrator exact
/// for polynomials of that degree: sum of ratio^k * weight = (k + 1)! phi_{k+2}(-h) / B2(h).
std::vector<double> unifiedWeights(const std::vector<double>& ratios, double h) {
    const double scale = std::expm1(-h);
    std::vector<std::vector<double>> rows;
    std::vector<double> right;
    double phi = scale / -h - 1, factorial = 1;
    for (std::size_t k = 0; k < ratios.size(); ++k) {
        std::vector<double> row;
        for (const double ratio : ratios)
            row.push_back(std::pow(ratio, static_cast<double>(k)));
        rows.push_back(std::move(row));
        right.push_back(phi * factorial / scale);
        factorial *= static_cast<double>(k + 2);
        phi = phi / -h - 1 / factorial;
    }
    return solve(std::move(rows), std::move(right));
}

}  // namespace

SolverPlan solverPlan(const GaussianDiffusion& process, bool clip) {
    SolverPlan plan;
    const int steps = process.steps();
    for (int k = steps - 1; k >= 0; --k) {
        const auto at = static_cast<std::size_t>(k);
        plan.levels.push_back({process.tables().sqrtAlphasCumprod[at], process.tables().sqrtOneMinusAlphasCumprod[at],
                               static_cast<double>(process.originalSteps()[at])});
    }
    plan.levels.push_back({1, 0, 0});
    plan.clean = [process, clip, steps](const at::Tensor& output, const at::Tensor& x, int i) {
        return process.predict(output, x, at::full({x.size(0)}, steps - 1 - i, at::kLong), clip).clean;
    };
    return plan;
}

SolverPlan solverPlan(const Transport& transport, int points) {
    if (points < 2) throw Error(ErrorCode::Usage, "A chain needs at least two points in time.", "Usual are 10 to 50.");
    SolverPlan plan;
    const TimeInterval times = transport.samplingInterval({});
    for (int i = 0; i < points; ++i) {
        const double t = i + 1 == points ? times.to : times.from + i * ((times.to - times.from) / (points - 1));
        const PathPoint at = pathAt(transport.settings().path, t);
        plan.levels.push_back({at.alpha, at.sigma, t});
    }
    plan.clean = [transport, levels = plan.levels](const at::Tensor& output, const at::Tensor& x, int i) {
        return transport.clean(output, x, levels[static_cast<std::size_t>(i)].time);
    };
    return plan;
}

SolverPlan logSnrPlan(const GaussianDiffusion& process, int steps, bool clip) {
    if (steps < 2 || steps > process.steps())
        throw Error(ErrorCode::Usage,
                    "A chain of " + std::to_string(steps) + " steps does not fit a process of " +
                        std::to_string(process.steps()) + ".",
                    "Usual are 10 to 50.");
    const DiffusionTables& tables = process.tables();
    const auto ratio = [&](int k) {
        const auto at = static_cast<std::size_t>(k);
        return std::log(tables.sqrtAlphasCumprod[at] / tables.sqrtOneMinusAlphasCumprod[at]);
    };
    const double noisiest = ratio(process.steps() - 1), cleanest = ratio(0);
    SolverPlan plan;
    std::vector<int> chosen;
    int k = process.steps();
    for (int i = 0; i < steps; ++i) {
        const double wanted = noisiest + (cleanest - noisiest) * i / (steps - 1);
        // Steps lie far apart in log-SNR at the clean end: each is taken once, and enough are left for the rest.
        k = std::max(k - 1, steps - 1 - i);
        while (k > steps - 1 - i && std::abs(ratio(k - 1) - wanted) <= std::abs(ratio(k) - wanted))
            --k;
        chosen.push_back(k);
        const auto at = static_cast<std::size_t>(k);
        plan.levels.push_back({tables.sqrtAlphasCumprod[at], tables.sqrtOneMinusAlphasCumprod[at],
                               static_cast<double>(process.originalSteps()[at])});
    }
    plan.levels.push_back({1, 0, 0});
    plan.clean = [process, clip, chosen](const at::Tensor& output, const at::Tensor& x, int i) {
        const at::Tensor step = at::full({x.size(0)}, chosen[static_cast<std::size_t>(i)], at::kLong);
        return process.predict(output, x, step, clip).clean;
    };
    return plan;
}

MultistepSampler::MultistepSampler(SolverPlan plan, DenoiseFunction model, at::Tensor start)
    : Sampler(std::move(model), std::move(start)), plan_(std::move(plan)) {
    if (plan_.levels.size() < 2)
        throw Error(ErrorCode::Usage, "A chain needs at least two points in time.", "Usual are 10 to 50.");
}

double MultistepSampler::logSnr(int i) const { return std::log(level(i).signal / level(i).noise); }

at::Tensor MultistepSampler::predict() {
    state_.clean = plan_.clean(call(x(), level(state_.step).time), x(), state_.step);
    return state_.clean;
}

void DpmSolver2MSampler::advance() {
    const int i = state_.step;
    const at::Tensor picture = predict();
    const NoiseLevel now = level(i), next = level(i + 1);
    const double h = logSnr(i + 1) - logSnr(i);
    at::Tensor aim = picture;
    if (!state_.memory.empty() && std::isfinite(h)) {
        const double share = h / (2 * (logSnr(i) - logSnr(i - 1)));  // 0 after a start without any signal
        aim = (1 + share) * picture - share * state_.memory[0];
    }
    state_.x = (next.noise / now.noise) * x() - (next.signal * std::expm1(-h)) * aim;
    state_.memory = {picture};
}

UniPcSampler::UniPcSampler(SolverPlan plan, DenoiseFunction model, at::Tensor start, int order)
    : MultistepSampler(std::move(plan), std::move(model), std::move(start)), order_(order) {
    if (order < 1 || order > 3)
        throw Error(ErrorCode::Usage, "UniPC has orders 1 to 3.", "Usual is 2 with guidance, 3 without.");
}

/// Steps from or to an infinite log-SNR are of first order, and so is what would look back over one.
int UniPcSampler::orderAt(int i) const {
    int order = 1;
    if (!std::isfinite(logSnr(i + 1)) || !std::isfinite(logSnr(i))) return order;
    while (order < order_ && i - order >= 0 && std::isfinite(logSnr(i - order)))
        ++order;
    return order;
}

at::Tensor UniPcSampler::move(const at::Tensor& x, int from, const std::vector<at::Tensor>& pictures, int order,
                              const at::Tensor& ahead) const {
    const NoiseLevel now = level(from), next = level(from + 1);
    const double h = logSnr(from + 1) - logSnr(from), scale = std::expm1(-h);
    const at::Tensor& newest = pictures[0];
    const at::Tensor base = (next.noise / now.noise) * x - (next.signal * scale) * newest;
    std::vector<double> ratios;
    std::vector<at::Tensor> slopes;
    for (int k = 1; k < order; ++k) {
        ratios.push_back((logSnr(from - k) - logSnr(from)) / h);
        slopes.push_back((pictures[static_cast<std::size_t>(k)] - newest) / ratios.back());
    }
    if (ahead.defined()) {
        ratios.push_back(1);
        slopes.push_back(ahead - newest);
    }
    if (ratios.empty() || !std::isfinite(h)) return base;
    // One difference alone: the published choice of one half keeps the order and the step cheap.
    const std::vector<double> weights = ratios.size() == 1 ? std::vector<double>{0.5} : unifiedWeights(ratios, h);
    at::Tensor correction = weights[0] * slopes[0];
    for (std::size_t k = 1; k < slopes.size(); ++k)
        correction = correction + weights[k] * slopes[k];
    return base - (next.signal * scale) * correction;
}

void UniPcSampler::advance() {
    const int i = state_.step;
    const at::Tensor picture = predict();
    // memory: the state the last step came from, then the predictions, newest first.
    at::Tensor corrected = x();
    std::vector<at::Tensor> pictures;
    if (i > 0) {
        pictures.assign(state_.memory.begin() + 1, state_.memory.end());
        corrected = move(state_.memory[0], i - 1, pictures, orderAt(i - 1), picture);
    }
    pictures.insert(pictures.begin(), picture);
    if (static_cast<int>(pictures.size()) > order_) pictures.resize(static_cast<std::size_t>(order_));
    state_.x = move(corrected, i, pictures, orderAt(i), {});
    state_.memory = std::move(pictures);
    state_.memory.insert(state_.memory.begin(), corrected);
}

}  // namespace vl
