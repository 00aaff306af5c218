// SPDX-License-Identifier: Apache-2.0

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>

#include "engine/models/segment_backbone.h"
#include "engine/nn/blocks.h"
#include "engine/nn/branches.h"
#include "engine/nn/initialise.h"
#include "engine/nn/layers.h"
#include "engine/nn/square_input.h"
#include "engine/ops/drop_path.h"

namespace vl {
namespace {

/// iLLaMA's body (models.md 3) under dense heads: patches of chosen blocks as maps, the class token left out, no norm.
class IllamaSegmentBackbone final : public SegmentBackbone {
public:
    IllamaSegmentBackbone(ParameterList& parameters, const std::string& prefix, const ModelSpec& spec);

    std::vector<at::Tensor> features(const at::Tensor& images, const ForwardOptions& options) override;
    std::vector<std::int64_t> channels() const override { return std::vector<std::int64_t>(4, spec_.dim); }
    bool needsNeck() const override { return true; }
    void initialise(const Parameter& parameter, std::uint64_t seed) const override {
        initialiseTransformerTensor(parameter, spec_, seed);
    }
    bool decays(const Parameter& parameter) const override {
        return parameterDecays(parameter.name, parameter.tensor.dim()) && !parameter.name.ends_with("pos_embed") &&
               !parameter.name.ends_with("cls_token");
    }
    void setDropPath(double rate) override {
        dropPath_ = checkedDropPath(rate);
    }
    void setAttention(AttentionKind kind) override { attention_ = kind; }
    int layers() const override { return spec_.depth; }
    AttentionGeometry attentionGeometry(int layer) const override;
    bool hasSoftMask() const override { return true; }
    void setSoftMask(double alpha) override { spec_.alpha = alpha; }

private:
    std::int64_t firstPatch() const { return spec_.classToken == ClassToken::First ? 1 : 0; }
    at::Tensor embed(const at::Tensor& images) const;

    ModelSpec spec_;
    at::Tensor classToken_, positions_;
    std::unique_ptr<PatchEmbed> patches_;
    std::vector<Block> blocks_;
    RopeTable rope_;
    AttentionKind attention_ = AttentionKind::Fused;
    double dropPath_ = 0;
};

IllamaSegmentBackbone::IllamaSegmentBackbone(ParameterList& parameters, const std::string& prefix,
                                             const ModelSpec& spec)
    : spec_(spec),
      classToken_(parameters.add(prefix + "cls_token", {1, 1, spec.dim})),
      positions_(parameters.add(prefix + "pos_embed", {1, spec.tokens(), spec.dim})),
      patches_(std::make_unique<PatchEmbed>(parameters, prefix + "patch_embed.proj", spec.inChannels, spec.dim,
                                            spec.patchSize)) {
    for (int i = 0; i < spec.depth; ++i)
        blocks_.emplace_back(parameters, prefix + "blocks." + std::to_string(i), i, spec);
    rope_ = ropeTable1d(spec.tokens(), spec.headDim(), spec.ropeTheta);
}

AttentionGeometry IllamaSegmentBackbone::attentionGeometry(int) const {
    AttentionGeometry geometry = wholeGridGeometry(spec_);
    geometry.maskAfterSoftmax = true;
    return geometry;
}

at::Tensor IllamaSegmentBackbone::embed(const at::Tensor& images) const {
    checkSquareInput(spec_, images);
    const at::Tensor patches = (*patches_)(images);
    const at::Tensor token = classToken_.expand({images.size(0), 1, spec_.dim});
    return (firstPatch() ? at::cat({token, patches}, 1) : at::cat({patches, token}, 1)) + positions_;
}

std::vector<at::Tensor> IllamaSegmentBackbone::features(const at::Tensor& images, const ForwardOptions& options) {
    const std::vector<int>& wanted = spec_.segment.outLayers;
    const BlockContext context{options, rope_, attention_, spec_.alpha, spec_.normEps};
    std::vector<at::Tensor> maps(wanted.size());
    at::Tensor x = embed(images);
    for (int i = 0; i < spec_.depth; ++i) {
        x = blocks_[static_cast<std::size_t>(i)].forward(x, dropPathRate(dropPath_, i, spec_.depth), context);
        for (std::size_t k = 0; k < wanted.size(); ++k) {
            if (wanted[k] != i) continue;
            const at::Tensor patches = x.narrow(1, firstPatch(), spec_.patches());
            maps[k] = patches.transpose(1, 2).unflatten(2, {spec_.grid(), spec_.grid()}).contiguous();
        }
    }
    return maps;
}

}  // namespace

std::unique_ptr<SegmentBackbone> makeIllamaSegmentBackbone(ParameterList& parameters, const std::string& prefix,
                                                           const ModelSpec& spec) {
    return std::make_unique<IllamaSegmentBackbone>(parameters, prefix, spec);
}

}  // namespace vl
