// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include "engine/api/denoiser_presets.h"
#include "engine/api/generate.h"
#include "engine/core/error.h"
#include "engine/core/nearest_name.h"
#include "engine/core/text.h"

namespace vl {
namespace {

/// The first that fits a kind of process is its default.
constexpr SamplerInfo kSamplers[] = {
    {.name = "ddim",
     .label = "DDIM",
     .gaussian = true,
     .usualSteps = 50,
     .help = "Deterministic walk back through the process; eta brings fresh noise in."},
    {.name = "ddpm",
     .label = "DDPM",
     .gaussian = true,
     .stochastic = true,
     .usualSteps = 250,
     .help = "Ancestral sampling, the published default of DiT; wants many steps."},
    {.name = "euler",
     .label = "Euler, ODE",
     .flow = true,
     .usualSteps = 50,
     .help = "Straight steps along the flow, one model call each."},
    {.name = "heun",
     .label = "Heun, ODE",
     .flow = true,
     .callsPerStep = 2,
     .usualSteps = 25,
     .help = "Second order along the flow, two model calls a step."},
    {.name = "rk4",
     .label = "Runge-Kutta 4, ODE",
     .flow = true,
     .callsPerStep = 4,
     .usualSteps = 12,
     .help = "Fourth order along the flow, four model calls a step."},
    {.name = "dopri5",
     .label = "Dormand-Prince, ODE",
     .flow = true,
     .adaptive = true,
     .callsPerStep = 0,
     .usualSteps = 20,
     .help = "Chooses its own steps for each picture, the published default of SiT; steps say only where it shows one."},
    {.name = "dpm++2m",
     .label = "DPM-Solver++ 2M",
     .gaussian = true,
     .flow = true,
     .usualSteps = 20,
     .help = "Second order from earlier predictions at one model call a step; made for few steps."},
    {.name = "unipc",
     .label = "UniPC",
     .gaussian = true,
     .flow = true,
     .usualSteps = 20,
     .help = "Predictor and corrector at one model call a step; made for few steps."},
    {.name = "sde-euler",
     .label = "Euler-Maruyama, SDE",
     .flow = true,
     .stochastic = true,
     .usualSteps = 250,
     .help = "Adds noise on the way and takes it out again; form and noise say how much."},
    {.name = "sde-heun",
     .label = "Heun, SDE",
     .flow = true,
     .stochastic = true,
     .callsPerStep = 2,
     .usualSteps = 125,
     .help = "As Euler-Maruyama with a corrected drift, two model calls a step."},
};

}  // namespace

std::span<const SamplerInfo> samplerList() { return kSamplers; }

const SamplerInfo& findSampler(std::string_view name) {
    std::vector<std::string_view> names;
    for (const SamplerInfo& sampler : kSamplers) {
        if (sampler.name == name) return sampler;
        names.push_back(sampler.name);
    }
    const std::string near = didYouMean(name, names);
    throw Error(ErrorCode::Usage, "There is no sampler '" + printable(name) + "'.",
                near.empty() ? "Known ones are " + joined(names, ", ") + "." : near);
}

std::vector<SamplerInfo> samplersFor(const ModelSpec& spec) {
    std::vector<SamplerInfo> fitting;
    if (spec.task() != ModelTask::Generate) return fitting;
    for (const SamplerInfo& sampler : kSamplers)
        if (isFlowDenoiser(spec) ? sampler.flow : sampler.gaussian) fitting.push_back(sampler);
    return fitting;
}

}  // namespace vl
