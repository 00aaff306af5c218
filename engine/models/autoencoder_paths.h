// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include <ATen/core/Tensor.h>

#include "engine/models/autoencoder_blocks.h"

namespace vl {

/// Residual blocks of one resolution and what leads to the next one.
struct AutoencoderLevel {
    std::vector<ResnetBlock> blocks;
    std::optional<Conv2d> resample;  ///< none at the last level
};

/// Pictures to twice the latent channels, before quant_conv. Tensors under "encoder.".
class EncoderPath {
public:
    EncoderPath(ParameterList& parameters, const ModelSpec& spec);
    /// [B, c, H, W] -> [B, 2 * latent channels, H / cell, W / cell]
    at::Tensor forward(const at::Tensor& images, const AutoencoderPass& pass) const;

private:
    Conv2d in_;
    std::vector<AutoencoderLevel> levels_;
    std::optional<MiddleBlock> middle_;
    std::optional<GroupNorm> norm_;
    std::optional<Conv2d> out_;
};

/// Latents behind post_quant_conv to pictures. Tensors under "decoder.".
class DecoderPath {
public:
    DecoderPath(ParameterList& parameters, const ModelSpec& spec);
    /// [B, latent channels, h, w] -> [B, c, h * cell, w * cell]
    at::Tensor forward(const at::Tensor& latents, const AutoencoderPass& pass) const;

private:
    Conv2d in_;
    std::vector<AutoencoderLevel> levels_;
    std::optional<MiddleBlock> middle_;
    std::optional<GroupNorm> norm_;
    std::optional<Conv2d> out_;
};

}  // namespace vl
