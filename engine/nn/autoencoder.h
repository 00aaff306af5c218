// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/nn/model.h"

namespace vl {

/// Gaussian over latents.
struct LatentMoments {
    at::Tensor mean;         ///< [B, latentChannels, H / 8, W / 8]
    at::Tensor logVariance;  ///< clamped to [-30, 20]
};

/// Pictures to latents and back. Model::forward decodes the mean of the encoding.
class Autoencoder : public Model {
public:
    /// images [B, channels, H, W] in -1..1, sides multiples of the latent cell. Throws Error(Mismatch).
    virtual LatentMoments encode(const at::Tensor& images, const ForwardOptions& options = {}) = 0;
    /// latents as the encoder gave them (denoisers' latents divided by the spec's scale) -> pictures in -1..1.
    virtual at::Tensor decode(const at::Tensor& latents, const ForwardOptions& options = {}) = 0;
    at::Tensor forward(const at::Tensor& images, const ForwardOptions& options = {}) override;
};

}  // namespace vl
