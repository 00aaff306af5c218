// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <ATen/core/Tensor.h>

#include "engine/api/model_spec.h"
#include "engine/api/types.h"

namespace vl {

/// Frozen: a table that is in the checkpoints and never trained. Buffer: batch statistics, which training updates
/// without a gradient.
enum class ParameterKind { Trained, Frozen, Buffer };

/// A named leaf tensor in the spelling of the published state dict.
struct Parameter {
    std::string name;
    at::Tensor tensor;     ///< requires grad unless frozen or a buffer
    bool decays = true;    ///< false: 1-D, *.bias, pos_embed, cls_token (models.md 3.5)
    ParameterKind kind = ParameterKind::Trained;
};

/// Receives what a forward pass computes; a null probe costs nothing.
class Probe {
public:
    virtual ~Probe() = default;
    /// softmax: [B, heads, N, M] before any mask. The model applies the mask it declares. Local attention gives
    /// [B * windows, heads, n, n], windows row by row; attentionGeometry(layer) says which.
    virtual void attention(int /*layer*/, const at::Tensor& /*softmax*/) {}
    virtual void blockOutput(int /*layer*/, const at::Tensor& /*tokens [B, N, C]*/) {}
    /// Anything else worth a name: "features.2", "psp" ... Models say which in their header.
    virtual void output(std::string_view /*name*/, const at::Tensor& /*value*/) {}
};

enum class AttentionKind { Explicit, Fused };

/// What one forward pass may depend on besides input and weights.
struct ForwardOptions {
    bool training = false;            ///< stochastic depth on
    std::uint64_t seed = 0;           ///< with `step`: the only source of randomness
    std::int64_t step = 0;
    std::int64_t firstSample = 0;     ///< where the first picture stands in the step's batch; draws go by that place
    Probe* probe = nullptr;
};

class Model {
public:
    virtual ~Model() = default;

    virtual const ModelSpec& spec() const = 0;
    /// The model's answer to one batch of pictures [B, channels, S, S], normalised. Classifiers: logits [B, numClasses];
    /// segmentation: logits [B, numClasses, S, S]. Throws Error(Mismatch) for a size the model does not take and
    /// Error(Usage) from families that need more than pictures (their own headers say what).
    virtual at::Tensor forward(const at::Tensor& images, const ForwardOptions& options = {}) = 0;
    /// In state-dict order, frozen tables and buffers included.
    virtual std::span<Parameter> parameters() = 0;
    /// Published initialisation (models.md 1.6), drawn from `seed` alone.
    virtual void initialise(std::uint64_t seed) = 0;
    /// Whether the soft mask is part of this model.
    virtual bool hasSoftMask() const { return false; }
    virtual double softMask() const { return 1; }
    /// Throws Error(Usage) for a rate outside 0 to 1, and for any but 1 in models without a mask.
    virtual void setSoftMask(double alpha);
    /// The base rate; how it spreads over layers is the family's rule (models.md 1.5). No effect where there is none.
    virtual void setDropPath(double rate) = 0;
    virtual void setAttention(AttentionKind kind) = 0;
    /// Layers a probe is told about, 0-based; attention and block outputs count together.
    virtual int layers() const { return spec().depth; }
    virtual AttentionGeometry attentionGeometry(int layer) const = 0;
};

/// Geometry of a layer in which every token of the spec's grid sees every other; the class token where the spec has it.
AttentionGeometry wholeGridGeometry(const ModelSpec& spec);

/// Builds the family's model with uninitialised parameters. Throws Error(Usage | Unsupported).
std::unique_ptr<Model> makeModel(const ModelSpec& spec);

/// Name, shape and kind of every tensor of a model, without memory for any of them (tensors on the meta device).
std::vector<Parameter> describeParameters(const ModelSpec& spec);

/// Moves a model's tensors in place; the handles its parts hold stay valid.
void moveParameters(Model& model, at::Device device, at::ScalarType type);

}  // namespace vl
