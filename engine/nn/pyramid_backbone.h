// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "engine/nn/model.h"
#include "engine/nn/parameter_list.h"

namespace vl {

/// The four stages of Pyramid VisionLLaMA (models.md 5.3), as a classifier and as the backbone of dense heads (8.1).
/// Sizes come from spec.pyramid, spec.patchSize (first stage), spec.inChannels, spec.normEps, spec.ropeTheta, spec.rope
/// and spec.layerScale. Tensors in state-dict order: norm_list (when there is one), blocks, patch_embeds.
class PyramidBackbone {
public:
    /// `prefix` stands in front of every name: "" or "backbone.". `withNormList`: a LayerNorm after each stage, whose
    /// output goes onward too (Q24). Throws Error(Usage) when spec.pyramid cannot form a pyramid.
    PyramidBackbone(ParameterList& parameters, const std::string& prefix, const ModelSpec& spec, bool withNormList);
    ~PyramidBackbone();
    PyramidBackbone(PyramidBackbone&&) noexcept;

    /// images [B, c, H, W] with H and W multiples of 32 (first patch * 8 in general, times what the reductions ask) ->
    /// one map a stage, fine to coarse, [B, D_s, H_s, W_s]. Throws Error(Mismatch) for other sizes. A probe hears of
    /// every block; layers count through all stages.
    std::vector<at::Tensor> features(const at::Tensor& images, const ForwardOptions& options);
    /// The last stage's tokens, [B, H_3 * W_3, D_3].
    at::Tensor tokens(const at::Tensor& images, const ForwardOptions& options);

    /// Linear over all blocks of all stages (models.md 1.5).
    void setDropPath(double rate);
    void setAttention(AttentionKind kind);
    int layers() const;
    /// For pictures of the size last seen; before any, for spec.imageSize.
    AttentionGeometry attentionGeometry(int layer) const;

private:
    class Parts;
    std::unique_ptr<Parts> parts_;
};

/// The pyramids' initialisation of one tensor (models.md 1.6), told by its name and shape: linear weights truncated
/// normal 0.02, convolutions N(0, sqrt(2 / fan_out)), gammas 1e-4, norms 1 and 0, biases 0.
void initialisePyramidTensor(const Parameter& parameter, std::uint64_t seed);

}  // namespace vl
