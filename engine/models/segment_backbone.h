// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/nn/model.h"
#include "engine/nn/parameter_list.h"

namespace vl {

/// What a segmentation model asks of its backbone.
class SegmentBackbone {
public:
    virtual ~SegmentBackbone() = default;
    /// Four maps [B, C_i, h_i, w_i]: a pyramid's, fine to coarse, or four of one stride for the neck.
    virtual std::vector<at::Tensor> features(const at::Tensor& images, const ForwardOptions& options) = 0;
    virtual std::vector<std::int64_t> channels() const = 0;
    /// Whether the maps have one stride, so that a Feature2Pyramid must follow.
    virtual bool needsNeck() const = 0;
    virtual void initialise(const Parameter& parameter, std::uint64_t seed) const = 0;
    /// The recipes' weight decay (models.md 8.4).
    virtual bool decays(const Parameter& parameter) const = 0;
    virtual void setDropPath(double rate) = 0;
    virtual void setAttention(AttentionKind kind) = 0;
    virtual int layers() const = 0;
    virtual AttentionGeometry attentionGeometry(int layer) const = 0;
    /// Only iLLaMA has a soft mask.
    virtual bool hasSoftMask() const { return false; }
    virtual void setSoftMask(double /*alpha*/) {}
};

/// By spec.segment.backbone: "pyramid" (8.1), "plain" (8.2) or "illama" (class token dropped, blocks' raw outputs).
/// Tensors are called `prefix` and so on.
std::unique_ptr<SegmentBackbone> makeSegmentBackbone(ParameterList& parameters, const std::string& prefix,
                                                     const ModelSpec& spec);
std::unique_ptr<SegmentBackbone> makeIllamaSegmentBackbone(ParameterList& parameters, const std::string& prefix,
                                                           const ModelSpec& spec);

}  // namespace vl
