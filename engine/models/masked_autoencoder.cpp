// SPDX-License-Identifier: Apache-2.0
#include "engine/nn/masked_autoencoder.h"

#include <string>
#include <utility>

#include <ATen/TensorOperators.h>
#include <ATen/ops/argsort.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/ones.h>

#include "engine/core/error.h"
#include "engine/models/families.h"
#include "engine/models/mask_noise.h"
#include "engine/models/masked_decoder.h"
#include "engine/models/mmpretrain_backbone.h"
#include "engine/models/scatter_probe.h"
#include "engine/nn/parameter_list.h"

namespace vl {
namespace {

/// models.md 6.3. A probe is told about the encoder's layers on the whole grid: removed patches are rows of zeros.
class VisionLlamaMae final : public MaskedAutoencoder {
public:
    explicit VisionLlamaMae(const ModelSpec& spec);

    const ModelSpec& spec() const override { return spec_; }
    MaskedOutput forwardMasked(const at::Tensor& images, const at::Tensor& noise,
                               const ForwardOptions& options) override;
    std::span<Parameter> parameters() override { return parameters_.items(); }
    void initialise(std::uint64_t seed) override;
    void setDropPath(double rate) override { encoder_.setDropPath(rate); }
    void setAttention(AttentionKind kind) override;
    AttentionGeometry attentionGeometry(int layer) const override { return encoder_.attentionGeometry(layer); }

private:
    void checkNoise(const at::Tensor& noise, std::int64_t batch) const;
    /// Visible tokens through the encoder, the class token in front of them, normalised: [B, 1 + V, D].
    at::Tensor encode(const at::Tensor& patches, const at::Tensor& kept, const ForwardOptions& options) const;

    ModelSpec spec_;
    ParameterList parameters_;
    MmpretrainBackbone encoder_;
    MaskedDecoder decoder_;
};

VisionLlamaMae::VisionLlamaMae(const ModelSpec& spec)
    : spec_(spec),
      encoder_(parameters_, "backbone.", spec, {.classToken = true, .finalNorm = true}),
      decoder_(parameters_, "neck.", spec) {
    for (Parameter& parameter : parameters_.items()) {  // the recipe's exceptions (models.md 6.4)
        if (parameter.name.ends_with("_token")) parameter.decays = false;
    }
}

void VisionLlamaMae::initialise(std::uint64_t seed) {
    for (const Parameter& parameter : parameters_.items())
        initialiseMmpretrainTensor(parameter, spec_, seed);
}

void VisionLlamaMae::setAttention(AttentionKind kind) {
    encoder_.setAttention(kind);
    decoder_.setAttention(kind);
}

void VisionLlamaMae::checkNoise(const at::Tensor& noise, std::int64_t batch) const {
    if (noise.dim() == 2 && noise.size(0) == batch && noise.size(1) == spec_.patches()) return;
    throw Error(ErrorCode::Mismatch,
                "Masking noise must be " + std::to_string(batch) + " x " + std::to_string(spec_.patches()) +
                    ", one value a patch.",
                "Leave it out to draw it from the seed.");
}

at::Tensor VisionLlamaMae::encode(const at::Tensor& patches, const at::Tensor& kept,
                                  const ForwardOptions& options) const {
    const at::Tensor visible = patches.gather(1, kept.unsqueeze(-1).expand({-1, -1, spec_.dim}));
    ScatterProbe onGrid(options.probe, kept, spec_.patches());
    ForwardOptions inner = options;
    if (options.probe) inner.probe = &onGrid;
    const at::Tensor encoded = encoder_.run(visible, inner, kept);
    const at::Tensor slot = encoder_.classToken().expand({patches.size(0), 1, spec_.dim});
    return encoder_.finalNorm(at::cat({slot, encoded}, 1));  // the class token saw no layer (Q18)
}

MaskedOutput VisionLlamaMae::forwardMasked(const at::Tensor& images, const at::Tensor& noise,
                                           const ForwardOptions& options) {
    const at::Tensor patches = encoder_.embed(images);
    const std::int64_t batch = patches.size(0), count = patches.size(1);
    const at::Tensor order =
        noise.defined() ? noise.to(patches.device()) : drawMaskNoise(batch, count, options).to(patches.device());
    checkNoise(order, batch);
    const auto visible = static_cast<std::int64_t>(static_cast<double>(count) * (1 - spec_.masked.maskRatio));
    const at::Tensor shuffle = at::argsort(order, /*stable=*/true, /*dim=*/1, /*descending=*/false);

    MaskedOutput output;
    output.idsRestore = at::argsort(shuffle, /*stable=*/true, /*dim=*/1, /*descending=*/false);
    at::Tensor mask = at::ones({batch, count}, patches.options().requires_grad(false));
    mask.narrow(1, 0, visible).zero_();
    output.mask = mask.gather(1, output.idsRestore);
    // Kept in shuffled order, not sorted back (Q19).
    output.latent = encode(patches, shuffle.narrow(1, 0, visible).contiguous(), options);
    output.prediction = decoder_.forward(output.latent, output.idsRestore, options);
    return output;
}

}  // namespace

std::unique_ptr<Model> makeMaskedAutoencoder(const ModelSpec& spec) { return std::make_unique<VisionLlamaMae>(spec); }

}  // namespace vl
