// SPDX-License-Identifier: Apache-2.0
#include "engine/nn/autoencoder.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <ATen/core/grad_mode.h>
#include <ATen/ops/cat.h>

#include "engine/core/error.h"
#include "engine/models/autoencoder_paths.h"
#include "engine/models/families.h"
#include "engine/nn/initialise.h"
#include "engine/nn/square_input.h"

namespace vl {
namespace {

/// Stable Diffusion's autoencoder in the names of its usual files: encoder, decoder, quant_conv, post_quant_conv.
class AutoencoderKl final : public Autoencoder {
public:
    explicit AutoencoderKl(const ModelSpec& spec);

    const ModelSpec& spec() const override { return spec_; }
    LatentMoments encode(const at::Tensor& images, const ForwardOptions& options) override;
    at::Tensor decode(const at::Tensor& latents, const ForwardOptions& options) override;
    std::span<Parameter> parameters() override { return parameters_.items(); }
    void initialise(std::uint64_t seed) override;
    void setDropPath(double) override {}
    void setAttention(AttentionKind kind) override { attention_ = kind; }
    int layers() const override { return 2; }  // the encoder's attention, then the decoder's
    AttentionGeometry attentionGeometry(int layer) const override;

private:
    ModelSpec spec_;
    ParameterList parameters_;
    EncoderPath encoder_;
    DecoderPath decoder_;
    Conv2d quantise_, dequantise_;
    AttentionKind attention_ = AttentionKind::Fused;
};

ConvOptions pointwise() {
    ConvOptions options;
    options.kernel = 1;
    return options;
}

AutoencoderKl::AutoencoderKl(const ModelSpec& spec)
    : spec_(spec),
      encoder_(parameters_, spec),
      decoder_(parameters_, spec),
      quantise_(parameters_, "quant_conv", 2 * std::int64_t{spec.autoencoder.latentChannels},
                2 * std::int64_t{spec.autoencoder.latentChannels}, pointwise()),
      dequantise_(parameters_, "post_quant_conv", spec.autoencoder.latentChannels, spec.autoencoder.latentChannels,
                  pointwise()) {}

/// Uniform in +-1/sqrt(fan in) for weights and their biases, norms the identity: the layers' own defaults.
void AutoencoderKl::initialise(std::uint64_t seed) {
    double bound = 0;
    for (const Parameter& parameter : parameters_.items()) {
        const bool weight = parameter.name.ends_with(".weight");
        if (parameter.name.find("norm") != std::string::npos) {
            fillConstant(parameter.tensor, weight ? 1 : 0);
            continue;
        }
        if (weight) {  // its bias is the next entry
            const std::int64_t fanIn = parameter.tensor.numel() / parameter.tensor.size(0);
            bound = 1 / std::sqrt(static_cast<double>(fanIn));
        }
        fillUniform(parameter.tensor, bound, {seed, parameter.name});
    }
}

AttentionGeometry AutoencoderKl::attentionGeometry(int) const { return wholeGridGeometry(spec_); }

void requireShape(bool fits, const at::Tensor& got, const ModelSpec& spec, const std::string& wanted) {
    if (fits) return;
    throw Error(ErrorCode::Mismatch,
                "Model '" + spec.name + "' takes " + wanted + ", but got a tensor of " + shapeText(got) + ".",
                "Check the number of channels, and crop or resize the pictures.");
}

/// Without gradients and probe, large batches run in pieces of about a million pixels: activations at full resolution
/// have 128 channels and more, and samples do not see each other.
template <class Body>
at::Tensor inPieces(const at::Tensor& x, std::int64_t pixels, const ForwardOptions& options, const Body& body) {
    constexpr std::int64_t kPixelsAtOnce = std::int64_t{1} << 20;
    const std::int64_t batch = x.size(0), piece = std::max<std::int64_t>(1, kPixelsAtOnce / pixels);
    if (options.probe || at::GradMode::is_enabled() || batch <= piece) return body(x);
    std::vector<at::Tensor> parts;
    for (std::int64_t begin = 0; begin < batch; begin += piece)
        parts.push_back(body(x.narrow(0, begin, std::min(piece, batch - begin))));
    return at::cat(parts);
}

LatentMoments AutoencoderKl::encode(const at::Tensor& images, const ForwardOptions& options) {
    const std::int64_t cell = spec_.patchSize;
    const bool fits = images.dim() == 4 && images.size(1) == spec_.inChannels && images.size(2) > 0 &&
                      images.size(3) > 0 && images.size(2) % cell == 0 && images.size(3) % cell == 0;
    requireShape(fits, images, spec_,
                 "pictures of " + std::to_string(spec_.inChannels) + " channels with sides that are multiples of " +
                     std::to_string(cell));
    const AutoencoderPass pass{attention_, options.probe, 0};
    const at::Tensor moments =
        inPieces(images, images.size(2) * images.size(3), options,
                 [&](const at::Tensor& part) { return quantise_(encoder_.forward(part, pass)); });
    const auto halves = moments.chunk(2, 1);
    return {halves[0], halves[1].clamp(-30, 20)};
}

at::Tensor AutoencoderKl::decode(const at::Tensor& latents, const ForwardOptions& options) {
    const bool fits = latents.dim() == 4 && latents.size(1) == spec_.autoencoder.latentChannels &&
                      latents.size(2) > 0 && latents.size(3) > 0;
    requireShape(fits, latents, spec_, "latents of " + std::to_string(spec_.autoencoder.latentChannels) + " channels");
    const AutoencoderPass pass{attention_, options.probe, 1};
    const std::int64_t cell = spec_.patchSize;
    return inPieces(latents, latents.size(2) * latents.size(3) * cell * cell, options,
                    [&](const at::Tensor& part) { return decoder_.forward(dequantise_(part), pass); });
}

}  // namespace

std::unique_ptr<Model> makeAutoencoder(const ModelSpec& spec) {
    validate(spec);
    return std::make_unique<AutoencoderKl>(spec);
}

}  // namespace vl
