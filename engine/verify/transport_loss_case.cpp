// SPDX-License-Identifier: Apache-2.0
#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>

#include "engine/diffusion/denoise_function.h"
#include "engine/diffusion/transport.h"
#include "engine/nn/recorded_fill.h"
#include "engine/verify/compare_model.h"
#include "engine/verify/diffusion_case_parts.h"
#include "engine/verify/recorded_model.h"

namespace vl {
namespace {

using nlohmann::json;

constexpr double kTolerance = 1e-4;

struct Batch {
    at::Tensor picture, noise;
    DenoiseFunction model;
    CaseReport& report;

    at::Tensor outputAt(const Transport& transport, const std::vector<double>& t) const {
        return model(transport.plan(picture, noise, t).xt, doubles(t).to(at::kFloat));
    }
    /// Samples span orders of magnitude: each is held to its own size.
    void compare(const std::string& name, const json& expected, const at::Tensor& losses) const {
        FurthestNumber furthest(name + " loss", kTolerance);
        const at::Tensor values = losses.to(at::kCPU, at::kDouble);
        if (values.numel() != static_cast<std::int64_t>(expected.size()))
            return report.miss(name, "another number of samples was recorded");
        for (std::int64_t i = 0; i < values.numel(); ++i)
            furthest.see("sample " + std::to_string(i), expected.at(static_cast<std::size_t>(i)),
                         values[i].item<double>());
        furthest.tell(report);
    }
};

Transport transportOf(const json& variant) {
    TransportSettings settings;
    settings.path = pathNamed(variant.at("path").get<std::string>());
    settings.prediction = transportPredictionNamed(variant.at("prediction").get<std::string>());
    if (const auto weight = variant.find("loss_weight"); weight != variant.end() && !weight->is_null())
        settings.weight = transportWeightNamed(weight->get<std::string>());
    return Transport(settings);
}

std::string nameOf(const json& variant) {
    return variant.at("path").get<std::string>() + " " + variant.at("prediction").get<std::string>() + " " +
           (variant.contains("loss_weight") ? variant["loss_weight"].dump() : "");
}

void compareVariant(const json& variant, const Batch& batch, const std::vector<double>& t) {
    const Transport transport = transportOf(variant);
    const at::Tensor output = batch.outputAt(transport, t);
    batch.report.summary(nameOf(variant) + " output", variant.at("pred"), output);
    batch.compare(nameOf(variant), variant.at("loss"), transport.losses(output, batch.picture, batch.noise, t));
}

void compareDrawn(const json& variant, const Batch& batch, std::size_t samples) {
    const Transport transport = transportOf(variant);
    std::vector<double> t;
    for (std::size_t i = 0; i < samples; ++i)
        t.push_back(transport.trainingTime((recordedUniform("rand", i) + 1) / 2));
    batch.report.values(nameOf(variant) + "drawn t", variant.at("t"), doubles(t), 1e-6);
    batch.compare(nameOf(variant) + "at drawn t", variant.at("loss"),
                  transport.losses(batch.outputAt(transport, t), batch.picture, batch.noise, t));
}

}  // namespace

void replayTransportLoss(const json& recorded, CaseReport& report) {
    const at::Tensor y = recordedClasses(recorded.at("y"));
    const auto t = recorded.at("t").get<std::vector<double>>();
    const auto shape = latentShape(recorded, y.size(0));
    const RecordedDenoiser model(recorded, report);
    const Batch batch{recordedState(report, "x0", shape, false), recordedState(report, "noise", shape, true),
                      denoiseWith(*model, y), report};
    const Transport plain{TransportSettings{}};
    const at::Tensor mean = plain.losses(batch.outputAt(plain, t), batch.picture, batch.noise, t).mean();
    mean.backward();
    report.number("mean loss", recorded.at("velocity_mean_loss"), mean.item<double>(), kTolerance);
    compareGradients("mean loss", recorded, model->parameters(), report);

    const at::NoGradGuard noGrad;
    for (const json& variant : recorded.at("variants"))
        compareVariant(variant, batch, t);
    for (const json& variant : recorded.at("drawn_t").at("cases"))
        compareDrawn(variant, batch, t.size());
}

}  // namespace vl
