// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <ATen/ops/cat.h>
#include <ATen/ops/full_like.h>
#include <ATen/ops/isfinite.h>

#include "engine/core/error.h"
#include "engine/diffusion/transport_samplers.h"
#include "engine/verify/diffusion_case_parts.h"
#include "engine/verify/recorded_model.h"

namespace vl {
namespace {

using nlohmann::json;

constexpr double kChainTolerance = 1e-4;

struct Chain {
    RecordedDenoiser model;
    DenoiseFunction denoise;
    at::Tensor start;
};

Chain chainOf(const json& recorded, const CaseReport& report) {
    at::Tensor y = recordedClasses(recorded.at("y"));
    at::Tensor start = recordedState(report, "x_init", latentShape(recorded, y.size(0)), true);
    RecordedDenoiser model(recorded, report);
    DenoiseFunction denoise = denoiseWith(*model, y);
    if (recorded.contains("cfg_scale")) {
        start = at::cat({start, start});
        y = at::cat({y, at::full_like(y, model->spec().numClasses)});
        denoise = denoiseGuidedHalves(*model, y, recorded["cfg_scale"].get<double>());
    }
    return {std::move(model), std::move(denoise), start};
}

Transport transportOf(const json& variant) {
    TransportSettings settings;
    settings.path = pathNamed(variant.at("path").get<std::string>());
    settings.prediction = transportPredictionNamed(variant.at("prediction").get<std::string>());
    if (variant.contains("sample_eps")) settings.sampleEps = variant["sample_eps"].get<double>();
    return Transport(settings);
}

std::string textOf(const json& variant, const char* field) {
    const auto found = variant.find(field);
    return found == variant.end() || found->is_null() ? "None" : found->get<std::string>();
}

/// The states of a chain against "first4", "l2" and "final".
class StateComparison {
public:
    StateComparison(std::string name, const json& variant)
        : name_(std::move(name)),
          variant_(variant),
          tolerance_(variant.value("tolerance", kChainTolerance)),
          values_(name_ + " states", tolerance_),
          norms_(name_ + " norms", tolerance_) {}

    void see(const at::Tensor& x) {
        const json &first = variant_.at("first4"), &norms = variant_.at("l2");
        if (seen_ >= first.size() || seen_ >= norms.size()) return void(++seen_);
        const at::Tensor wide = x.detach().to(at::kCPU, at::kDouble).flatten();
        const double absmax = wide.abs().max().item<double>();
        for (std::size_t i = 0; i < first[seen_].size() && static_cast<std::int64_t>(i) < wide.numel(); ++i)
            values_.see(std::to_string(seen_), first[seen_][i], wide[static_cast<std::int64_t>(i)].item<double>(),
                        absmax);
        norms_.see(std::to_string(seen_), norms[seen_], std::sqrt(wide.square().sum().item<double>()));
        ++seen_;
    }
    void tell(const at::Tensor& final, CaseReport& report) const {
        values_.tell(report), norms_.tell(report);
        report.number(name_ + " count", static_cast<double>(variant_.at("first4").size()), static_cast<double>(seen_),
                      0);
        report.summary(name_ + " final", variant_.at("final"), final, tolerance_);
    }

private:
    std::string name_;
    const json& variant_;
    double tolerance_;
    FurthestNumber values_, norms_;
    std::size_t seen_ = 0;
};

/// The recorded interval, and levels that agree with it.
void compareEnds(const std::string& name, const json& variant, double from, double to, CaseReport& report) {
    report.values(name + " interval", variant.at("interval"), doubles({from, to}), 1e-10);
}

void replayOdeVariant(const json& variant, const Chain& chain, CaseReport& report) {
    TransportOdeSettings settings;
    settings.points = countIn(variant.at("num_steps"), 1000);
    settings.solver.method = odeMethodNamed(variant.at("method").get<std::string>());
    settings.solver.atol = variant.value("atol", settings.solver.atol);
    settings.solver.rtol = variant.value("rtol", settings.solver.rtol);
    TransportOdeSampler sampler(transportOf(variant), chain.denoise, chain.start, settings);
    const std::string name = variant.at("path").get<std::string>() + " " + variant.at("prediction").get<std::string>() +
                             " " + variant.at("method").get<std::string>() + " " + std::to_string(settings.points);
    compareEnds(name, variant, sampler.level(0).time, sampler.level(sampler.steps()).time, report);
    StateComparison states(name, variant);
    states.see(sampler.x());
    while (!sampler.done()) {
        sampler.step();
        states.see(sampler.x());
    }
    states.tell(sampler.x(), report);
    if (!isAdaptive(settings.solver.method))  // where rounding decides no step
        report.number(name + " evaluations", variant.at("evaluations"), sampler.evaluations(), 0);
}

TransportSdeSettings sdeSettings(const json& variant) {
    TransportSdeSettings settings;
    const auto method = variant.at("method").get<std::string>();
    if (method != "Euler" && method != "Heun")
        throw Error(ErrorCode::BadFile, "The case names a method that is not known.", "Known ones are Euler and Heun.");
    settings.method = method == "Heun" ? SdeMethod::Heun : SdeMethod::EulerMaruyama;
    settings.form = diffusionFormNamed(variant.at("form").get<std::string>());
    settings.norm = variant.value("norm", 1.0);
    settings.lastStep = lastStepNamed(textOf(variant, "last_step"));
    settings.lastStepSize = variant.value("last_step_size", settings.lastStepSize);
    settings.points = countIn(variant.at("num_steps"), 1000);
    return settings;
}

/// Chains that overflow as published: the same state is the first that is not finite.
void compareOverflow(const std::string& name, const json& variant, TransportSdeSampler& sampler, CaseReport& report) {
    int first = -1;
    while (!sampler.done() && first < 0) {
        sampler.step();
        if (!at::isfinite(sampler.x()).all().item<bool>()) first = sampler.state().step - 1;
    }
    report.number(name + " first state not finite", variant.at("first_non_finite_state"), first, 0, 1);
}

void replaySdeVariant(const json& variant, const Chain& chain, CaseReport& report) {
    const TransportSdeSettings settings = sdeSettings(variant);
    const RecordedNoise noise("noise");
    TransportSdeSampler sampler(transportOf(variant), chain.denoise, chain.start, noise, settings);
    const std::string name = variant.at("path").get<std::string>() + " " + variant.at("prediction").get<std::string>() +
                             " " + variant.at("method").get<std::string>() + " " +
                             variant.at("form").get<std::string>() + " " + textOf(variant, "last_step");
    compareEnds(name, variant, sampler.level(0).time, sampler.level(settings.points - 1).time, report);
    if (textOf(variant, "result") == "not finite") return compareOverflow(name, variant, sampler, report);
    StateComparison states(name, variant);
    while (!sampler.done()) {
        sampler.step();
        states.see(sampler.x());
    }
    states.tell(sampler.x(), report);
}

}  // namespace

void replayTransportOde(const json& recorded, CaseReport& report) {
    const json& variants = recorded.at("variants");
    const Chain chain = chainOf(recorded, report);
    for (const json& variant : variants)
        replayOdeVariant(variant, chain, report);
}

void replayTransportSde(const json& recorded, CaseReport& report) {
    const json& variants = recorded.at("variants");
    const Chain chain = chainOf(recorded, report);
    for (const json& variant : variants)
        replaySdeVariant(variant, chain, report);
}

}  // namespace vl
