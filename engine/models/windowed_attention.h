// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "engine/api/model_spec.h"
#include "engine/models/encoder_attention.h"
#include "engine/nn/layers.h"
#include "engine/ops/rope.h"

namespace vl {

/// Attention inside windows of `window` x `window` tokens (models.md 9.2): the normalised grid is padded with zeros on
/// the right and below, padding takes part without a mask (Q10), positions count inside the window.
class WindowAttention final : public SelfAttention {
public:
    WindowAttention(ParameterList& parameters, const std::string& prefix, const ModelSpec& spec, int layer);
    at::Tensor forward(const at::Tensor& x, const EncoderPass& pass) const override;
    AttentionGeometry geometry(int rows, int columns) const override;

private:
    std::int64_t window_;
    RopeTable table_;
};

/// Attention to keys and values of squares of 4 x 4 tokens (models.md 9.2, variant V1), reduced before the projection
/// by a depthwise convolution and LayerNorm (tensors .sr and .norm) or by averaging. Key positions are those of 2.4:
/// modulo the full width, offset 0.75 (Q5, Q6).
class ReducedAttention final : public SelfAttention {
public:
    ReducedAttention(ParameterList& parameters, const std::string& prefix, const ModelSpec& spec, int layer);
    at::Tensor forward(const at::Tensor& x, const EncoderPass& pass) const override;
    AttentionGeometry geometry(int rows, int columns) const override;

private:
    /// x [B, N, D] -> [B, N / 16, D]
    at::Tensor reduce(const at::Tensor& x, const EncoderPass& pass) const;

    std::unique_ptr<Conv2d> convolution_;
    std::unique_ptr<LayerNorm> norm_;
    RopeTable keys_;
};

/// The attention of layer `layer` of ViTDet's backbone: windowed where spec.detect.windowBlocks names it, otherwise
/// over the whole grid, reduced or not.
std::unique_ptr<EncoderAttention> makeWindowedAttention(ParameterList& parameters, const std::string& prefix,
                                                        const ModelSpec& spec, int layer);

}  // namespace vl
