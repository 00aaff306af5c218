// SPDX-License-Identifier: Apache-2.0
#include "engine/diffusion/likelihood.h"
#include "engine/verify/diffusion_case_parts.h"

namespace vl {

void replayTransportLikelihood(const nlohmann::json& recorded, CaseReport& report) {
    constexpr double kTolerance = 1e-4;
    const at::Tensor y = recordedClasses(recorded.at("y"));
    const nlohmann::json& variants = recorded.at("variants");
    const RecordedDenoiser model(recorded, report);
    const at::Tensor pictures = recordedState(report, "x0", latentShape(recorded, y.size(0)), false);
    const RecordedNoise probes("eps");
    for (const nlohmann::json& variant : variants) {
        TransportOdeSettings settings;
        settings.points = countIn(variant.at("num_steps"), 1000);
        const auto method = variant.at("method").get<std::string>();
        settings.solver.method = odeMethodNamed(method);
        TransportSettings transport;
        transport.path = pathNamed(variant.at("path").get<std::string>());
        transport.prediction = transportPredictionNamed(variant.at("prediction").get<std::string>());
        const LikelihoodResult got =
            logLikelihood(Transport(transport), denoiseWith(*model, y), pictures, probes, settings);
        report.values(method + " log likelihood", variant.at("logp"), got.logLikelihood, kTolerance);
        report.values(method + " prior", variant.at("prior_logp"), got.prior, kTolerance);
        report.summary(method + " noise", variant.at("z"), got.noise);
        report.number(method + " evaluations", variant.at("evaluations"), got.evaluations, 0);
    }
}

}  // namespace vl
