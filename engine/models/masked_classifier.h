// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "engine/models/mmpretrain_backbone.h"

namespace vl {

/// The encoder of masked pre-training as a classifier (models.md 6.5): no class token, mean over the tokens, ln2, head.
/// Takes the one picture size it was built for (Q22).
class MaskedClassifier final : public Model {
public:
    explicit MaskedClassifier(const ModelSpec& spec);

    const ModelSpec& spec() const override { return spec_; }
    at::Tensor forward(const at::Tensor& images, const ForwardOptions& options = {}) override;
    /// What the head sees, [B, D]; linear probing puts a BatchNorm behind it.
    at::Tensor features(const at::Tensor& images, const ForwardOptions& options = {}) const;
    /// Outputs of 0-based layers, [B, D, h, w].
    std::vector<at::Tensor> featureMaps(const at::Tensor& images, std::span<const int> layers,
                                        const ForwardOptions& options = {}) const;
    std::span<Parameter> parameters() override { return parameters_.items(); }
    void initialise(std::uint64_t seed) override;
    void setDropPath(double rate) override { encoder_.setDropPath(rate); }
    void setAttention(AttentionKind kind) override { encoder_.setAttention(kind); }
    AttentionGeometry attentionGeometry(int layer) const override { return encoder_.attentionGeometry(layer); }

private:
    static constexpr double kHeadDeviation = 2e-5;  // of the fine-tuning recipe (models.md 6.6)

    ModelSpec spec_;
    ParameterList parameters_;
    MmpretrainBackbone encoder_;
    Linear head_;
};

}  // namespace vl
