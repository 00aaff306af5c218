// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <vector>

#include <ATen/TensorOperators.h>

#include "engine/nn/masked_autoencoder.h"
#include "engine/nn/recorded_fill.h"
#include "engine/train/optimiser.h"
#include "engine/verify/compare_model.h"

namespace vl {
namespace {

using nlohmann::json;

constexpr double kLossTolerance = 1e-4;

ModelSpec specOf(const json& recorded) {
    ModelSpec spec = mmpretrainSpec(recorded.at("arch"));
    spec.name = recorded.at("case");
    spec.family = "mae";
    spec.imageSize = recorded.at("image_size");
    spec.masked.decoderDim = recorded.at("decoder").at("decoder_embed_dim");
    spec.masked.decoderDepth = recorded.at("decoder").at("decoder_depth");
    spec.masked.decoderHeads = recorded.at("decoder").at("decoder_num_heads");
    spec.masked.maskRatio = recorded.at("mask_ratio");
    return spec;
}

/// Targets, loss and gradients of one form of the target.
void compareLoss(const std::string& what, const json& recorded, MaskedAutoencoder& model, const MaskedOutput& output,
                 const at::Tensor& targets, bool last, CaseReport& report) {
    report.summary(what + " target", recorded.at("target"), targets);
    const at::Tensor loss = MaskedAutoencoder::loss(output, targets);
    report.number(what + " loss", recorded.at("loss"), loss.item<double>(), kLossTolerance);
    loss.backward({}, /*retain_graph=*/!last);
    compareGradients(what, recorded, model.parameters(), report);
    clearGradients(model.parameters());
}

}  // namespace

void replayMaskedPretraining(const json& recorded, CaseReport& report) {
    const auto made = makeModel(specOf(recorded));
    auto& model = dynamic_cast<MaskedAutoencoder&>(*made);
    compareTensors(recorded, model.parameters(), report);
    fillRecorded(model.parameters());
    const VerifyOptions& options = report.options();
    moveParameters(model, options.device, options.precision);

    const ModelSpec& spec = model.spec();
    const std::int64_t batch = recorded.at("batch"), side = spec.imageSize;
    const at::Tensor images = recordedInput({batch, spec.inChannels, side, side}).to(options.device, options.precision);
    const at::Tensor noise = (recordedStream("noise", {batch, spec.patches()}) + 1) / 2;
    const MaskedOutput output = model.forwardMasked(images, noise);
    report.exact("ids_restore", recorded.at("ids_restore"), output.idsRestore);
    report.exact("mask", recorded.at("mask"), output.mask);
    report.summary("latent", recorded.at("latent"), output.latent);
    report.summary("pred", recorded.at("pred"), output.prediction);
    if (recorded.contains("unpatchified_pred"))
        report.summary("unpatchified pred", recorded["unpatchified_pred"],
                       model.unpatchify(output.prediction.detach()));
    compareLoss("norm_pix", recorded.at("norm_pix"), model, output, model.targets(images, true), false, report);
    compareLoss("plain_pixels", recorded.at("plain_pixels"), model, output, model.targets(images, false), true, report);
}

}  // namespace vl
