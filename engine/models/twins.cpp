// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include <ATen/TensorOperators.h>

#include "engine/models/families.h"
#include "engine/nn/branches.h"
#include "engine/nn/pyramid_backbone.h"
#include "engine/nn/pyramid_stages.h"

namespace vl {
namespace {

/// Pre-norm, two branches without factors, GELU MLP. Members are in state-dict order.
class TwinsBlock {
public:
    TwinsBlock(ParameterList& parameters, const std::string& prefix, const ModelSpec& spec, const PyramidStage& stage,
               bool local)
        : norm1_(parameters, prefix + ".norm1", stage.dim, spec.normEps),
          attention_(parameters, prefix + ".attn", stage, spec.pyramid.window, local),
          norm2_(parameters, prefix + ".norm2", stage.dim, spec.normEps),
          mlp_(parameters, prefix + ".mlp", stage.dim, stage.ffnHidden, /*tanhForm=*/false, {}) {}

    at::Tensor forward(const at::Tensor& x, int layer, double rate, const StageContext& context) const {
        const ForwardOptions& options = context.options;
        const DropPathKey first = dropPathKey(options, layer, 0), second = dropPathKey(options, layer, 1);
        const at::Tensor middle = addBranch(x, attention_.forward(norm1_(x), layer, context), {}, rate, first);
        const at::Tensor out = addBranch(middle, mlp_(norm2_(middle)), {}, rate, second);
        if (options.probe) options.probe->blockOutput(layer, out);
        return out;
    }

private:
    LayerNorm norm1_;
    StageAttention attention_;
    LayerNorm norm2_;
    GeluMlp mlp_;
};

struct StageEmbed {
    PatchEmbed proj;
    LayerNorm norm;
};

/// Twins-SVT. Where tokens lie comes from one depthwise convolution a stage, after its first block. Takes the picture
/// sizes that its stages come out even for. Members that hold tensors are in state-dict order.
class Twins final : public Model {
public:
    explicit Twins(const ModelSpec& spec);

    const ModelSpec& spec() const override { return spec_; }
    at::Tensor forward(const at::Tensor& images, const ForwardOptions& options) override;
    std::span<Parameter> parameters() override { return parameters_.items(); }
    void initialise(std::uint64_t seed) override {
        for (const Parameter& parameter : parameters_.items())
            initialisePyramidTensor(parameter, seed);
    }
    void setDropPath(double rate) override { dropPath_ = checkedDropPath(rate); }
    void setAttention(AttentionKind kind) override { attention_ = kind; }
    AttentionGeometry attentionGeometry(int layer) const override { return pyramidGeometry(spec_, layer, grids_); }

private:
    std::vector<StageEmbed> makeEmbeds();
    std::vector<std::vector<TwinsBlock>> makeBlocks();
    std::vector<Conv2d> makePositions();
    at::Tensor runStage(const at::Tensor& tokens, std::size_t stage, const ForwardOptions& options) const;

    ModelSpec spec_;
    ParameterList parameters_;
    std::vector<StageEmbed> embeds_;
    std::vector<std::vector<TwinsBlock>> blocks_;
    std::vector<Conv2d> positions_;
    LayerNorm norm_;
    Linear head_;
    std::vector<TokenGrid> grids_;  ///< of the picture size last seen
    AttentionKind attention_ = AttentionKind::Fused;
    double dropPath_ = 0;
};

Twins::Twins(const ModelSpec& spec)
    : spec_(spec),
      embeds_(makeEmbeds()),
      blocks_(makeBlocks()),
      positions_(makePositions()),
      norm_(parameters_, "norm", spec.dim, spec.normEps),
      head_(parameters_, "head", spec.dim, spec.numClasses),
      grids_(stageGrids(spec, spec.imageSize, spec.imageSize)) {}

std::vector<StageEmbed> Twins::makeEmbeds() {
    constexpr double kEmbedEps = 1e-5;
    std::vector<StageEmbed> embeds;
    const auto& stages = spec_.pyramid.stages;
    for (std::size_t s = 0; s < stages.size(); ++s) {
        const std::string name = "patch_embeds." + std::to_string(s);
        const int channels = s == 0 ? spec_.inChannels : stages[s - 1].dim, patch = s == 0 ? spec_.patchSize : 2;
        PatchEmbed proj(parameters_, name + ".proj", channels, stages[s].dim, patch);
        embeds.push_back({proj, LayerNorm(parameters_, name + ".norm", stages[s].dim, kEmbedEps)});
    }
    return embeds;
}

std::vector<std::vector<TwinsBlock>> Twins::makeBlocks() {
    std::vector<std::vector<TwinsBlock>> blocks;
    for (const PyramidStage& stage : spec_.pyramid.stages) {
        const std::string prefix = "blocks." + std::to_string(blocks.size()) + ".";
        auto& layers = blocks.emplace_back();
        for (int j = 0; j < stage.depth; ++j)
            layers.emplace_back(parameters_, prefix + std::to_string(j), spec_, stage, j % 2 == 0);
    }
    return blocks;
}

std::vector<Conv2d> Twins::makePositions() {
    std::vector<Conv2d> convolutions;
    for (const PyramidStage& stage : spec_.pyramid.stages) {
        const std::string name = "pos_block." + std::to_string(convolutions.size()) + ".proj.0";
        convolutions.emplace_back(parameters_, name, stage.dim, stage.dim,
                                  ConvOptions{.kernel = 3, .padding = 1, .groups = stage.dim});
    }
    return convolutions;
}

at::Tensor Twins::runStage(const at::Tensor& tokens, std::size_t stage, const ForwardOptions& options) const {
    const StageTables tables = tablesWithoutRotation(spec_, static_cast<int>(stage));
    const StageContext context{grids_[stage], tables, options, attention_};
    int layer = 0;
    for (std::size_t s = 0; s < stage; ++s)
        layer += spec_.pyramid.stages[s].depth;
    at::Tensor x = tokens;
    for (std::size_t j = 0; j < blocks_[stage].size(); ++j, ++layer) {
        const double rate = options.training ? dropPathRate(dropPath_, layer, pyramidLayers(spec_.pyramid)) : 0;
        x = blocks_[stage][j].forward(x, layer, rate, context);
        if (j == 0) x = x + mapToTokens(positions_[stage](tokensToMap(x, grids_[stage])));
    }
    return x;
}

at::Tensor Twins::forward(const at::Tensor& images, const ForwardOptions& options) {
    grids_ = stageGrids(spec_, images);
    at::Tensor x;
    for (std::size_t stage = 0; stage < blocks_.size(); ++stage) {
        const StageEmbed& embed = embeds_[stage];
        x = embed.norm(stage == 0 ? embed.proj(images)
                                  : mergeSquares(x, grids_[stage - 1], embed.proj.weight, embed.proj.bias));
        x = runStage(x, stage, options);
    }
    return head_(norm_(x).mean(1));
}

}  // namespace

std::unique_ptr<Model> makeTwins(const ModelSpec& spec) {
    validate(spec);
    return std::make_unique<Twins>(spec);
}

}  // namespace vl
