// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include <ATen/core/Tensor.h>

#include "engine/nn/layers.h"
#include "engine/nn/model.h"
#include "engine/nn/parameter_list.h"

namespace vl {

/// What one pass through an autoencoder's parts shares.
struct AutoencoderPass {
    AttentionKind attention = AttentionKind::Fused;
    Probe* probe = nullptr;
    int layer = 0;  ///< what the probe is told: 0 the encoder's attention, 1 the decoder's
};

/// 32 groups over [B, C, H, W], eps 1e-6.
struct GroupNorm {
    GroupNorm(ParameterList& parameters, const std::string& prefix, std::int64_t channels);
    at::Tensor operator()(const at::Tensor& x) const;
    /// silu of the above, in place where no gradient needs the norm's own output.
    at::Tensor activated(const at::Tensor& x) const;

    at::Tensor weight, bias;
};

/// x + conv2(silu(norm2(conv1(silu(norm1 x))))), with conv_shortcut on x where the width changes.
class ResnetBlock {
public:
    ResnetBlock(ParameterList& parameters, const std::string& prefix, std::int64_t in, std::int64_t out);
    /// [B, in, H, W] -> [B, out, H, W]. Hand x over to let it go early.
    at::Tensor forward(at::Tensor x) const;

private:
    GroupNorm norm1_;
    Conv2d conv1_;
    GroupNorm norm2_;
    Conv2d conv2_;
    std::optional<Conv2d> shortcut_;
};

/// One head over all positions with a residual connection: group_norm, to_q, to_k, to_v, to_out.0.
class SpatialAttention {
public:
    SpatialAttention(ParameterList& parameters, const std::string& prefix, std::int64_t channels);
    /// [B, C, H, W] -> the same shape.
    at::Tensor forward(const at::Tensor& x, const AutoencoderPass& pass) const;

private:
    GroupNorm norm_;
    Linear query_, key_, value_, out_;
};

/// Residual block, attention, residual block; the state dict lists the attention first.
class MiddleBlock {
public:
    MiddleBlock(ParameterList& parameters, const std::string& prefix, std::int64_t channels);
    at::Tensor forward(const at::Tensor& x, const AutoencoderPass& pass) const;

private:
    SpatialAttention attention_;
    ResnetBlock first_, second_;
};

}  // namespace vl
