// SPDX-License-Identifier: Apache-2.0
#include "engine/nn/denoiser.h"

#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/silu.h>

#include "engine/api/denoiser_presets.h"
#include "engine/core/error.h"
#include "engine/models/denoiser_block.h"
#include "engine/models/denoiser_conditions.h"
#include "engine/models/families.h"
#include "engine/nn/initialise.h"
#include "engine/nn/square_input.h"

namespace vl {
namespace {

class DiffusionTransformer final : public Denoiser {
public:
    explicit DiffusionTransformer(const ModelSpec& spec);

    const ModelSpec& spec() const override { return spec_; }
    at::Tensor denoise(const at::Tensor& x, const at::Tensor& t, const at::Tensor& y,
                       const ForwardOptions& options) override;
    std::int64_t outChannels() const override {
        return isFlowDenoiser(spec_) ? spec_.inChannels : denoiserHeadChannels(spec_);
    }
    std::span<Parameter> parameters() override { return parameters_.items(); }
    void initialise(std::uint64_t seed) override;
    void setDropPath(double) override {}  // models.md 7.3: no stochastic depth
    void setAttention(AttentionKind kind) override { attention_ = kind; }
    AttentionGeometry attentionGeometry(int layer) const override;

private:
    void checkInput(const at::Tensor& x, const at::Tensor& t, const at::Tensor& y) const;
    const RopeTable& ropeOn(at::Device device);
    at::Tensor unpatchify(const at::Tensor& patches) const;

    ModelSpec spec_;
    ParameterList parameters_;
    at::Tensor positions_;
    PatchEmbed patches_;
    TimestepEmbedder timestep_;
    LabelEmbedder label_;
    std::vector<DenoiserBlock> blocks_;
    std::optional<DenoiserHead> head_;
    RopeTable rope_;
    AttentionKind attention_ = AttentionKind::Fused;
};

RopeTable rotation(const ModelSpec& spec) {
    if (!isLlamaDenoiser(spec)) return ropeTableIdentity(spec.tokens(), spec.headDim());
    return ropeTable2d(gridPositions({.count = spec.tokens(), .width = spec.grid()}), spec.headDim(), spec.ropeTheta);
}

DiffusionTransformer::DiffusionTransformer(const ModelSpec& spec)
    : spec_(spec),
      positions_(parameters_.addFrozen("pos_embed", {1, spec.tokens(), spec.dim})),
      patches_(parameters_, "x_embedder.proj", spec.inChannels, spec.dim, spec.patchSize),
      timestep_(parameters_, spec.dim),
      label_(parameters_, spec),
      rope_(rotation(spec)) {
    const bool llama = isLlamaDenoiser(spec);
    if (llama) head_.emplace(parameters_, spec);  // the LLaMA form registers its head first
    for (int i = 0; i < spec.depth; ++i) {
        blocks_.push_back(llama ? DenoiserBlock::llama(parameters_, i, spec)
                                : DenoiserBlock::baseline(parameters_, i, spec));
    }
    if (!llama) head_.emplace(parameters_, spec);
}

/// models.md 1.6. Modulations and the last map start at zero, so a fresh model answers zero.
void DiffusionTransformer::initialise(std::uint64_t seed) {
    for (const Parameter& parameter : parameters_.items()) {
        const std::string& name = parameter.name;
        const at::Tensor& tensor = parameter.tensor;
        const InitialDraw draw{seed, name};
        if (name == "pos_embed") {
            const at::NoGradGuard noGrad;
            at::Tensor(tensor).copy_(sinCosPositions(spec_.grid(), spec_.dim));
        } else if (tensor.dim() == 1 || name.find("adaLN") != std::string::npos || name.starts_with("final_layer.")) {
            fillConstant(tensor, 0);
        } else if (name.starts_with("t_embedder.") || name.starts_with("y_embedder.")) {
            fillTruncatedNormal(tensor, 0.02, draw);  // the cut is a hundred deviations out
        } else {
            const std::int64_t fanOut = tensor.size(0), fanIn = tensor.numel() / fanOut;
            fillUniform(tensor, std::sqrt(6.0 / static_cast<double>(fanIn + fanOut)), draw);
        }
    }
}

AttentionGeometry DiffusionTransformer::attentionGeometry(int) const {
    AttentionGeometry geometry = wholeGridGeometry(spec_);
    // What layers see of a guided batch (denoiseGuided): [conditional; unconditional] halves of the same latents.
    geometry.guidedHalves = true;
    return geometry;
}

void DiffusionTransformer::checkInput(const at::Tensor& x, const at::Tensor& t, const at::Tensor& y) const {
    const bool fits = x.dim() == 4 && x.size(1) == spec_.inChannels && x.size(2) == spec_.imageSize &&
                      x.size(3) == spec_.imageSize;
    if (!fits) {
        const std::string side = std::to_string(spec_.imageSize);
        throw Error(ErrorCode::Mismatch,
                    "Model '" + spec_.name + "' takes batches of " + std::to_string(spec_.inChannels) + " x " + side +
                        " x " + side + " latents, but got a tensor of " + shapeText(x) + ".",
                    "Use latents of that size, or build the model for yours.");
    }
    for (const at::Tensor& condition : {t, y}) {
        if (condition.dim() == 1 && condition.size(0) == x.size(0)) continue;
        throw Error(ErrorCode::Mismatch,
                    "A batch of " + std::to_string(x.size(0)) + " latents needs as many times and classes, but got " +
                        shapeText(condition) + ".",
                    "Give one time and one class number for every latent.");
    }
}

/// The table beside the activations, moved once and not at every layer of every step.
const RopeTable& DiffusionTransformer::ropeOn(at::Device device) {
    for (at::Tensor* table : {&rope_.cosine, &rope_.sine, &rope_.cosinePairs, &rope_.sinePairs}) {
        if (table->device() != device) *table = table->to(device);
    }
    return rope_;
}

at::Tensor DiffusionTransformer::denoise(const at::Tensor& x, const at::Tensor& t, const at::Tensor& y,
                                         const ForwardOptions& options) {
    checkInput(x, t, y);
    const BlockContext context{options, ropeOn(x.device()), attention_, /*alpha=*/1, spec_.normEps};
    // Every published modulation starts with a SiLU of the same sum; here it is computed once.
    const at::Tensor conditions = at::silu(timestep_(t) + label_(y, options));
    at::Tensor tokens = patches_(x);
    if (!isLlamaDenoiser(spec_)) tokens = tokens + positions_;  // LLaMA forms store the table and never read it (Q26)
    for (const DenoiserBlock& block : blocks_)
        tokens = block.forward(tokens, conditions, context);
    return unpatchify(head_->forward(tokens, conditions, spec_.normEps));
}

/// [B, N, P * P * head channels], channel fastest -> [B, outChannels(), S, S]. Flow models drop the second half of the
/// channels (Q28).
at::Tensor DiffusionTransformer::unpatchify(const at::Tensor& patches) const {
    const std::int64_t grid = spec_.grid(), patch = spec_.patchSize, side = spec_.imageSize;
    return patches.view({patches.size(0), grid, grid, patch, patch, denoiserHeadChannels(spec_)})
        .narrow(5, 0, outChannels())
        .permute({0, 5, 1, 3, 2, 4})
        .reshape({patches.size(0), outChannels(), side, side});
}

}  // namespace

std::unique_ptr<Model> makeDenoiser(const ModelSpec& spec) {
    validate(spec);
    return std::make_unique<DiffusionTransformer>(spec);
}

}  // namespace vl
