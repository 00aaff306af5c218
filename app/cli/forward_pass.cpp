// SPDX-License-Identifier: Apache-2.0
#include "app/cli/forward_pass.h"

#include <string>

#include "engine/core/error.h"
#include "engine/nn/autoencoder.h"
#include "engine/nn/denoiser.h"
#include "engine/nn/detector.h"
#include "engine/nn/masked_autoencoder.h"
#include "engine/nn/segmenter.h"

namespace vl::cli {
namespace {

at::Tensor kept(const at::Tensor& tensor) {
    const at::Tensor plain = tensor.detach();
    return (plain.is_floating_point() ? plain.to(at::kFloat) : plain.to(at::kLong)).contiguous();
}

class BlockRecorder final : public Probe {
public:
    explicit BlockRecorder(TensorMap& out) : out_(out) {}
    void blockOutput(int layer, const at::Tensor& tokens) override {
        out_["blocks." + std::to_string(layer)] = kept(tokens);
    }

private:
    TensorMap& out_;
};

at::Tensor needed(const TensorMap& inputs, const std::string& name, const std::string& shape) {
    const auto found = inputs.find(name);
    if (found == inputs.end())
        throw Error(ErrorCode::BadFile, "The input file holds no tensor named '" + name + "', which this model needs.",
                    "Store " + shape + " under that name.");
    return found->second;
}

void runDenoiser(Denoiser& model, const TensorMap& inputs, std::optional<double> guidance,
                 const ForwardOptions& options, TensorMap& results) {
    const at::Tensor x = kept(needed(inputs, "input", "latents [B, channels, S, S]"));
    const at::Tensor t = needed(inputs, "t", "time steps [B]").to(at::kFloat).contiguous();
    const at::Tensor y = needed(inputs, "y", "class indices [B]").to(at::kLong).contiguous();
    const bool fits = x.dim() == 4 && t.dim() == 1 && y.dim() == 1 && t.size(0) == x.size(0) && y.size(0) == x.size(0);
    if (!fits)
        throw Error(ErrorCode::Mismatch, "'t' and 'y' do not have one entry for each entry of 'input'.",
                    "Store a step and a class for each, [B] both.");
    const std::int64_t null = model.spec().numClasses;
    if (x.size(0) > 0 && (y.min().item<std::int64_t>() < 0 || y.max().item<std::int64_t>() > null))
        throw Error(ErrorCode::Mismatch, "'y' holds a class outside 0 to " + std::to_string(null) + ".",
                    std::to_string(null) + " stands for no class.");
    if (guidance && x.size(0) % 2 != 0)
        throw Error(ErrorCode::Mismatch, "A guided batch of " + std::to_string(x.size(0)) + " has no two halves.",
                    "Store the conditional half first, then the unconditional one.");
    results["output"] =
        kept(guidance ? model.denoiseGuided(x, t, y, *guidance, options) : model.denoise(x, t, y, options));
}

void runMasked(MaskedAutoencoder& model, const TensorMap& inputs, const at::Tensor& images,
               const ForwardOptions& options, TensorMap& results) {
    const auto noise = inputs.find("noise");
    const MaskedOutput output =
        model.forwardMasked(images, noise == inputs.end() ? at::Tensor() : kept(noise->second), options);
    results["output"] = kept(output.prediction);
    results["latent"] = kept(output.latent);
    results["mask"] = kept(output.mask);
    results["ids_restore"] = kept(output.idsRestore);
}

void runSegmenter(Segmenter& model, const at::Tensor& images, const ForwardOptions& options, TensorMap& results) {
    const SegmentOutput output = model.segment(images, options);
    results["logits"] = kept(output.logits);
    if (output.auxiliary.defined()) results["aux"] = kept(output.auxiliary);
    if (output.pooled.defined()) results["psp"] = kept(output.pooled);
    for (std::size_t i = 0; i < output.features.size(); ++i)
        results["features." + std::to_string(i)] = kept(output.features[i]);
}

void runDetector(Detector& model, const at::Tensor& images, const ForwardOptions& options, TensorMap& results) {
    const std::vector<at::Tensor> features = model.features(images, options);
    const ProposalMaps proposals = model.propose(features);
    for (std::size_t i = 0; i < features.size(); ++i) {
        const std::string level = std::to_string(i);
        results["features." + level] = kept(features[i]);
        results["scores." + level] = kept(proposals.scores.at(i));
        results["deltas." + level] = kept(proposals.deltas.at(i));
    }
}

void runAutoencoder(Autoencoder& model, const at::Tensor& images, const ForwardOptions& options, TensorMap& results) {
    const LatentMoments moments = model.encode(images);
    results["mean"] = kept(moments.mean);
    results["log_variance"] = kept(moments.logVariance);
    results["output"] = kept(model.forward(images, options));  // the only pass that tells of the encoder
}

}  // namespace

TensorMap forwardPass(Model& model, const TensorMap& inputs, std::optional<double> guidance) {
    TensorMap results;
    BlockRecorder recorder(results);
    ForwardOptions options;
    options.probe = &recorder;
    if (auto* denoiser = dynamic_cast<Denoiser*>(&model)) {
        runDenoiser(*denoiser, inputs, guidance, options, results);
        return results;
    }
    if (guidance)
        throw Error(ErrorCode::Usage, "Guidance is for denoisers, which '" + model.spec().name + "' is not.",
                    "Leave out --cfg.");
    const at::Tensor images = kept(needed(inputs, "input", "pictures [B, channels, S, S]"));
    if (auto* masked = dynamic_cast<MaskedAutoencoder*>(&model))
        runMasked(*masked, inputs, images, options, results);
    else if (auto* segmenter = dynamic_cast<Segmenter*>(&model))
        runSegmenter(*segmenter, images, options, results);
    else if (auto* detector = dynamic_cast<Detector*>(&model))
        runDetector(*detector, images, options, results);
    else if (auto* autoencoder = dynamic_cast<Autoencoder*>(&model))
        runAutoencoder(*autoencoder, images, options, results);
    else
        results["logits"] = kept(model.forward(images, options));
    return results;
}

}  // namespace vl::cli
