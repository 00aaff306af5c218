// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>

#include <ATen/core/Tensor.h>

namespace vl {

class Autoencoder;

/// A linear guess of a latent cell's colour: -1..1 RGB = latent * factors + bias.
struct LatentProjection {
    at::Tensor factors;  ///< [latent channels, 3], for latents as denoisers see them
    at::Tensor bias;     ///< [3]
};

/// Of the Stable-Diffusion autoencoder (4 channels, scale 0.18215).
const LatentProjection& stableDiffusionProjection();

/// One pixel a latent cell, without an autoencoder: latents [B, channels, h, w] as denoisers see them (scaled) ->
/// [B, 3, h, w] uint8 on the CPU. Throws Error(Mismatch) for another number of channels than the projection has.
at::Tensor latentPreview(const at::Tensor& latents, const LatentProjection& projection);
at::Tensor latentPreview(const at::Tensor& latents);

/// The projection whose previews come nearest, in the least squares, to each cell's mean colour in `pictures`
/// [B, 3, H, W], -1..1. A few varied pictures do. Throws Error(Mismatch) for grey autoencoders and wrong sizes.
LatentProjection fitLatentPreview(Autoencoder& autoencoder, const at::Tensor& pictures);

/// Latents as denoisers see them (scaled) -> pictures [B, channels, H, W] uint8 on the CPU, `piece` latents at a time:
/// clamp(127.5 x + 128, 0, 255), truncated. `progress` is told the share done after each piece; when it says false,
/// Error(Cancelled) is thrown.
at::Tensor decodeLatents(Autoencoder& autoencoder, const at::Tensor& latents, std::int64_t piece = 8,
                         const std::function<bool(double)>& progress = {});

}  // namespace vl
