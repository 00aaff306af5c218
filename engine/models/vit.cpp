// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>

#include "engine/models/families.h"
#include "engine/nn/initialise.h"
#include "engine/nn/square_input.h"
#include "engine/nn/vision_blocks.h"

namespace vl {
namespace {

/// Members that hold tensors are in state-dict order.
class Vit final : public Model {
public:
    explicit Vit(const ModelSpec& spec);

    const ModelSpec& spec() const override { return spec_; }
    at::Tensor forward(const at::Tensor& images, const ForwardOptions& options) override;
    std::span<Parameter> parameters() override { return parameters_.items(); }
    void initialise(std::uint64_t seed) override;
    void setDropPath(double rate) override { dropPath_ = checkedDropPath(rate); }
    void setAttention(AttentionKind kind) override { attention_ = kind; }
    AttentionGeometry attentionGeometry(int layer) const override;

private:
    bool hasToken() const { return spec_.classToken != ClassToken::None; }
    double rate(std::size_t layer) const { return dropPathRate(dropPath_, static_cast<int>(layer), spec_.depth); }
    std::vector<VitBlock> makeBlocks();

    ModelSpec spec_;
    ParameterList parameters_;
    at::Tensor classToken_, positions_;
    PatchEmbed patches_;
    std::vector<VitBlock> blocks_;
    LayerNorm norm_;
    Linear head_;
    RopeTable noTurn_;  ///< lets the same attention kernel serve
    AttentionKind attention_ = AttentionKind::Fused;
    double dropPath_ = 0;
};

Vit::Vit(const ModelSpec& spec)
    : spec_(spec),
      classToken_(hasToken() ? parameters_.add("cls_token", {1, 1, spec.dim}) : at::Tensor()),
      positions_(parameters_.add("pos_embed", {1, spec.tokens(), spec.dim})),
      patches_(parameters_, "patch_embed.proj", spec.inChannels, spec.dim, spec.patchSize),
      blocks_(makeBlocks()),
      norm_(parameters_, "norm", spec.dim, spec.normEps),
      head_(parameters_, "head", spec.dim, spec.numClasses),
      noTurn_(ropeTableIdentity(spec.tokens(), spec.headDim())) {}

std::vector<VitBlock> Vit::makeBlocks() {
    std::vector<VitBlock> blocks;
    for (int i = 0; i < spec_.depth; ++i)
        blocks.emplace_back(parameters_, "blocks." + std::to_string(i), i, spec_);
    return blocks;
}

void Vit::initialise(std::uint64_t seed) {
    for (const Parameter& parameter : parameters_.items())
        initialiseTransformerTensor(parameter, spec_, seed);
}

AttentionGeometry Vit::attentionGeometry(int) const { return wholeGridGeometry(spec_); }

at::Tensor Vit::forward(const at::Tensor& images, const ForwardOptions& options) {
    checkSquareInput(spec_, images);
    const BlockContext context{options, noTurn_, attention_, /*alpha=*/1, spec_.normEps};
    const bool reduceLast = hasToken() && attention_ == AttentionKind::Fused && !options.probe;
    const std::size_t whole = blocks_.size() - (reduceLast ? 1 : 0);
    at::Tensor x = patches_(images);
    if (hasToken()) x = at::cat({classToken_.expand({images.size(0), 1, spec_.dim}), x}, 1);
    x = x + positions_;
    for (std::size_t i = 0; i < whole; ++i)
        x = blocks_[i].forward(x, rate(i), context);
    if (!hasToken()) return head_(norm_(x).mean(1));  // unlike VisionLLaMA's, the mean comes after the norm
    const at::Tensor token = reduceLast ? blocks_.back().forwardToken(x, 0, rate(whole), context) : x.narrow(1, 0, 1);
    return head_(norm_(token.select(1, 0).contiguous()));
}

}  // namespace

std::unique_ptr<Model> makeVit(const ModelSpec& spec) {
    validate(spec);
    return std::make_unique<Vit>(spec);
}

}  // namespace vl
