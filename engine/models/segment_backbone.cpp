// SPDX-License-Identifier: Apache-2.0
#include "engine/models/segment_backbone.h"

#include "engine/models/mmpretrain_backbone.h"
#include "engine/nn/pyramid_backbone.h"

namespace vl {
namespace {

class PyramidSegmentBackbone final : public SegmentBackbone {
public:
    PyramidSegmentBackbone(ParameterList& parameters, const std::string& prefix, const ModelSpec& spec)
        : spec_(spec), body_(parameters, prefix, spec, spec.pyramid.normAfterStage) {}

    std::vector<at::Tensor> features(const at::Tensor& images, const ForwardOptions& options) override {
        return body_.features(images, options);
    }
    std::vector<std::int64_t> channels() const override {
        std::vector<std::int64_t> widths;
        for (const PyramidStage& stage : spec_.pyramid.stages)
            widths.push_back(stage.dim);
        return widths;
    }
    bool needsNeck() const override { return false; }
    void initialise(const Parameter& parameter, std::uint64_t seed) const override {
        initialisePyramidTensor(parameter, seed);
    }
    bool decays(const Parameter& parameter) const override { return parameter.name.find("norm") == std::string::npos; }
    void setDropPath(double rate) override { body_.setDropPath(rate); }
    void setAttention(AttentionKind kind) override { body_.setAttention(kind); }
    int layers() const override { return body_.layers(); }
    AttentionGeometry attentionGeometry(int layer) const override { return body_.attentionGeometry(layer); }

private:
    ModelSpec spec_;
    PyramidBackbone body_;
};

class PlainSegmentBackbone final : public SegmentBackbone {
public:
    PlainSegmentBackbone(ParameterList& parameters, const std::string& prefix, const ModelSpec& spec)
        : spec_(spec), body_(parameters, prefix, spec, {.finalNorm = spec.finalNorm}) {}

    std::vector<at::Tensor> features(const at::Tensor& images, const ForwardOptions& options) override {
        return body_.featureMaps(images, spec_.segment.outLayers, options);
    }
    std::vector<std::int64_t> channels() const override { return std::vector<std::int64_t>(4, spec_.dim); }
    bool needsNeck() const override { return true; }
    void initialise(const Parameter& parameter, std::uint64_t seed) const override {
        initialiseMmpretrainTensor(parameter, spec_, seed);
    }
    bool decays(const Parameter& parameter) const override {
        return parameterDecays(parameter.name, parameter.tensor.dim());
    }
    void setDropPath(double rate) override { body_.setDropPath(rate); }
    void setAttention(AttentionKind kind) override { body_.setAttention(kind); }
    int layers() const override { return spec_.depth; }
    AttentionGeometry attentionGeometry(int layer) const override { return body_.attentionGeometry(layer); }

private:
    ModelSpec spec_;
    MmpretrainBackbone body_;
};

}  // namespace

std::unique_ptr<SegmentBackbone> makeSegmentBackbone(ParameterList& parameters, const std::string& prefix,
                                                     const ModelSpec& spec) {
    if (spec.segment.backbone == "plain") return std::make_unique<PlainSegmentBackbone>(parameters, prefix, spec);
    if (spec.segment.backbone == "illama") return makeIllamaSegmentBackbone(parameters, prefix, spec);
    return std::make_unique<PyramidSegmentBackbone>(parameters, prefix, spec);
}

}  // namespace vl
