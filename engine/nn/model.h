// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include <ATen/core/Tensor.h>

#include "engine/api/model_spec.h"
#include "engine/api/types.h"

namespace vl {

/// A named leaf tensor in the spelling of the published state dict.
struct Parameter {
    std::string name;
    at::Tensor tensor;     ///< requires grad
    bool decays = true;    ///< false: 1-D, *.bias, pos_embed, cls_token (models.md 3.5)
};

/// Receives what a forward pass computes; a null probe costs nothing.
class Probe {
public:
    virtual ~Probe() = default;
    /// softmax: [B, heads, N, N] before any mask. The model applies the mask it declares.
    virtual void attention(int /*layer*/, const at::Tensor& /*softmax*/) {}
    virtual void blockOutput(int /*layer*/, const at::Tensor& /*tokens [B, N, C]*/) {}
};

enum class AttentionKind { Explicit, Fused };

/// What one forward pass may depend on besides input and weights.
struct ForwardOptions {
    bool training = false;            ///< stochastic depth on
    std::uint64_t seed = 0;           ///< with `step`: the only source of randomness
    std::int64_t step = 0;
    Probe* probe = nullptr;
};

class Model {
public:
    virtual ~Model() = default;

    virtual const ModelSpec& spec() const = 0;
    /// images [B, channels, S, S] normalised -> logits [B, numClasses]. Throws Error(Mismatch) for another size.
    virtual at::Tensor forward(const at::Tensor& images, const ForwardOptions& options = {}) = 0;
    /// In state-dict order.
    virtual std::span<Parameter> parameters() = 0;
    /// Published initialisation (models.md 1.6), drawn from `seed` alone.
    virtual void initialise(std::uint64_t seed) = 0;
    virtual double softMask() const = 0;
    virtual void setSoftMask(double alpha) = 0;
    virtual void setDropPath(double rate) = 0;
    virtual void setAttention(AttentionKind kind) = 0;
    virtual AttentionGeometry attentionGeometry(int layer) const = 0;
};

/// Builds the family's model with uninitialised parameters. Throws Error(Usage | Unsupported).
std::unique_ptr<Model> makeModel(const ModelSpec& spec);

}  // namespace vl
