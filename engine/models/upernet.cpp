// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <memory>
#include <string>
#include <string_view>

#include "engine/core/error.h"
#include "engine/models/families.h"
#include "engine/models/feature_pyramid.h"
#include "engine/models/segment_backbone.h"
#include "engine/models/uper_head.h"
#include "engine/nn/initialise.h"
#include "engine/nn/segmenter.h"

namespace vl {
namespace {

/// models.md 8. A probe also hears "psp", the output of the pyramid pooling, and "features.0" to "features.3".
class UperNet final : public Segmenter {
public:
    explicit UperNet(const ModelSpec& spec);

    const ModelSpec& spec() const override { return spec_; }
    SegmentOutput segment(const at::Tensor& images, const ForwardOptions& options) override;
    std::span<Parameter> parameters() override { return parameters_.items(); }
    void initialise(std::uint64_t seed) override;
    bool hasSoftMask() const override { return backbone_->hasSoftMask(); }
    double softMask() const override { return alpha_; }
    void setSoftMask(double alpha) override;
    void setDropPath(double rate) override { backbone_->setDropPath(rate); }
    void setHeadDropout(double rate) override;
    void setAttention(AttentionKind kind) override { backbone_->setAttention(kind); }
    int layers() const override { return backbone_->layers(); }
    AttentionGeometry attentionGeometry(int layer) const override { return backbone_->attentionGeometry(layer); }

private:
    void tellProbe(const SegmentOutput& output, Probe& probe) const;

    ModelSpec spec_;
    ParameterList parameters_;
    std::unique_ptr<SegmentBackbone> backbone_;
    std::unique_ptr<Feature2Pyramid> neck_;
    std::unique_ptr<UperHead> head_;
    std::unique_ptr<FcnHead> auxiliary_;
    double headDropout_ = 0.1;
    double alpha_ = 1;
};

UperNet::UperNet(const ModelSpec& spec) : spec_(spec) {
    validate(spec);
    backbone_ = makeSegmentBackbone(parameters_, "backbone.", spec);
    if (backbone_->hasSoftMask()) alpha_ = spec.alpha;
    const std::vector<std::int64_t> channels = backbone_->channels();
    if (backbone_->needsNeck()) neck_ = std::make_unique<Feature2Pyramid>(parameters_, "neck.", spec.dim);
    head_ =
        std::make_unique<UperHead>(parameters_, "decode_head.", channels, spec.segment.headChannels, spec.numClasses);
    auxiliary_ = std::make_unique<FcnHead>(parameters_, "auxiliary_head.", channels[2], spec.segment.auxChannels,
                                           spec.numClasses);
    for (Parameter& parameter : parameters_.items()) {
        if (parameter.kind == ParameterKind::Trained) parameter.decays = backbone_->decays(parameter);
    }
}

/// Of necks and heads: convolutions before a BatchNorm by fan-out, deconvolutions as torch makes them, the last layers
/// N(0, 0.01) (models.md 8.3).
void initialiseDense(const Parameter& parameter, std::uint64_t seed) {
    const at::Tensor& tensor = parameter.tensor;
    const std::string& name = parameter.name;
    const InitialDraw draw{seed, name};
    // Seen from the deconvolution's output every input contributes through size(1) * 4 weights; torch bounds by those.
    const auto deconvolutionFan = [](std::int64_t channels) { return static_cast<double>(4 * channels); };
    if (parameter.kind == ParameterKind::Buffer) {
        fillConstant(tensor, name.ends_with("running_var") ? 1 : 0);
    } else if (name.ends_with("conv_seg.weight")) {
        fillTruncatedNormal(tensor, 0.01, draw);
    } else if (name.starts_with("neck.") && tensor.dim() == 4) {
        fillUniform(tensor, 1 / std::sqrt(deconvolutionFan(tensor.size(1))), draw);
    } else if (tensor.dim() == 4) {
        const auto fanOut = static_cast<double>(tensor.size(0) * tensor.size(2) * tensor.size(3));
        fillTruncatedNormal(tensor, std::sqrt(2 / fanOut), draw);
    } else if (name.starts_with("neck.") && name.ends_with(".bias") &&
               name.find("upsample_4x.1") == std::string::npos) {
        fillUniform(tensor, 1 / std::sqrt(deconvolutionFan(tensor.size(0))), draw);
    } else {
        fillConstant(tensor, name.ends_with(".bias") ? 0 : 1);
    }
}

void UperNet::initialise(std::uint64_t seed) {
    for (const Parameter& parameter : parameters_.items()) {
        if (parameter.name.starts_with("backbone.")) {
            backbone_->initialise(parameter, seed);
        } else {
            initialiseDense(parameter, seed);
        }
    }
}

void UperNet::setSoftMask(double alpha) {
    if (!hasSoftMask()) return Model::setSoftMask(alpha);
    if (!(alpha >= 0 && alpha <= 1)) {
        throw Error(ErrorCode::Usage, "Soft-mask rate " + std::to_string(alpha) + " is outside 0 to 1.",
                    "1 is bidirectional, 0 is causal.");
    }
    alpha_ = alpha;
    backbone_->setSoftMask(alpha);
}

void UperNet::setHeadDropout(double rate) {
    if (!(rate >= 0 && rate < 1)) {
        throw Error(ErrorCode::Usage, "Head dropout " + std::to_string(rate) + " is not in [0, 1).",
                    "The published heads drop 0.1.");
    }
    headDropout_ = rate;
}

void UperNet::tellProbe(const SegmentOutput& output, Probe& probe) const {
    for (std::size_t i = 0; i < output.features.size(); ++i)
        probe.output("features." + std::to_string(i), output.features[i]);
    probe.output("psp", output.pooled);
}

SegmentOutput UperNet::segment(const at::Tensor& images, const ForwardOptions& options) {
    if (options.training && images.size(0) < 2) {
        throw Error(ErrorCode::Usage, "A batch of one picture has no variance for the heads' smallest maps.",
                    "Train with at least two pictures a batch.");
    }
    SegmentOutput output;
    output.features = backbone_->features(images, options);
    if (neck_) output.features = (*neck_)(output.features, options.training);
    UperHead::Output head = head_->forward(output.features, headDropout_, options);
    output.pooled = std::move(head.pooled);
    output.logits = std::move(head.logits);
    output.auxiliary = auxiliary_->forward(output.features[2], headDropout_, options);
    if (options.probe) tellProbe(output, *options.probe);
    return output;
}

}  // namespace

std::unique_ptr<Model> makeUperNet(const ModelSpec& spec) { return std::make_unique<UperNet>(spec); }

}  // namespace vl
