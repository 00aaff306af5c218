// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <memory>
#include <vector>

#include <ATen/ops/zeros.h>

#include "engine/api/denoiser_presets.h"
#include "engine/diffusion/gaussian_diffusion.h"
#include "engine/generate/chain.h"
#include "engine/nn/denoiser.h"
#include "tests/diffusion/toy.h"
#include "tests/models/small_models.h"

namespace vl::test {

/// A denoiser of 16 px grey pictures, small enough to run in milliseconds.
inline ModelSpec smallDenoiserSpec(const char* preset) {
    ModelSpec spec = findPreset(preset);
    spec.name = "small";
    spec.dim = 32, spec.depth = 2, spec.heads = 2, spec.ffnHidden = 64, spec.imageSize = 16;
    return spec;
}

/// The best model there is for pictures of independent normal pixels, whatever the class.
class ToyDenoiser final : public Denoiser {
public:
    explicit ToyDenoiser(const char* preset) : spec_(smallDenoiserSpec(preset)) {
        spec_.diffusion.learnSigma = false;
        spec_.diffusion.latent = true;  // its numbers have no ends, so nothing may be cut off
        if (!isFlowDenoiser(spec_)) levels_ = GaussianDiffusion(diffusionSettingsOf(spec_)).tables();
        parameters_.push_back({.name = "unused", .tensor = at::zeros({1}, at::kFloat)});
    }
    const ModelSpec& spec() const override { return spec_; }
    at::Tensor denoise(const at::Tensor& x, const at::Tensor& t, const at::Tensor&, const ForwardOptions&) override {
        // Chains give all rows one time.
        return answer(x.to(at::kDouble), t[0].item<double>()).to(x.scalar_type());
    }
    std::int64_t outChannels() const override { return 1; }
    std::span<Parameter> parameters() override { return parameters_; }
    void initialise(std::uint64_t) override {}
    void setDropPath(double) override {}
    void setAttention(AttentionKind) override {}
    AttentionGeometry attentionGeometry(int) const override { return wholeGridGeometry(spec_); }

    GaussianToy toy;

private:
    at::Tensor answer(const at::Tensor& x, double t) const {
        if (isFlowDenoiser(spec_)) {
            // The slope of the flow x = t m + (x0 - ...) s(t) of the straight path, s^2 = (t d)^2 + (1 - t)^2.
            const double variance = toy.deviation * toy.deviation, spread = toy.spread(t, 1 - t);
            return toy.mean + (x - t * toy.mean) * ((t * variance - (1 - t)) / (spread * spread));
        }
        const auto k = static_cast<std::size_t>(std::lround(t));
        const double signal = levels_->sqrtAlphasCumprod[k], noise = levels_->sqrtOneMinusAlphasCumprod[k];
        return (x - signal * toy.clean(x, signal, noise)) / noise;
    }

    ModelSpec spec_;
    std::vector<Parameter> parameters_;
    std::optional<DiffusionTables> levels_;
};

}  // namespace vl::test
