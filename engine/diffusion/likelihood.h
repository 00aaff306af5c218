// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/diffusion/noise.h"
#include "engine/diffusion/transport_samplers.h"

namespace vl {

struct LikelihoodResult {
    at::Tensor logLikelihood;  ///< [B], natural logarithm of the density, float64
    at::Tensor prior;          ///< [B], of the noise that was reached
    at::Tensor noise;          ///< [B, C, H, W]
    int evaluations = 0;
};

/// Density of pictures under a flow model: the flow is run back to noise while the trace of its Jacobian is estimated
/// with one random sign per element and evaluation (the sign of draw k for evaluation k). Needs the model's gradient
/// with respect to x. Throws as the ODE sampler does.
LikelihoodResult logLikelihood(const Transport& transport, const DenoiseFunction& model, const at::Tensor& pictures,
                               const NoiseSource& probes, const TransportOdeSettings& settings);

}  // namespace vl
