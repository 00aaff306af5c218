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

/// Turns for the patches, behind the class token's when there is one.
RopeTable rotaryTable(const ModelSpec& spec) {
    constexpr double kTrainedSide = 224;  // AS2DRoPE brings positions of other sizes into the range of this one
    const RopeGrid grid{spec.patches(), spec.grid(), 1, 0, spec.rope.autoScale ? kTrainedSide / spec.imageSize : 1};
    std::vector<RopePosition> positions;
    if (spec.classToken != ClassToken::None) {
        const auto given = static_cast<float>(spec.rope.classTokenPosition);
        positions.push_back(given == -1 ? classTokenPosition(grid) : RopePosition{given, given});  // after scaling (Q4)
    }
    for (const RopePosition& position : gridPositions(grid))
        positions.push_back(position);
    return spec.rope.sharedOverHeads ? ropeTable2d(positions, spec.headDim(), spec.ropeTheta)
                                     : ropeTable2dPerHead(positions, spec.dim, spec.heads, spec.ropeTheta);
}

/// Members that hold tensors are in state-dict order.
class PlainVisionLlama final : public Model {
public:
    explicit PlainVisionLlama(const ModelSpec& spec);

    const ModelSpec& spec() const override { return spec_; }
    at::Tensor forward(const at::Tensor& images, const ForwardOptions& options) override;
    std::span<Parameter> parameters() override { return parameters_.items(); }
    void initialise(std::uint64_t seed) override;
    void setDropPath(double rate) override { dropPath_ = checkedDropPath(rate); }
    void setAttention(AttentionKind kind) override { attention_ = kind; }
    AttentionGeometry attentionGeometry(int layer) const override;

private:
    bool hasToken() const { return spec_.classToken != ClassToken::None; }
    at::Tensor embed(const at::Tensor& images) const;

    ModelSpec spec_;
    ParameterList parameters_;
    at::Tensor classToken_, positions_;
    PatchEmbed patches_;
    LayerNorm norm_;
    Linear head_;
    std::vector<VisionLlamaBlock> blocks_;
    RopeTable rope_;
    AttentionKind attention_ = AttentionKind::Fused;
    double dropPath_ = 0;  ///< of every layer alike (Q16)
};

PlainVisionLlama::PlainVisionLlama(const ModelSpec& spec)
    : spec_(spec),
      classToken_(hasToken() ? parameters_.add("cls_token", {1, 1, spec.dim}) : at::Tensor()),
      positions_(spec.absolutePositions ? parameters_.add("pos_embed", {1, spec.patches() + 1, spec.dim})
                                        : at::Tensor()),
      patches_(parameters_, "patch_embed.proj", spec.inChannels, spec.dim, spec.patchSize),
      norm_(parameters_, "norm", spec.dim, spec.normEps),
      head_(parameters_, "head", spec.dim, spec.numClasses),
      rope_(rotaryTable(spec)) {
    for (int i = 0; i < spec.depth; ++i)
        blocks_.emplace_back(parameters_, "blocks." + std::to_string(i), i, spec);
}

void PlainVisionLlama::initialise(std::uint64_t seed) {
    for (const Parameter& parameter : parameters_.items())
        initialiseTransformerTensor(parameter, spec_, seed);
}

AttentionGeometry PlainVisionLlama::attentionGeometry(int) const { return wholeGridGeometry(spec_); }

at::Tensor PlainVisionLlama::embed(const at::Tensor& images) const {
    at::Tensor x = patches_(images);
    if (hasToken()) x = at::cat({classToken_.expand({images.size(0), 1, spec_.dim}), x}, 1);
    // Without a class token the table keeps its row, unused (models.md 4.3).
    return positions_.defined() ? x + positions_.narrow(1, hasToken() ? 0 : 1, x.size(1)) : x;
}

at::Tensor PlainVisionLlama::forward(const at::Tensor& images, const ForwardOptions& options) {
    checkSquareInput(spec_, images);
    const BlockContext context{options, rope_, attention_, /*alpha=*/1, spec_.normEps};
    // Of the last block only the class token is read, which the fused kernel can compute alone.
    const bool reduceLast =
        hasToken() && attention_ == AttentionKind::Fused && !options.probe && isPlain(rope_, spec_.headDim());
    const std::size_t whole = blocks_.size() - (reduceLast ? 1 : 0);
    at::Tensor x = embed(images);
    for (std::size_t i = 0; i < whole; ++i)
        x = blocks_[i].forward(x, dropPath_, context);
    if (!hasToken()) return head_(norm_(x.mean(1)));  // the norm comes after the mean (Q12)
    const at::Tensor token = reduceLast ? blocks_.back().forwardToken(x, 0, dropPath_, context) : x.narrow(1, 0, 1);
    return head_(norm_(token.select(1, 0).contiguous()));
}

}  // namespace

std::unique_ptr<Model> makePlainVisionLlama(const ModelSpec& spec) {
    validate(spec);
    return std::make_unique<PlainVisionLlama>(spec);
}

}  // namespace vl
