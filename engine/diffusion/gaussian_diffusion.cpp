// SPDX-License-Identifier: Apache-2.0
#include "engine/diffusion/gaussian_diffusion.h"

#include <cmath>
#include <numbers>

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/clamp.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/where.h>

#include "engine/core/error.h"

namespace vl {
namespace {

at::Tensor meanPerSample(const at::Tensor& values) { return values.flatten(1).mean(1); }

/// KL(N(mean1, e^log1) || N(mean2, e^log2)) of each element, in nats.
at::Tensor gaussianKl(const GaussianDiffusion::Gaussian& first, const at::Tensor& mean, const at::Tensor& logVariance) {
    return 0.5 * (-1.0 + logVariance - first.logVariance + (first.logVariance - logVariance).exp() +
                  (first.mean - mean).square() * (-logVariance).exp());
}

/// The published approximation of the normal distribution function.
at::Tensor normalCdf(const at::Tensor& z) {
    return 0.5 * (1.0 + (std::sqrt(2.0 / std::numbers::pi) * (z + 0.044715 * z.pow(3))).tanh());
}

/// log p of pictures in [-1, 1] with 256 levels under a Gaussian; the outermost levels hold the tails.
at::Tensor discreteLogLikelihood(const at::Tensor& x, const at::Tensor& mean, const at::Tensor& logVariance) {
    constexpr double kHalfLevel = 1.0 / 255, kSmallest = 1e-12, kEdge = 0.999;
    const at::Tensor centred = x - mean, inverse = (-0.5 * logVariance).exp();
    const at::Tensor below = normalCdf(inverse * (centred + kHalfLevel));
    const at::Tensor under = normalCdf(inverse * (centred - kHalfLevel));
    const at::Tensor upper = (1.0 - under).clamp_min(kSmallest).log();
    const at::Tensor inside = (below - under).clamp_min(kSmallest).log();
    return at::where(x < -kEdge, below.clamp_min(kSmallest).log(), at::where(x > kEdge, upper, inside));
}

DiffusionTables tablesOf(const DiffusionSettings& settings, const std::vector<int>& kept) {
    return DiffusionTables(respacedBetas(betaSchedule(settings.schedule, settings.steps), kept));
}

}  // namespace

at::Tensor tableAt(const std::vector<double>& table, const at::Tensor& k, const at::Tensor& like) {
    const at::Tensor steps = k.to(at::kCPU, at::kLong).contiguous();
    std::vector<std::int64_t> shape(static_cast<std::size_t>(like.dim()), 1);
    shape.at(0) = steps.numel();
    at::Tensor values = at::empty(shape, at::kDouble);
    for (std::int64_t i = 0; i < steps.numel(); ++i) {
        const std::int64_t step = steps.const_data_ptr<std::int64_t>()[i];
        if (step < 0 || step >= static_cast<std::int64_t>(table.size()))
            throw Error(ErrorCode::Usage, "The process has no step " + std::to_string(step) + ".",
                        "Steps go from 0 to " + std::to_string(table.size() - 1) + ".");
        values.data_ptr<double>()[i] = table[static_cast<std::size_t>(step)];
    }
    return values.to(like.device(), like.scalar_type());
}

GaussianDiffusion::GaussianDiffusion(const DiffusionSettings& settings)
    : settings_(settings),
      kept_(respacedSteps(settings.steps, settings.respacing)),
      tables_(tablesOf(settings, kept_)) {}

at::Tensor GaussianDiffusion::modelTimes(const at::Tensor& k) const {
    const std::vector<double> times(kept_.begin(), kept_.end());
    return tableAt(times, k, at::empty({0}, at::kFloat));
}

at::Tensor GaussianDiffusion::noisy(const at::Tensor& x0, const at::Tensor& k, const at::Tensor& noise) const {
    return tableAt(tables_.sqrtAlphasCumprod, k, x0) * x0 + tableAt(tables_.sqrtOneMinusAlphasCumprod, k, x0) * noise;
}

GaussianDiffusion::Gaussian GaussianDiffusion::posterior(const at::Tensor& x0, const at::Tensor& xk,
                                                         const at::Tensor& k) const {
    return {tableAt(tables_.posteriorMeanCoef1, k, xk) * x0 + tableAt(tables_.posteriorMeanCoef2, k, xk) * xk,
            tableAt(tables_.posteriorLogVarianceClipped, k, xk)};
}

at::Tensor GaussianDiffusion::logVarianceOf(const at::Tensor& values, const at::Tensor& xk, const at::Tensor& k) const {
    std::vector<double> logBetas;
    for (const double beta : tables_.betas)
        logBetas.push_back(std::log(beta));
    const at::Tensor small = tableAt(tables_.posteriorLogVarianceClipped, k, xk);
    if (settings_.variance == DiffusionVariance::LearnedRange) {
        const at::Tensor share = (values + 1.0) / 2.0;  // not clamped, as published
        return share * tableAt(logBetas, k, xk) + (1.0 - share) * small;
    }
    if (settings_.variance == DiffusionVariance::FixedSmall) return small.expand_as(xk);
    logBetas.front() = tables_.posteriorLogVarianceClipped.front();
    return tableAt(logBetas, k, xk).expand_as(xk);
}

at::Tensor GaussianDiffusion::cleanFrom(const at::Tensor& predicted, const at::Tensor& xk, const at::Tensor& k) const {
    switch (settings_.prediction) {
        case DiffusionPrediction::Clean: return predicted;
        case DiffusionPrediction::Velocity:
            return tableAt(tables_.sqrtAlphasCumprod, k, xk) * xk -
                   tableAt(tables_.sqrtOneMinusAlphasCumprod, k, xk) * predicted;
        case DiffusionPrediction::Noise: break;
    }
    return tableAt(tables_.sqrtRecipAlphasCumprod, k, xk) * xk -
           tableAt(tables_.sqrtRecipm1AlphasCumprod, k, xk) * predicted;
}

at::Tensor GaussianDiffusion::target(const at::Tensor& x0, const at::Tensor& k, const at::Tensor& noise) const {
    switch (settings_.prediction) {
        case DiffusionPrediction::Clean: return x0;
        case DiffusionPrediction::Velocity:
            return tableAt(tables_.sqrtAlphasCumprod, k, x0) * noise -
                   tableAt(tables_.sqrtOneMinusAlphasCumprod, k, x0) * x0;
        case DiffusionPrediction::Noise: break;
    }
    return noise;
}

GaussianDiffusion::Prediction GaussianDiffusion::predict(const at::Tensor& output, const at::Tensor& xk,
                                                         const at::Tensor& k, bool clip) const {
    const std::int64_t channels = xk.size(1);
    const bool learned = settings_.variance == DiffusionVariance::LearnedRange;
    if (output.dim() != xk.dim() || output.size(1) != (learned ? 2 : 1) * channels)
        throw Error(ErrorCode::Mismatch,
                    "The model gives " + std::to_string(output.size(1)) + " channels for " + std::to_string(channels) +
                        " channels of noise.",
                    learned ? "A learned variance needs twice as many." : "A fixed variance needs as many.");
    Prediction result;
    const at::Tensor first = output.narrow(1, 0, channels);
    result.clean = cleanFrom(first, xk, k);
    if (clip) result.clean = result.clean.clamp(-1, 1);
    result.mean = posterior(result.clean, xk, k).mean;
    result.logVariance = logVarianceOf(learned ? output.narrow(1, channels, channels) : first, xk, k);
    return result;
}

at::Tensor GaussianDiffusion::boundTerm(const at::Tensor& output, const at::Tensor& x0, const at::Tensor& xk,
                                        const at::Tensor& k) const {
    const Prediction model = predict(output, xk, k, /*clip=*/false);
    const at::Tensor kl = meanPerSample(gaussianKl(posterior(x0, xk, k), model.mean, model.logVariance));
    const at::Tensor decoder = meanPerSample(-discreteLogLikelihood(x0, model.mean, model.logVariance));
    return at::where(k.to(kl.device()) == 0, decoder, kl) / std::numbers::ln2;
}

GaussianDiffusion::Losses GaussianDiffusion::losses(const at::Tensor& output, const at::Tensor& x0,
                                                    const at::Tensor& xk, const at::Tensor& k,
                                                    const at::Tensor& noise) const {
    Losses result;
    const bool learned = settings_.variance == DiffusionVariance::LearnedRange;
    if (settings_.loss == DiffusionLoss::Kl || settings_.loss == DiffusionLoss::RescaledKl) {
        result.vb = boundTerm(output, x0, xk, k);
        result.total =
            settings_.loss == DiffusionLoss::RescaledKl ? result.vb * static_cast<double>(steps()) : result.vb;
        return result;
    }
    const at::Tensor predicted = output.narrow(1, 0, xk.size(1));
    if (learned) {
        // The bound trains the variance alone: the mean gets no gradient from it.
        const at::Tensor variance = output.narrow(1, xk.size(1), output.size(1) - xk.size(1));
        result.vb = boundTerm(at::cat({predicted.detach(), variance}, 1), x0, xk, k);
        if (settings_.loss == DiffusionLoss::RescaledMse) result.vb = result.vb * (steps() / 1000.0);
    }
    result.mse = meanPerSample((target(x0, k, noise) - predicted).square());
    result.total = learned ? result.mse + result.vb : result.mse;
    return result;
}

}  // namespace vl
