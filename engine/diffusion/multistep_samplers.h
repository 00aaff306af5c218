// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <vector>

#include "engine/diffusion/gaussian_diffusion.h"
#include "engine/diffusion/sampler.h"
#include "engine/diffusion/transport.h"

namespace vl {

/// What a solver in log-SNR time needs of a process: the levels it stops at, from noisy to clean, and how the model's
/// output at level i reads as a predicted picture.
struct SolverPlan {
    std::vector<NoiseLevel> levels;
    std::function<at::Tensor(const at::Tensor& output, const at::Tensor& x, int i)> clean;
};
/// Every step of the (respaced) process, then the picture itself.
SolverPlan solverPlan(const GaussianDiffusion& process, bool clip = false);
/// `points` evenly spaced times of the flow's sampling interval. Throws Error(Usage) as the ODE sampler does.
SolverPlan solverPlan(const Transport& transport, int points);
/// `steps` + 1 levels evenly spaced in log-SNR, which a few steps want: from the noisiest step of the whole process over
/// the nearest steps it has to its cleanest, then the picture. Throws Error(Usage) for fewer than 2 or more than the
/// process has.
SolverPlan logSnrPlan(const GaussianDiffusion& process, int steps, bool clip = false);

/// Chains on a plan: one model call a step, earlier predictions raise the order. A last level without noise is reached
/// with first order, which is exact in its limit.
class MultistepSampler : public Sampler {
public:
    int steps() const override { return static_cast<int>(plan_.levels.size()) - 1; }
    NoiseLevel level(int i) const override { return plan_.levels.at(static_cast<std::size_t>(i)); }

protected:
    MultistepSampler(SolverPlan plan, DenoiseFunction model, at::Tensor start);
    double logSnr(int i) const;  ///< half of it: log(signal / noise)
    at::Tensor predict();        ///< one model call at the state; left in the state as well

private:
    SolverPlan plan_;
};

/// DPM-Solver++(2M): Lu et al., "DPM-Solver++: Fast Solver for Guided Sampling of Diffusion Probabilistic Models",
/// algorithm 2.
class DpmSolver2MSampler final : public MultistepSampler {
public:
    DpmSolver2MSampler(SolverPlan plan, DenoiseFunction model, at::Tensor start)
        : MultistepSampler(std::move(plan), std::move(model), std::move(start)) {}

protected:
    void advance() override;
};

/// UniPC: Zhao et al., "UniPC: A Unified Predictor-Corrector Framework for Fast Sampling of Diffusion Models", B2(h),
/// predicting the picture. The corrector reuses the call of the next step, so it costs none.
class UniPcSampler final : public MultistepSampler {
public:
    /// Throws Error(Usage) for an order outside 1 to 3.
    UniPcSampler(SolverPlan plan, DenoiseFunction model, at::Tensor start, int order = 2);

protected:
    void advance() override;

private:
    /// x at level `from` moved to level from + 1. `pictures` holds the predictions at levels from, from - 1, ...
    /// (order of them); `ahead` the one at from + 1, or nothing in a predictor.
    at::Tensor move(const at::Tensor& x, int from, const std::vector<at::Tensor>& pictures, int order,
                    const at::Tensor& ahead) const;
    int orderAt(int i) const;
    int order_;
};

}  // namespace vl
