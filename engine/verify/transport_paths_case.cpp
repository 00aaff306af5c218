// SPDX-License-Identifier: Apache-2.0
#include <optional>

#include <ATen/ops/full.h>

#include "engine/core/error.h"
#include "engine/core/text.h"
#include "engine/diffusion/transport.h"
#include "engine/verify/diffusion_case_parts.h"
#include "engine/verify/recorded_model.h"

namespace vl {
namespace {

using nlohmann::json;

constexpr double kTolerance = 1e-10;

/// A number as the tensor the conversions take.
at::Tensor one(double value) { return at::full({1}, value, at::kDouble); }

struct Inputs {
    double x, velocity, score, picture = 1.3, noise = -0.7;  // the last two as in the case's "x_t_u_t"
};

void comparePoint(PathKind path, const Inputs& in, const json& recorded, FurthestNumber& furthest) {
    const double t = recorded.at("t").get<double>();
    const PathPoint at = pathAt(path, t);
    const Transport transport({.path = path});
    const auto plan = transport.plan(one(in.picture), one(in.noise), std::span(&t, 1));
    const auto see = [&](const char* field, double got) {
        furthest.see(std::string(field) + " at " + recorded.at("t").dump(), recorded.at(field), got);
    };
    see("alpha", at.alpha), see("d_alpha", at.alphaRate);
    see("sigma", at.sigma), see("d_sigma", at.sigmaRate);
    see("d_alpha_over_alpha", at.ratio);
    see("drift", at.drift * in.x), see("drift_var", at.driftVariance);
    see("score_from_velocity", scoreFromVelocity(at, one(in.velocity), one(in.x)).item<double>());
    see("noise_from_velocity", noiseFromVelocity(at, one(in.velocity), one(in.x)).item<double>());
    see("velocity_from_score", velocityFromScore(at, one(in.score), one(in.x)).item<double>());
    see("x_t", plan.xt.item<double>()), see("u_t", plan.velocity.item<double>());
    for (const auto& [norm, forms] : recorded.at("diffusion").items())
        for (const auto& [form, expected] : forms.items())
            furthest.see(form + " with norm " + norm, expected,
                         diffusionCoefficient(diffusionFormNamed(form), path, t, parseNumber(norm).value_or(0)));
}

void compareInterval(const std::string& quantity, const json& recorded, const Transport& transport,
                     const IntervalUse& use, CaseReport& report) {
    const bool refusal = recorded.is_string();
    try {
        const TimeInterval got = transport.samplingInterval(use);
        if (refusal) return report.miss(quantity, "the published code fails here");
        report.values(quantity, recorded, doubles({got.from, got.to}), kTolerance);
    } catch (const Error& error) {
        if (!refusal) return report.miss(quantity, error.message());
        report.number(quantity + " refused", 1, 1, 0);
    }
}

void compareIntervals(const json& recorded, CaseReport& report) {
    TransportSettings settings;
    settings.path = pathNamed(recorded.at("path").get<std::string>());
    settings.prediction = transportPredictionNamed(recorded.at("prediction").get<std::string>());
    const json& given = recorded.at("sample_eps_given");
    if (!given.is_null()) settings.sampleEps = given.get<double>();
    const Transport transport(settings);
    const std::string name = recorded.at("path").get<std::string>() + " " +
                             recorded.at("prediction").get<std::string>() + (given.is_null() ? "" : " with eps");
    const TimeInterval training = transport.trainingInterval();
    report.values(name + " training", recorded.at("train"), doubles({training.from, training.to}), kTolerance);
    compareInterval(name + " ODE", recorded.at("ode"), transport, {}, report);
    compareInterval(name + " SDE sigma", recorded.at("sde_sigma_last0.04"), transport,
                    {.sde = true, .lastStepSize = 0.04}, report);
    compareInterval(name + " SDE without last step", recorded.at("sde_sigma_last0"), transport, {.sde = true}, report);
    compareInterval(name + " SDE SBDM", recorded.at("sde_SBDM_last0.04"), transport,
                    {.sde = true, .sbdm = true, .lastStepSize = 0.04}, report);
}

}  // namespace

void replayTransportPaths(const json& recorded, CaseReport& report) {
    const Inputs in{recorded.at("x").get<double>(), recorded.at("velocity").get<double>(),
                    recorded.at("score").get<double>()};
    for (const auto& [name, points] : recorded.at("paths").items()) {
        FurthestNumber furthest(name, kTolerance);
        for (const json& point : points)
            comparePoint(pathNamed(name), in, point, furthest);
        furthest.tell(report);
    }
    for (const json& intervals : recorded.at("intervals"))
        compareIntervals(intervals, report);
}

}  // namespace vl
