// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <numeric>

#include "engine/core/error.h"
#include "engine/diffusion/gaussian_diffusion.h"
#include "engine/verify/diffusion_case_parts.h"

namespace vl {
namespace {

using nlohmann::json;

constexpr double kTolerance = 1e-10;

BetaSchedule scheduleOf(const json& name) {
    if (name.get<std::string>() == "linear") return BetaSchedule::Linear;
    if (name.get<std::string>() == "squaredcos_cap_v2") return BetaSchedule::Cosine;
    throw Error(ErrorCode::BadFile, "The case names a noise schedule that is not known.",
                "Known ones are linear and squaredcos_cap_v2.");
}

std::map<std::string, std::vector<double>> byName(const DiffusionTables& tables) {
    return {{"betas", tables.betas},
            {"alphas_cumprod", tables.alphasCumprod},
            {"alphas_cumprod_prev", tables.alphasCumprodPrev},
            {"alphas_cumprod_next", tables.alphasCumprodNext},
            {"sqrt_alphas_cumprod", tables.sqrtAlphasCumprod},
            {"sqrt_one_minus_alphas_cumprod", tables.sqrtOneMinusAlphasCumprod},
            {"log_one_minus_alphas_cumprod", tables.logOneMinusAlphasCumprod},
            {"sqrt_recip_alphas_cumprod", tables.sqrtRecipAlphasCumprod},
            {"sqrt_recipm1_alphas_cumprod", tables.sqrtRecipm1AlphasCumprod},
            {"posterior_variance", tables.posteriorVariance},
            {"posterior_log_variance_clipped", tables.posteriorLogVarianceClipped},
            {"posterior_mean_coef1", tables.posteriorMeanCoef1},
            {"posterior_mean_coef2", tables.posteriorMeanCoef2}};
}

void compareTables(const std::string& what, const json& recorded, const DiffusionTables& tables, CaseReport& report) {
    const auto ours = byName(tables);
    report.number(what + " tables", static_cast<double>(recorded.size()), static_cast<double>(ours.size()), 0);
    for (const auto& [name, expected] : recorded.items()) {
        const auto found = ours.find(name);
        const std::string quantity = what + " " + name;
        if (found == ours.end() || found->second.size() < 4) {
            report.miss(quantity, "there is no such table");
            continue;
        }
        const std::vector<double>& table = found->second;
        report.values(quantity + " first", expected.at("first"), doubles({table.begin(), table.begin() + 4}),
                      kTolerance);
        report.values(quantity + " last", expected.at("last"), doubles({table.end() - 4, table.end()}), kTolerance);
        report.number(quantity + " middle", expected.at("middle"), table[table.size() / 2], kTolerance);
        report.number(quantity + " sum", expected.at("sum"), std::accumulate(table.begin(), table.end(), 0.0),
                      kTolerance);
    }
}

bool refused(int steps, const std::string& respacing) {
    try {
        respacedSteps(steps, respacing);
        return false;
    } catch (const Error&) {
        return true;
    }
}

}  // namespace

void replayDiffusionTables(const json& recorded, CaseReport& report) {
    DiffusionSettings settings;
    settings.schedule = scheduleOf(recorded.at("schedule"));
    settings.steps = countIn(recorded.at("diffusion_steps"), 100000);
    compareTables("full", recorded.at("full"), GaussianDiffusion(settings).tables(), report);
    for (const auto& [respacing, expected] : recorded.at("respaced").items()) {
        settings.respacing = respacing;
        const GaussianDiffusion process(settings);
        const std::vector<double> kept(process.originalSteps().begin(), process.originalSteps().end());
        report.number(respacing + " count", expected.at("count"), process.steps(), 0);
        report.exact(respacing + " steps", expected.at("timesteps"), doubles(kept));
        if (expected.contains("betas"))
            report.values(respacing + " betas", expected["betas"], doubles(process.tables().betas), kTolerance);
        compareTables(respacing, expected.at("tables"), process.tables(), report);
    }
    for (const auto& [respacing, result] : recorded.at("respacing_errors").items())
        report.number(respacing + " refused", result.get<std::string>() == "error" ? 1 : 0,
                      refused(settings.steps, respacing) ? 1 : 0, 0);
}

}  // namespace vl
