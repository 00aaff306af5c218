// SPDX-License-Identifier: Apache-2.0
#include <ATen/ops/cat.h>

#include "engine/core/error.h"
#include "engine/diffusion/diffusion_samplers.h"
#include "engine/verify/diffusion_case_parts.h"

namespace vl {
namespace {

using nlohmann::json;

std::unique_ptr<Sampler> samplerOf(const json& recorded, const GaussianDiffusion& process, DenoiseFunction model,
                                   const at::Tensor& start, const NoiseSource& noise) {
    const bool clip = recorded.at("clip_denoised").get<bool>();
    const auto name = recorded.at("sampler").get<std::string>();
    if (name == "ddpm") return std::make_unique<DdpmSampler>(process, std::move(model), start, noise, clip);
    if (name == "ddim")
        return std::make_unique<DdimSampler>(process, std::move(model), start, noise, recorded.at("eta").get<double>(),
                                             clip);
    throw Error(ErrorCode::BadFile, "The case names a sampler that is not known.", "Known ones are ddpm and ddim.");
}

}  // namespace

void replayDiffusionSampling(const json& recorded, CaseReport& report) {
    DiffusionSettings settings;
    settings.respacing = recorded.at("timestep_respacing").get<std::string>();
    const GaussianDiffusion process(settings);
    std::vector<double> times(process.originalSteps().rbegin(), process.originalSteps().rend());
    report.exact("timesteps", recorded.at("timesteps"), doubles(times));
    const json& states = recorded.at("x");
    report.number("steps", static_cast<double>(states.size()), process.steps(), 0);
    if (!report.passed()) return;

    const at::Tensor y = recordedClasses(recorded.at("y"));
    const bool guided = recorded.contains("cfg_scale");
    const RecordedDenoiser model(recorded, report);
    at::Tensor start = recordedState(report, "x_T", latentShape(recorded, guided ? y.size(0) / 2 : y.size(0)), true);
    if (guided) start = at::cat({start, start});
    const RecordedNoise noise("noise");
    const auto chain =
        samplerOf(recorded, process,
                  guided ? denoiseGuidedHalves(*model, y, recorded["cfg_scale"].get<double>()) : denoiseWith(*model, y),
                  start, noise);
    // A clipped chain keeps what clipping leaves of differences that were small beside the unclipped values.
    const double tolerance = recorded.at("clip_denoised").get<bool>() ? 1e-3 : 1e-4;
    for (std::size_t i = 0; i < states.size(); ++i) {
        chain->step();
        report.summary("x " + std::to_string(i), states[i], chain->x(), tolerance);
        const char* clean = i == 0 ? "pred_xstart_first_step" : i + 1 == states.size() ? "pred_xstart_last_step" : "";
        if (*clean != '\0' && recorded.contains(clean))
            report.summary(clean, recorded[clean], chain->predictedClean(), tolerance);
    }
}

}  // namespace vl
