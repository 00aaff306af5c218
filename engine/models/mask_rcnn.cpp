// SPDX-License-Identifier: Apache-2.0
#include <vector>

#include "engine/models/detector_heads.h"
#include "engine/models/detector_initialise.h"
#include "engine/models/families.h"
#include "engine/models/fpn.h"
#include "engine/models/mmpretrain_backbone.h"
#include "engine/models/windowed_backbone.h"
#include "engine/nn/detector.h"
#include "engine/nn/pyramid_backbone.h"

namespace vl {
namespace {

/// Either backbone behind one face.
class DetectorBackbone {
public:
    virtual ~DetectorBackbone() = default;
    virtual std::vector<at::Tensor> maps(const at::Tensor& images, const ForwardOptions& options) = 0;
    virtual std::unique_ptr<Neck> makeNeck(ParameterList& parameters) const = 0;
    virtual void initialise(const Parameter& parameter, std::uint64_t seed) const = 0;
    virtual void setDropPath(double rate) = 0;
    virtual void setAttention(AttentionKind kind) = 0;
    virtual AttentionGeometry attentionGeometry(int layer) const = 0;
};

class PyramidPart final : public DetectorBackbone {
public:
    PyramidPart(ParameterList& parameters, const ModelSpec& spec)
        : spec_(spec), pyramid_(parameters, "backbone.", spec, spec.pyramid.normAfterStage) {}
    std::vector<at::Tensor> maps(const at::Tensor& images, const ForwardOptions& options) override {
        return pyramid_.features(images, options);
    }
    std::unique_ptr<Neck> makeNeck(ParameterList& parameters) const override {
        std::vector<std::int64_t> channels;
        for (const PyramidStage& stage : spec_.pyramid.stages)
            channels.push_back(stage.dim);
        return std::make_unique<Fpn>(parameters, "neck", channels, spec_.detect.fpnChannels);
    }
    void initialise(const Parameter& parameter, std::uint64_t seed) const override {
        initialisePyramidTensor(parameter, seed);
    }
    void setDropPath(double rate) override { pyramid_.setDropPath(rate); }
    void setAttention(AttentionKind kind) override { pyramid_.setAttention(kind); }
    AttentionGeometry attentionGeometry(int layer) const override { return pyramid_.attentionGeometry(layer); }

private:
    ModelSpec spec_;
    PyramidBackbone pyramid_;
};

class WindowedPart final : public DetectorBackbone {
public:
    WindowedPart(ParameterList& parameters, const ModelSpec& spec)
        : spec_(spec), encoder_(parameters, "backbone.", spec) {}
    std::vector<at::Tensor> maps(const at::Tensor& images, const ForwardOptions& options) override {
        return {encoder_.features(images, options)};
    }
    std::unique_ptr<Neck> makeNeck(ParameterList& parameters) const override {
        return std::make_unique<SimpleFpn>(parameters, "neck", spec_.dim, spec_.detect.fpnChannels);
    }
    void initialise(const Parameter& parameter, std::uint64_t seed) const override {
        initialiseMmpretrainTensor(parameter, spec_, seed);
    }
    void setDropPath(double rate) override { encoder_.setDropPath(rate); }
    void setAttention(AttentionKind kind) override { encoder_.setAttention(kind); }
    AttentionGeometry attentionGeometry(int layer) const override { return encoder_.attentionGeometry(layer); }

private:
    ModelSpec spec_;
    WindowedBackbone encoder_;
};

std::unique_ptr<DetectorBackbone> makeBackbone(ParameterList& parameters, const ModelSpec& spec) {
    if (spec.detect.backbone == "windowed") return std::make_unique<WindowedPart>(parameters, spec);
    return std::make_unique<PyramidPart>(parameters, spec);
}

HeadSizes headSizes(const ModelSpec& spec) {
    return {spec.detect.fpnChannels, spec.detect.fcChannels, spec.detect.maskChannels, spec.numClasses,
            spec.detect.backbone == "windowed"};
}

class MaskRcnn final : public Detector {
public:
    explicit MaskRcnn(const ModelSpec& spec)
        : spec_(spec),
          backbone_(makeBackbone(parameters_, spec)),
          neck_(backbone_->makeNeck(parameters_)),
          proposals_(parameters_, "rpn_head", headSizes(spec)),
          boxes_(parameters_, "roi_head.bbox_head", headSizes(spec)),
          masks_(parameters_, "roi_head.mask_head", headSizes(spec)) {}

    const ModelSpec& spec() const override { return spec_; }
    std::span<Parameter> parameters() override { return parameters_.items(); }
    std::vector<at::Tensor> features(const at::Tensor& images, const ForwardOptions& options) override {
        return (*neck_)(backbone_->maps(images, options));
    }
    ProposalMaps propose(const std::vector<at::Tensor>& features) override {
        ProposalMaps maps = proposals_(features);
        maps.stride = stride();
        return maps;
    }
    BoxHeadOutput boxHead(const at::Tensor& regions) override { return boxes_(regions); }
    at::Tensor maskHead(const at::Tensor& regions) override { return masks_(regions); }
    void initialise(std::uint64_t seed) override;
    void setDropPath(double rate) override { backbone_->setDropPath(rate); }
    void setAttention(AttentionKind kind) override { backbone_->setAttention(kind); }
    AttentionGeometry attentionGeometry(int layer) const override { return backbone_->attentionGeometry(layer); }

private:
    ModelSpec spec_;
    ParameterList parameters_;
    std::unique_ptr<DetectorBackbone> backbone_;
    std::unique_ptr<Neck> neck_;
    RpnHead proposals_;
    BoxHead boxes_;
    MaskHead masks_;
};

void MaskRcnn::initialise(std::uint64_t seed) {
    for (const Parameter& parameter : parameters_.items()) {
        if (parameter.name.starts_with("backbone.")) {
            backbone_->initialise(parameter, seed);
        } else {
            initialiseDetectorTensor(parameter, headSizes(spec_).layerNormed, seed);
        }
    }
}

}  // namespace

std::unique_ptr<Model> makeMaskRcnn(const ModelSpec& spec) {
    validate(spec);
    return std::make_unique<MaskRcnn>(spec);
}

}  // namespace vl
