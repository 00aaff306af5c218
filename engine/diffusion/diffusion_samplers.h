// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/diffusion/gaussian_diffusion.h"
#include "engine/diffusion/noise.h"
#include "engine/diffusion/sampler.h"

namespace vl {

/// Walks a Gaussian process back, step i at k = steps() - 1 - i. Step i uses draw i of the noise.
class DiffusionSampler : public Sampler {
public:
    int steps() const override { return process_.steps(); }
    NoiseLevel level(int i) const override;

protected:
    DiffusionSampler(const GaussianDiffusion& process, DenoiseFunction model, at::Tensor start,
                     const NoiseSource& noise, bool clip)
        : Sampler(std::move(model), std::move(start)), process_(process), noise_(noise), clip_(clip) {}
    int k() const { return process_.steps() - 1 - state_.step; }
    /// One model call; the predicted x0 is left in the state.
    GaussianDiffusion::Prediction predict();
    at::Tensor drawn() const;

    GaussianDiffusion process_;

private:
    const NoiseSource& noise_;
    bool clip_;
};

/// Ancestral sampling, the published default. Noise sources must outlive the samplers.
class DdpmSampler final : public DiffusionSampler {
public:
    DdpmSampler(const GaussianDiffusion& process, DenoiseFunction model, at::Tensor start, const NoiseSource& noise,
                bool clip = false)
        : DiffusionSampler(process, std::move(model), std::move(start), noise, clip) {}

protected:
    void advance() override;
};

/// DDIM: eta 0 is deterministic, eta 1 as noisy as ancestral sampling.
class DdimSampler final : public DiffusionSampler {
public:
    DdimSampler(const GaussianDiffusion& process, DenoiseFunction model, at::Tensor start, const NoiseSource& noise,
                double eta = 0, bool clip = false)
        : DiffusionSampler(process, std::move(model), std::move(start), noise, clip), eta_(eta) {}

protected:
    void advance() override;

private:
    double eta_;
};

}  // namespace vl
