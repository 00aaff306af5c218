// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/nn/model.h"

namespace vl {

/// A class-conditional denoiser or velocity model (models.md 7). Model::forward throws Error(Usage): it needs t and y.
class Denoiser : public Model {
public:
    /// x [B, C, S, S], t [B] floating (steps 0..999 for DiT, 0 noise .. 1 data for SiT), y [B] int64 where numClasses is
    /// the null class -> [B, outChannels(), S, S]. In training labels are dropped with the spec's probability.
    virtual at::Tensor denoise(const at::Tensor& x, const at::Tensor& t, const at::Tensor& y,
                               const ForwardOptions& options = {}) = 0;
    virtual std::int64_t outChannels() const = 0;

    /// Guided form on a batch of [conditional half; unconditional half] (models.md 7.3, Q27): the first half of x serves
    /// both, guidance acts on the spec's first channels and lands in both halves, the others pass through.
    at::Tensor denoiseGuided(const at::Tensor& x, const at::Tensor& t, const at::Tensor& y, double scale,
                             const ForwardOptions& options = {});
    at::Tensor forward(const at::Tensor& images, const ForwardOptions& options = {}) override;
};

}  // namespace vl
