// SPDX-License-Identifier: Apache-2.0
#include "engine/models/families.h"
#include "engine/nn/layers.h"
#include "engine/nn/parameter_list.h"
#include "engine/nn/pyramid_backbone.h"

namespace vl {
namespace {

/// The pyramid as a classifier. Takes pictures of any sides the stages come out even for, square or not.
class PyramidVisionLlama final : public Model {
public:
    explicit PyramidVisionLlama(const ModelSpec& spec)
        : spec_(spec),
          norm_(parameters_, "norm", spec.dim, spec.normEps),
          head_(parameters_, "head", spec.dim, spec.numClasses),
          backbone_(parameters_, "", spec, spec.pyramid.normAfterStage) {}

    const ModelSpec& spec() const override { return spec_; }
    at::Tensor forward(const at::Tensor& images, const ForwardOptions& options) override {
        // One LayerNorm acts twice: on the tokens and on their mean (Q11).
        return head_(norm_(norm_(backbone_.tokens(images, options)).mean(1)));
    }
    std::span<Parameter> parameters() override { return parameters_.items(); }
    void initialise(std::uint64_t seed) override {
        for (const Parameter& parameter : parameters_.items())
            initialisePyramidTensor(parameter, seed);
    }
    void setDropPath(double rate) override { backbone_.setDropPath(rate); }
    void setAttention(AttentionKind kind) override { backbone_.setAttention(kind); }
    int layers() const override { return backbone_.layers(); }
    AttentionGeometry attentionGeometry(int layer) const override { return backbone_.attentionGeometry(layer); }

private:
    ModelSpec spec_;
    ParameterList parameters_;
    LayerNorm norm_;
    Linear head_;
    PyramidBackbone backbone_;
};

}  // namespace

std::unique_ptr<Model> makePyramidVisionLlama(const ModelSpec& spec) {
    validate(spec);
    return std::make_unique<PyramidVisionLlama>(spec);
}

}  // namespace vl
