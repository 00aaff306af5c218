// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/nn/model.h"

namespace vl {

/// One masked pass (models.md 6.3). L patches, V of them visible.
struct MaskedOutput {
    at::Tensor latent;      ///< [B, 1 + V, D], class slot first
    at::Tensor prediction;  ///< [B, L, P * P * c]
    at::Tensor mask;        ///< [B, L], 1 = removed
    at::Tensor idsRestore;  ///< [B, L]
};

class MaskedAutoencoder : public Model {
public:
    /// noise [B, L] decides what stays: the V smallest values, in that order. Undefined: drawn from options.seed and step.
    virtual MaskedOutput forwardMasked(const at::Tensor& images, const at::Tensor& noise,
                                       const ForwardOptions& options = {}) = 0;
    /// [B, c, S, S] -> [B, L, P * P * c], pixel row, pixel column, channel fastest; normalised per patch when asked.
    at::Tensor targets(const at::Tensor& images, bool normalise) const;
    /// Squared error per patch, mean over the removed ones.
    static at::Tensor loss(const MaskedOutput& output, const at::Tensor& targets);
    /// [B, L, P * P * c] -> pictures [B, c, S, S].
    at::Tensor unpatchify(const at::Tensor& patches) const;
    /// The prediction as pictures for noise drawn from options.seed.
    at::Tensor forward(const at::Tensor& images, const ForwardOptions& options = {}) override;
};

}  // namespace vl
