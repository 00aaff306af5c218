// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/models/encoder_attention.h"
#include "engine/nn/layers.h"
#include "engine/nn/model.h"
#include "engine/nn/parameter_list.h"
#include "engine/ops/rope.h"

namespace vl {

/// MAE's decoder in mmpretrain's spelling (models.md 6.2, 6.3): mask tokens for what was removed, fixed positions,
/// standard ViT blocks without rotary embedding, pixels out.
class MaskedDecoder {
public:
    MaskedDecoder(ParameterList& parameters, const std::string& prefix, const ModelSpec& spec);
    /// latent [B, 1 + V, D], idsRestore [B, L] -> [B, L, P * P * c].
    at::Tensor forward(const at::Tensor& latent, const at::Tensor& idsRestore, const ForwardOptions& options) const;
    void setAttention(AttentionKind kind) { attention_ = kind; }

private:
    struct Block {
        LayerNorm norm1;
        SelfAttention attention;
        LayerNorm norm2;
        GeluMlp feedForward;
    };
    /// Visible tokens and mask tokens in image order, the class slot in front, positions added.
    at::Tensor assemble(const at::Tensor& latent, const at::Tensor& idsRestore) const;

    at::Tensor maskToken_, positions_;
    std::unique_ptr<Linear> embed_, predict_;
    std::vector<Block> blocks_;
    std::unique_ptr<LayerNorm> norm_;
    RopeTable noRotation_;
    AttentionKind attention_ = AttentionKind::Fused;
};

}  // namespace vl
