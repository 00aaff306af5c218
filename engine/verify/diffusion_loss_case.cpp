// SPDX-License-Identifier: Apache-2.0
#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>

#include "engine/diffusion/denoise_function.h"
#include "engine/diffusion/gaussian_diffusion.h"
#include "engine/verify/compare_model.h"
#include "engine/verify/diffusion_case_parts.h"

namespace vl {
namespace {

using nlohmann::json;

constexpr double kLossTolerance = 1e-4;

DiffusionSettings settingsOf(const json& options) {
    DiffusionSettings settings;
    if (options.value("use_kl", false)) {
        settings.loss = DiffusionLoss::RescaledKl;
    } else if (options.value("rescale_learned_sigmas", false)) {
        settings.loss = DiffusionLoss::RescaledMse;
    }
    if (options.value("predict_xstart", false)) settings.prediction = DiffusionPrediction::Clean;
    if (!options.value("learn_sigma", true)) settings.variance = DiffusionVariance::FixedLarge;
    return settings;
}

struct Batch {
    at::Tensor x0, noise, k, xk, output;
};

void compareVariant(const json& variant, const Batch& batch, CaseReport& report) {
    const GaussianDiffusion process(settingsOf(variant.at("options")));
    const auto losses = process.losses(batch.output, batch.x0, batch.xk, batch.k, batch.noise);
    const std::string name = "loss " + variant.at("options").dump();
    // Samples span orders of magnitude: each is held to its own size.
    const auto each = [&](const char* field, const at::Tensor& got) {
        const json& expected = variant.at(field);
        const at::Tensor values = got.to(at::kCPU, at::kDouble);
        for (std::size_t i = 0; i < expected.size() && static_cast<std::int64_t>(i) < values.numel(); ++i)
            report.number(name + " " + field + " " + std::to_string(i), expected[i],
                          values[static_cast<std::int64_t>(i)].item<double>(), kLossTolerance, 1e-3);
        report.number(name + " " + field + " count", static_cast<double>(expected.size()),
                      static_cast<double>(values.numel()), 0);
    };
    each("loss", losses.total);
    if (variant.contains("mse")) each("mse", losses.mse);
    if (variant.contains("vb")) each("vb", losses.vb);
}

void comparePredictions(const json& recorded, const Batch& batch, CaseReport& report) {
    const GaussianDiffusion process(DiffusionSettings{});
    for (const bool clip : {false, true}) {
        const std::string name = clip ? "p_mean_variance_clipped" : "p_mean_variance";
        const auto got = process.predict(batch.output, batch.xk, batch.k, clip);
        report.summary(name + " mean", recorded.at(name).at("mean"), got.mean);
        report.summary(name + " pred_xstart", recorded.at(name).at("pred_xstart"), got.clean);
        if (!clip) report.summary(name + " log_variance", recorded.at(name).at("log_variance"), got.logVariance);
    }
    const json& posterior = recorded.at("q_posterior");
    const auto truth = process.posterior(batch.x0, batch.xk, batch.k);
    report.summary("posterior mean", posterior.at("mean"), truth.mean);
    report.values("posterior variance", posterior.at("variance"),
                  tableAt(process.tables().posteriorVariance, batch.k, batch.xk), 1e-6);
    report.values("posterior log variance", posterior.at("log_variance_clipped"), truth.logVariance, 1e-6);
}

}  // namespace

void replayDiffusionLoss(const json& recorded, CaseReport& report) {
    const at::Tensor y = recordedClasses(recorded.at("y"));
    const auto shape = latentShape(recorded, y.size(0));
    const RecordedDenoiser model(recorded, report);
    const GaussianDiffusion process(DiffusionSettings{});
    Batch batch;
    batch.k = recordedClasses(recorded.at("t"));
    batch.x0 = recordedState(report, "x0", shape, false);
    batch.noise = recordedState(report, "noise", shape, true);
    batch.xk = process.noisy(batch.x0, batch.k, batch.noise);
    report.summary("x_t", recorded.at("x_t"), batch.xk);
    batch.output = denoiseWith(*model, y)(batch.xk, process.modelTimes(batch.k));
    const at::Tensor mean = process.losses(batch.output, batch.x0, batch.xk, batch.k, batch.noise).total.mean();
    mean.backward();
    report.number("mean loss", recorded.at("mean_loss"), mean.item<double>(), kLossTolerance);
    compareGradients("mean loss", recorded, model->parameters(), report);

    const at::NoGradGuard noGrad;
    batch.output = batch.output.detach();
    for (const json& variant : recorded.at("variants"))
        compareVariant(variant, batch, report);
    comparePredictions(recorded, batch, report);
}

}  // namespace vl
