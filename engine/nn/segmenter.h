// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "engine/nn/model.h"

namespace vl {

/// Everything a segmentation model computes for one batch.
struct SegmentOutput {
    std::vector<at::Tensor> features;  ///< what the heads see, fine to coarse, [B, C, h, w]
    at::Tensor pooled;                 ///< output of the pyramid pooling, [B, headChannels, h, w]
    at::Tensor logits;                 ///< main head, [B, numClasses, h, w]
    at::Tensor auxiliary;              ///< auxiliary head, [B, numClasses, h, w]
};

/// A backbone with UPerNet and FCN heads (models.md 8). Model::forward gives the main logits at the pictures' size.
class Segmenter : public Model {
public:
    /// options.training: batch statistics and dropped channels in the heads, stochastic depth in the backbone.
    virtual SegmentOutput segment(const at::Tensor& images, const ForwardOptions& options = {}) = 0;
    /// Share of whole channels dropped before the heads' last convolutions in training; 0.1 unless told.
    /// Throws Error(Usage) outside [0, 1).
    virtual void setHeadDropout(double rate) = 0;
    at::Tensor forward(const at::Tensor& images, const ForwardOptions& options = {}) override;
};

}  // namespace vl
