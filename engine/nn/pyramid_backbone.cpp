// SPDX-License-Identifier: Apache-2.0
#include "engine/nn/pyramid_backbone.h"

#include <cmath>
#include <span>

#include <ATen/core/grad_mode.h>

#include "engine/api/pyramid_costs.h"
#include "engine/nn/branches.h"
#include "engine/nn/initialise.h"
#include "engine/nn/pyramid_stages.h"
#include "engine/nn/swiglu_mlp.h"
#include "engine/ops/patch_embed.h"

namespace vl {
namespace {

/// Pre-norm, two branches with LayerScale. Members are in state-dict order.
class PyramidBlock {
public:
    PyramidBlock(ParameterList& parameters, const std::string& prefix, const ModelSpec& spec, const PyramidStage& stage,
                 bool local)
        : scales_(parameters, prefix, stage.dim, spec.layerScale),
          norm1_(parameters, prefix + ".norm1", stage.dim, spec.normEps),
          norm2_(parameters, prefix + ".norm2", stage.dim, spec.normEps),
          mlp_(parameters, prefix + ".mlp", stage.dim, stage.ffnHidden, SwiGluNaming::CFc),
          attention_(parameters, prefix + ".attn", stage, spec.pyramid.window, local) {}

    at::Tensor forward(const at::Tensor& x, int layer, double rate, const StageContext& context) const {
        const ForwardOptions& options = context.options;
        const DropPathKey first = dropPathKey(options, layer, 0), second = dropPathKey(options, layer, 1);
        const at::Tensor attended = attention_.forward(norm1_(x), layer, context);
        const at::Tensor middle = addBranch(x, attended, scales_.gamma1, rate, first);
        const at::Tensor out = addBranch(middle, mlp_(norm2_(middle)), scales_.gamma2, rate, second);
        if (options.probe) options.probe->blockOutput(layer, out);
        return out;
    }

private:
    LayerScales scales_;
    LayerNorm norm1_, norm2_;
    SwiGluFeedForward mlp_;
    StageAttention attention_;
};

struct StageEmbed {
    PatchEmbed proj;
    LayerNorm norm;
};

}  // namespace

class PyramidBackbone::Parts {
public:
    Parts(ParameterList& parameters, const std::string& prefix, const ModelSpec& spec, bool withNormList);

    at::Tensor embed(const at::Tensor& images, const at::Tensor& before, std::size_t stage) const;
    at::Tensor runStage(const at::Tensor& tokens, std::size_t stage, const ForwardOptions& options);
    /// Calls `use(stage, tokens)` after every stage; gives the last tokens.
    template <class Use>
    at::Tensor run(const at::Tensor& images, const ForwardOptions& options, const Use& use);
    const StageTables& tables(std::size_t stage);

    ModelSpec spec;
    std::vector<LayerNorm> stageNorms;
    std::vector<std::vector<PyramidBlock>> blocks;
    std::vector<StageEmbed> embeds;
    std::vector<TokenGrid> grids;       ///< of the picture size last seen
    std::vector<TokenGrid> tableGrids;  ///< what `stageTables` were built for; size and not count decides (Q9)
    std::vector<StageTables> stageTables;
    AttentionKind attention = AttentionKind::Fused;
    double dropPath = 0;
    int depth = 0;
};

PyramidBackbone::Parts::Parts(ParameterList& parameters, const std::string& prefix, const ModelSpec& given,
                              bool withNormList)
    : spec(given), depth(pyramidLayers(given.pyramid)) {
    checkPyramid(spec);
    const auto& stages = spec.pyramid.stages;
    for (std::size_t s = 0; withNormList && s < stages.size(); ++s)
        stageNorms.emplace_back(parameters, prefix + "norm_list." + std::to_string(s), stages[s].dim, spec.normEps);
    for (std::size_t s = 0; s < stages.size(); ++s) {
        auto& layers = blocks.emplace_back();
        for (int j = 0; j < stages[s].depth; ++j) {
            const std::string name = prefix + "blocks." + std::to_string(s) + "." + std::to_string(j);
            layers.emplace_back(parameters, name, spec, stages[s], j % 2 == 0);
        }
    }
    for (std::size_t s = 0; s < stages.size(); ++s) {
        const std::string name = prefix + "patch_embeds." + std::to_string(s);
        const int channels = s == 0 ? spec.inChannels : stages[s - 1].dim, patch = s == 0 ? spec.patchSize : 2;
        PatchEmbed proj(parameters, name + ".proj", channels, stages[s].dim, patch);
        embeds.push_back({proj, LayerNorm(parameters, name + ".norm", stages[s].dim, spec.normEps)});
    }
    grids = stageGrids(spec, spec.imageSize, spec.imageSize);
    tableGrids.resize(stages.size());
    stageTables.resize(stages.size());
}

const StageTables& PyramidBackbone::Parts::tables(std::size_t stage) {
    if (tableGrids[stage] != grids[stage]) {
        stageTables[stage] = rotaryTables(spec, static_cast<int>(stage), grids[stage]);
        tableGrids[stage] = grids[stage];
    }
    return stageTables[stage];
}

at::Tensor PyramidBackbone::Parts::embed(const at::Tensor& images, const at::Tensor& before, std::size_t stage) const {
    const StageEmbed& part = embeds[stage];
    return part.norm(stage == 0 ? part.proj(images)
                                : mergeSquares(before, grids[stage - 1], part.proj.weight, part.proj.bias));
}

at::Tensor PyramidBackbone::Parts::runStage(const at::Tensor& tokens, std::size_t stage,
                                            const ForwardOptions& options) {
    const StageContext context{grids[stage], tables(stage), options, attention};
    int layer = 0;
    for (std::size_t s = 0; s < stage; ++s)
        layer += spec.pyramid.stages[s].depth;
    at::Tensor x = tokens;
    for (const PyramidBlock& block : blocks[stage]) {
        x = block.forward(x, layer, options.training ? dropPathRate(dropPath, layer, depth) : 0, context);
        ++layer;
    }
    return stageNorms.empty() ? x : stageNorms[stage](x);
}

template <class Use>
at::Tensor PyramidBackbone::Parts::run(const at::Tensor& images, const ForwardOptions& options, const Use& use) {
    grids = stageGrids(spec, images);
    at::Tensor x;
    for (std::size_t stage = 0; stage < blocks.size(); ++stage) {
        x = runStage(embed(images, x, stage), stage, options);
        use(stage, x);
    }
    return x;
}

PyramidBackbone::PyramidBackbone(ParameterList& parameters, const std::string& prefix, const ModelSpec& spec,
                                 bool withNormList)
    : parts_(std::make_unique<Parts>(parameters, prefix, spec, withNormList)) {}
PyramidBackbone::~PyramidBackbone() = default;
PyramidBackbone::PyramidBackbone(PyramidBackbone&&) noexcept = default;

std::vector<at::Tensor> PyramidBackbone::features(const at::Tensor& images, const ForwardOptions& options) {
    std::vector<at::Tensor> maps;
    parts_->run(images, options, [&](std::size_t stage, const at::Tensor& tokens) {
        maps.push_back(tokensToMap(tokens, parts_->grids[stage]));
    });
    return maps;
}

at::Tensor PyramidBackbone::tokens(const at::Tensor& images, const ForwardOptions& options) {
    return parts_->run(images, options, [](std::size_t, const at::Tensor&) {});
}

void PyramidBackbone::setDropPath(double rate) { parts_->dropPath = checkedDropPath(rate); }

void PyramidBackbone::setAttention(AttentionKind kind) { parts_->attention = kind; }

int PyramidBackbone::layers() const { return parts_->depth; }

AttentionGeometry PyramidBackbone::attentionGeometry(int layer) const {
    return pyramidGeometry(parts_->spec, layer, parts_->grids);
}

void initialisePyramidTensor(const Parameter& parameter, std::uint64_t seed) {
    constexpr double kStd = 0.02;
    const InitialDraw draw{seed, parameter.name};
    const at::Tensor& tensor = parameter.tensor;
    const bool gamma = parameter.name.ends_with(".gamma_1") || parameter.name.ends_with(".gamma_2");
    if (tensor.dim() == 1) return fillConstant(tensor, gamma ? 1e-4 : parameter.name.ends_with(".bias") ? 0 : 1);
    fillTruncatedNormal(tensor, kStd, draw);
    if (tensor.dim() != 4) return;
    // The cut at 2 lies a hundred deviations out at 0.02, so a scaled draw is the plain normal that convolutions get.
    const bool depthwise = parameter.name.find("pos_block") != std::string::npos;
    const auto outputs = static_cast<double>(depthwise ? 1 : tensor.size(0));
    const double fanOut = outputs * static_cast<double>(tensor.size(2) * tensor.size(3));
    const at::NoGradGuard noGrad;
    at::Tensor(tensor).mul_(std::sqrt(2 / fanOut) / kStd);
}

}  // namespace vl
