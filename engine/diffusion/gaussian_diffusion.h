// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "engine/diffusion/beta_schedule.h"

namespace vl {

/// Velocity: sqrt(abar) noise - sqrt(1 - abar) x0 (Salimans and Ho 2022), which no published DiT uses; it stays well
/// conditioned where a step is nearly all noise.
enum class DiffusionPrediction { Noise, Clean, Velocity };
/// LearnedRange: the second half of the channels interpolates between the two fixed choices (models.md 7.4).
enum class DiffusionVariance { LearnedRange, FixedSmall, FixedLarge };
/// Mse adds the variational term where the variance is learned; RescaledMse multiplies it by steps / 1000; the Kl forms
/// are the variational bound alone, RescaledKl times the number of steps.
enum class DiffusionLoss { Mse, RescaledMse, Kl, RescaledKl };

struct DiffusionSettings {
    BetaSchedule schedule = BetaSchedule::Linear;
    int steps = 1000;
    std::string respacing = {};  ///< see respacedSteps()
    DiffusionPrediction prediction = DiffusionPrediction::Noise;
    DiffusionVariance variance = DiffusionVariance::LearnedRange;
    DiffusionLoss loss = DiffusionLoss::Mse;
};

/// A Gaussian process between pictures and noise, as DiT trains and samples it. Steps are indices k = 0..steps()-1 of
/// the respaced process, `k` a tensor [B] of int64 on the CPU; x tensors are [B, C, H, W]. Coefficients are float64 and
/// rounded to the type of x when used.
class GaussianDiffusion {
public:
    explicit GaussianDiffusion(const DiffusionSettings& settings);

    const DiffusionSettings& settings() const { return settings_; }
    const DiffusionTables& tables() const { return tables_; }
    int steps() const { return static_cast<int>(kept_.size()); }
    /// The step the model is told: of the process before respacing.
    const std::vector<int>& originalSteps() const { return kept_; }
    at::Tensor modelTimes(const at::Tensor& k) const;

    /// x_k = sqrt(abar) x0 + sqrt(1 - abar) noise.
    at::Tensor noisy(const at::Tensor& x0, const at::Tensor& k, const at::Tensor& noise) const;

    struct Gaussian {
        at::Tensor mean, logVariance;
    };
    /// q(x_{k-1} | x_k, x0), its log variance clipped at the first step.
    Gaussian posterior(const at::Tensor& x0, const at::Tensor& xk, const at::Tensor& k) const;

    struct Prediction {
        at::Tensor mean, logVariance;  ///< of x_{k-1}
        at::Tensor clean;              ///< predicted x0, clipped to [-1, 1] if asked
    };
    /// From the model's output for x_k: twice the channels of x_k when the variance is learned.
    /// Throws Error(Mismatch) for another number of channels.
    Prediction predict(const at::Tensor& output, const at::Tensor& xk, const at::Tensor& k, bool clip) const;

    struct Losses {
        at::Tensor mse, vb;  ///< [B]; undefined where the loss has no such term
        at::Tensor total;    ///< [B]
    };
    /// Losses per sample from the model's output for noisy(x0, k, noise).
    Losses losses(const at::Tensor& output, const at::Tensor& x0, const at::Tensor& xk, const at::Tensor& k,
                  const at::Tensor& noise) const;

private:
    /// x0 as the model's first channels tell it.
    at::Tensor cleanFrom(const at::Tensor& predicted, const at::Tensor& xk, const at::Tensor& k) const;
    /// What those channels should be.
    at::Tensor target(const at::Tensor& x0, const at::Tensor& k, const at::Tensor& noise) const;
    /// Term of the variational bound in bits per dimension, [B].
    at::Tensor boundTerm(const at::Tensor& output, const at::Tensor& x0, const at::Tensor& xk,
                         const at::Tensor& k) const;
    at::Tensor logVarianceOf(const at::Tensor& values, const at::Tensor& xk, const at::Tensor& k) const;

    DiffusionSettings settings_;
    std::vector<int> kept_;
    DiffusionTables tables_;
};

/// One value a sample: [B, 1, 1, ...] in the type and on the device of `like`.
at::Tensor tableAt(const std::vector<double>& table, const at::Tensor& k, const at::Tensor& like);

}  // namespace vl
