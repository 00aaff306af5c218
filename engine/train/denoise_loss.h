// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <span>

#include "engine/api/settings.h"
#include "engine/diffusion/gaussian_diffusion.h"
#include "engine/diffusion/transport.h"
#include "engine/nn/denoiser.h"

namespace vl {

/// Loss of a denoiser at given times and noise (models.md 7.4 and 7.6), for both kinds of process.
class DenoiseLoss {
public:
    DenoiseLoss(const ModelSpec& spec, const GenerateSettings& settings);

    /// Loss per sample [B]. `uniform`: one number in [0, 1) a sample, which becomes its time. `noise` as `clean`.
    at::Tensor operator()(Denoiser& model, const at::Tensor& clean, const at::Tensor& labels,
                          std::span<const double> uniform, const at::Tensor& noise,
                          const ForwardOptions& options) const;
    /// How noisy a sample of that number is: 0 clean .. 1 noise alone.
    double noisiness(double uniform) const;

private:
    at::Tensor gaussian(Denoiser& model, const at::Tensor& clean, const at::Tensor& labels,
                        std::span<const double> uniform, const at::Tensor& noise, const ForwardOptions& options) const;
    at::Tensor flow(Denoiser& model, const at::Tensor& clean, const at::Tensor& labels,
                    std::span<const double> uniform, const at::Tensor& noise, const ForwardOptions& options) const;

    std::optional<GaussianDiffusion> diffusion_;  ///< one of the two
    std::optional<Transport> transport_;
};

}  // namespace vl
