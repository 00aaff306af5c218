// SPDX-License-Identifier: Apache-2.0
#include "engine/models/families.h"

#include <string>
#include <vector>

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>

#include "engine/core/error.h"
#include "engine/nn/blocks.h"
#include "engine/nn/branches.h"
#include "engine/nn/initialise.h"
#include "engine/nn/parameter_list.h"
#include "engine/nn/square_input.h"
#include "engine/ops/drop_path.h"
#include "engine/ops/linear.h"
#include "engine/ops/patch_embed.h"
#include "engine/ops/rms_norm.h"

namespace vl {
namespace {

class Illama final : public Model {
public:
    explicit Illama(const ModelSpec& spec);

    const ModelSpec& spec() const override { return spec_; }
    at::Tensor forward(const at::Tensor& images, const ForwardOptions& options) override;
    std::span<Parameter> parameters() override { return parameters_.items(); }
    void initialise(std::uint64_t seed) override;
    bool hasSoftMask() const override { return true; }
    double softMask() const override { return alpha_; }
    void setSoftMask(double alpha) override;
    void setDropPath(double rate) override { dropPath_ = checkedDropPath(rate); }
    void setAttention(AttentionKind kind) override { attention_ = kind; }
    AttentionGeometry attentionGeometry(int layer) const override;

private:
    at::Tensor embed(const at::Tensor& images) const;
    std::int64_t classTokenIndex() const { return spec_.classToken == ClassToken::Last ? spec_.tokens() - 1 : 0; }

    ModelSpec spec_;
    ParameterList parameters_;
    at::Tensor classToken_, positions_, patchWeight_, patchBias_;
    std::vector<Block> blocks_;
    at::Tensor normWeight_, headWeight_, headBias_;
    RopeTable rope_;
    AttentionKind attention_ = AttentionKind::Fused;
    double alpha_;
    double dropPath_ = 0;
};

Illama::Illama(const ModelSpec& spec) : spec_(spec), alpha_(spec.alpha) {
    validate(spec);
    const std::int64_t dim = spec.dim, patch = spec.patchSize;
    classToken_ = parameters_.add("cls_token", {1, 1, dim});
    positions_ = parameters_.add("pos_embed", {1, spec.tokens(), dim});
    patchWeight_ = parameters_.add("patch_embed.proj.weight", {dim, spec.inChannels, patch, patch});
    patchBias_ = parameters_.add("patch_embed.proj.bias", {dim});
    for (int i = 0; i < spec.depth; ++i)
        blocks_.emplace_back(parameters_, "blocks." + std::to_string(i), i, spec);
    normWeight_ = parameters_.add("norm.weight", {dim});
    headWeight_ = parameters_.add("head.weight", {spec.numClasses, dim});
    headBias_ = parameters_.add("head.bias", {spec.numClasses});
    rope_ = ropeTable1d(spec.tokens(), spec.headDim(), spec.ropeTheta);
}

void Illama::initialise(std::uint64_t seed) {
    for (const Parameter& parameter : parameters_.items())
        initialiseTransformerTensor(parameter, spec_, seed);
}

void Illama::setSoftMask(double alpha) {
    if (!(alpha >= 0 && alpha <= 1)) {
        throw Error(ErrorCode::Usage, "Soft-mask rate " + std::to_string(alpha) + " is outside 0 to 1.",
                    "1 is bidirectional, 0 is causal.");
    }
    alpha_ = alpha;
}

AttentionGeometry Illama::attentionGeometry(int) const {
    AttentionGeometry geometry = wholeGridGeometry(spec_);
    geometry.maskAfterSoftmax = true;
    return geometry;
}

at::Tensor Illama::embed(const at::Tensor& images) const {
    const at::Tensor patches = patchEmbed(images, patchWeight_, patchBias_);
    const at::Tensor token = classToken_.expand({images.size(0), 1, spec_.dim});
    const bool last = spec_.classToken == ClassToken::Last;
    return (last ? at::cat({patches, token}, 1) : at::cat({token, patches}, 1)) + positions_;
}

at::Tensor Illama::forward(const at::Tensor& images, const ForwardOptions& options) {
    checkSquareInput(spec_, images);
    const BlockContext context{options, rope_, attention_, alpha_, spec_.normEps};
    // The explicit form and a probed pass compute every row; otherwise the last block is reduced to the row that is
    // read.
    const bool reduceLast = attention_ == AttentionKind::Fused && !options.probe;
    const int whole = reduceLast ? spec_.depth - 1 : spec_.depth;
    at::Tensor x = embed(images);
    for (int i = 0; i < whole; ++i) {
        x = blocks_[static_cast<std::size_t>(i)].forward(x, dropPathRate(dropPath_, i, spec_.depth), context);
    }
    const at::Tensor token =
        reduceLast ? blocks_.back()
                         .forwardToken(x, classTokenIndex(), dropPathRate(dropPath_, whole, spec_.depth), context)
                         .select(1, 0)
                   : x.select(1, classTokenIndex());
    return vl::linear(rmsNorm(token.contiguous(), normWeight_, spec_.normEps), headWeight_, headBias_);
}

}  // namespace

std::unique_ptr<Model> makeIllama(const ModelSpec& spec) { return std::make_unique<Illama>(spec); }

}  // namespace vl
