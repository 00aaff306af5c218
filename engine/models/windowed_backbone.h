// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "engine/models/mmpretrain_backbone.h"

namespace vl {

/// ViTDet's backbone (models.md 9.2, LLaMADET and its V1 forms): the mmpretrain encoder with attention inside windows
/// in the blocks of spec.detect.windowBlocks. Its tensors are those of MmpretrainBackbone; within a layer the attention
/// comes last, because the published code replaces it after the layer is built.
class WindowedBackbone {
public:
    WindowedBackbone(ParameterList& parameters, const std::string& prefix, const ModelSpec& spec);

    /// images [B, c, S, S] -> the last layer's output [B, dim, S / patch, S / patch], without a norm.
    at::Tensor features(const at::Tensor& images, const ForwardOptions& options) const;
    void setDropPath(double rate) { encoder_.setDropPath(rate); }
    void setAttention(AttentionKind kind) { encoder_.setAttention(kind); }
    AttentionGeometry attentionGeometry(int layer) const { return encoder_.attentionGeometry(layer); }

private:
    int depth_;
    MmpretrainBackbone encoder_;
};

}  // namespace vl
