// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/models/encoder_attention.h"
#include "engine/nn/layers.h"
#include "engine/nn/model.h"
#include "engine/nn/parameter_list.h"
#include "engine/nn/swiglu_mlp.h"
#include "engine/ops/rope.h"

namespace vl {

/// Builds the attention of layer `layer` under `prefix` ("backbone.layers.3.attn").
using EncoderAttentionMaker =
    std::function<std::unique_ptr<EncoderAttention>(ParameterList&, const std::string& prefix, int layer)>;

/// Which of the encoder's optional tensors exist.
struct EncoderParts {
    bool classToken = false;               ///< cls_token, and a row for it in pos_embed (masked pre-training)
    bool finalNorm = false;                ///< ln1, after the last layer
    bool pooledNorm = false;               ///< ln2, after the mean over tokens
    EncoderAttentionMaker attention = {};  ///< empty: every token sees every token
};

/// The VisionLLaMA encoder in mmpretrain's spelling (models.md 6): masked pre-training, its classifier, plain
/// segmentation and ViTDet share it. Positions come from the 2-D rotary table alone; pos_embed is stored, frozen and
/// never read. Sizes come from the spec's dim, depth, heads, ffnHidden, patchSize, imageSize and inChannels.
class MmpretrainBackbone {
public:
    /// `prefix` stands in front of every name ("backbone.").
    MmpretrainBackbone(ParameterList& parameters, const std::string& prefix, const ModelSpec& spec,
                       const EncoderParts& parts = {});

    /// images [B, c, S, S] -> tokens [B, L, D]. Throws Error(Mismatch) for another size: the rotary table belongs to
    /// one grid (Q22).
    at::Tensor embed(const at::Tensor& images) const;
    /// Called with a layer's output [B, N, D] (after ln1 where that exists and the layer is the last).
    using LayerSeen = std::function<void(int layer, const at::Tensor& tokens)>;
    /// All layers, then ln1 where it exists and `withFinalNorm`. `selected` [B, V]: grid index of each token of each
    /// sample, as masked pre-training picks them (Q19); undefined: the whole grid.
    at::Tensor run(const at::Tensor& tokens, const ForwardOptions& options, const at::Tensor& selected = {},
                   const LayerSeen& seen = {}) const;
    /// Outputs of the 0-based `layers` as maps [B, D, h, w], in the order of `layers`.
    std::vector<at::Tensor> featureMaps(const at::Tensor& images, std::span<const int> layers,
                                        const ForwardOptions& options) const;
    /// Mean over the tokens, through ln2 where that exists: [B, D].
    at::Tensor pooledFeatures(const at::Tensor& images, const ForwardOptions& options) const;

    const at::Tensor& classToken() const { return classToken_; }
    at::Tensor finalNorm(const at::Tensor& x) const { return finalNorm_ ? (*finalNorm_)(x) : x; }
    /// Linear over the layers, on the attention branch alone (Q17).
    void setDropPath(double rate);
    void setAttention(AttentionKind kind) { attention_ = kind; }
    AttentionGeometry attentionGeometry(int layer) const;

private:
    struct Layer {
        LayerNorm norm1;
        std::unique_ptr<EncoderAttention> attention;
        LayerNorm norm2;
        SwiGluFeedForward feedForward;
    };

    at::Tensor runLayer(int index, const at::Tensor& x, const EncoderPass& pass) const;

    ModelSpec spec_;
    at::Tensor classToken_, positions_;
    std::unique_ptr<PatchEmbed> patches_;
    std::vector<Layer> layers_;
    std::unique_ptr<LayerNorm> finalNorm_, pooledNorm_;
    RopeTable rope_;
    AttentionKind attention_ = AttentionKind::Fused;
    double dropPath_ = 0;
};

/// Published initialisation of one tensor of the encoder, or of the decoder in the same spelling (models.md 1.6),
/// told by its name and shape; both pos_embed tables are the fixed ones of sine_position_table.h.
void initialiseMmpretrainTensor(const Parameter& parameter, const ModelSpec& spec, std::uint64_t seed);

}  // namespace vl
