// SPDX-License-Identifier: Apache-2.0
#include "engine/diffusion/diffusion_samplers.h"

#include <cmath>

#include <ATen/TensorOperators.h>
#include <ATen/ops/full.h>

namespace vl {

NoiseLevel DiffusionSampler::level(int i) const {
    const int step = process_.steps() - 1 - i;
    if (step < 0) return {1, 0, 0};
    const auto at = static_cast<std::size_t>(step);
    return {process_.tables().sqrtAlphasCumprod[at], process_.tables().sqrtOneMinusAlphasCumprod[at],
            static_cast<double>(process_.originalSteps()[at])};
}

GaussianDiffusion::Prediction DiffusionSampler::predict() {
    const at::Tensor output = call(x(), level(state_.step).time);
    GaussianDiffusion::Prediction result =
        process_.predict(output, x(), at::full({x().size(0)}, k(), at::kLong), clip_);
    state_.clean = result.clean;
    return result;
}

at::Tensor DiffusionSampler::drawn() const {
    return noise_.draw(state_.step, x().sizes()).to(x().device(), x().scalar_type());
}

void DdpmSampler::advance() {
    const GaussianDiffusion::Prediction model = predict();
    state_.x = k() == 0 ? model.mean : model.mean + (0.5 * model.logVariance).exp() * drawn();
}

void DdimSampler::advance() {
    const at::Tensor clean = predict().clean;
    const auto at = static_cast<std::size_t>(k());
    const DiffusionTables& tables = process_.tables();
    const double now = tables.alphasCumprod[at], before = tables.alphasCumprodPrev[at];
    // Derived again from x0, so that clipping counts.
    const at::Tensor noise = (tables.sqrtRecipAlphasCumprod[at] * x() - clean) / tables.sqrtRecipm1AlphasCumprod[at];
    const double sigma = eta_ * std::sqrt((1 - before) / (1 - now)) * std::sqrt(1 - now / before);
    state_.x = std::sqrt(before) * clean + std::sqrt(1 - before - sigma * sigma) * noise;
    if (k() > 0 && sigma > 0) state_.x = state_.x + sigma * drawn();
}

}  // namespace vl
