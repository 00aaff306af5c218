// SPDX-License-Identifier: Apache-2.0
#include "engine/generate/chain.h"

#include <algorithm>
#include <cmath>
#include <string>

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/cat.h>

#include "engine/api/denoiser_presets.h"
#include "engine/core/error.h"
#include "engine/core/text.h"
#include "engine/diffusion/multistep_samplers.h"
#include "engine/diffusion/transport_samplers.h"
#include "engine/generate/mixed_noise.h"
#include "engine/generate/solo_chain.h"

namespace vl {
namespace {

constexpr int kGaussianSteps = 1000;
constexpr int kMostSteps = 10000;
/// The published default for paths that end in a pole is empty (Q31); this is the distance their text advises.
constexpr double kSampleEps = 1e-3;

[[noreturn]] void refuse(const std::string& what, const std::string& advice) {
    throw Error(ErrorCode::Usage, what, advice);
}

void checkBetween(double value, double low, double high, const char* what, const char* advice) {
    if (!(value >= low && value <= high))
        refuse(std::string(what) + " " + formatNumber(value) + " does not lie between " + formatNumber(low) + " and " +
                   formatNumber(high) + ".",
               advice);
}

TransportSdeSettings sdeSettingsOf(const CellSettings& cell) {
    return {.method = cell.sampler == "sde-heun" ? SdeMethod::Heun : SdeMethod::EulerMaruyama,
            .form = diffusionFormNamed(cell.form),
            .norm = cell.noise,
            .lastStep = lastStepNamed(cell.lastStep),
            .lastStepSize = cell.lastStepSize,
            .points = cell.steps};
}

void checkSde(const CellSettings& cell, const ModelSpec& spec) {
    checkBetween(cell.noise, 0, 100, "Noise", "Usual is 1.");
    checkBetween(cell.lastStepSize, 0, 0.5, "A last step of", "Usual is 0.04.");
    const TransportSdeSettings settings = sdeSettingsOf(cell);
    const Transport transport(transportSettingsOf(spec));
    const TimeInterval times =
        transport.samplingInterval({.sde = true,
                                    .sbdm = settings.form == DiffusionForm::Sbdm,
                                    .lastStepSize = settings.lastStep == LastStep::None ? 0 : cell.lastStepSize});
    const auto path = transport.settings().path;
    // The published sampler starts some forms in a pole of their path and fills the pictures with NaN.
    if (!std::isfinite(diffusionCoefficient(settings.form, path, times.from, cell.noise)))
        refuse("The form '" + cell.form + "' has no finite noise where this model's path starts.",
               "Use sigma or constant.");
}

void checkLabels(const CellSettings& cell, const ModelSpec& spec) {
    for (const int label : {cell.label, cell.labelTo.value_or(0)})
        if (label < 0 || label > spec.numClasses)
            refuse("Class " + std::to_string(label) + " is outside the model's 0 to " +
                       std::to_string(spec.numClasses) + ".",
                   "The highest number stands for no class.");
    checkBetween(cell.labelMix, 0, 1, "A class mix of", "0 is the first class, 1 the second.");
    checkBetween(cell.seedMix, 0, 1, "A seed mix of", "0 is the first seed, 1 the second.");
    checkBetween(cell.guidance, -100, 100, "Guidance", "Usual are 1 (none) to 10.");
}

/// ODE samplers: N steps lie between N + 1 times; SDE samplers take N - 1 noisy steps and the last one.
std::unique_ptr<Sampler> makeFlowChain(const CellSettings& cell, const ModelSpec& spec, DenoiseFunction model,
                                       at::Tensor start, const NoiseSource& noise) {
    const Transport transport(transportSettingsOf(spec));
    if (cell.sampler == "dpm++2m")
        return std::make_unique<DpmSolver2MSampler>(solverPlan(transport, cell.steps + 1), std::move(model),
                                                    std::move(start));
    if (cell.sampler == "unipc")
        return std::make_unique<UniPcSampler>(solverPlan(transport, cell.steps + 1), std::move(model),
                                              std::move(start));
    if (cell.sampler.starts_with("sde-"))
        return std::make_unique<TransportSdeSampler>(transport, std::move(model), std::move(start), noise,
                                                     sdeSettingsOf(cell));
    TransportOdeSettings settings;
    settings.solver.method = odeMethodNamed(cell.sampler == "heun" ? "heun2" : cell.sampler);
    settings.points = cell.steps + 1;
    return std::make_unique<TransportOdeSampler>(transport, std::move(model), std::move(start), settings);
}

std::unique_ptr<Sampler> makeGaussianChain(const CellSettings& cell, const ModelSpec& spec, DenoiseFunction model,
                                           at::Tensor start, const NoiseSource& noise) {
    if (cell.sampler == "dpm++2m" || cell.sampler == "unipc") {
        SolverPlan plan = logSnrPlan(GaussianDiffusion(diffusionSettingsOf(spec)), cell.steps, cell.clip);
        if (cell.sampler == "unipc")
            return std::make_unique<UniPcSampler>(std::move(plan), std::move(model), std::move(start));
        return std::make_unique<DpmSolver2MSampler>(std::move(plan), std::move(model), std::move(start));
    }
    const GaussianDiffusion process(diffusionSettingsOf(spec, std::to_string(cell.steps)));
    if (cell.sampler == "ddpm")
        return std::make_unique<DdpmSampler>(process, std::move(model), std::move(start), noise, cell.clip);
    return std::make_unique<DdimSampler>(process, std::move(model), std::move(start), noise, cell.eta, cell.clip);
}

std::unique_ptr<Sampler> makeOne(Denoiser& model, const std::vector<CellSettings>& cells, const at::Tensor& start,
                                 std::shared_ptr<const NoiseSource> noise, const std::function<void()>& beforeCall) {
    std::vector<SampleCondition> conditions;
    for (const CellSettings& cell : cells)
        conditions.push_back({cell.label, cell.labelTo, cell.labelMix, cell.guidance});
    // The function carries the noise along: samplers only refer to it.
    DenoiseFunction function = [call = denoiseEachWith(model, std::move(conditions), beforeCall),
                                noise](const at::Tensor& x, const at::Tensor& t) { return call(x, t); };
    const auto make = isFlowDenoiser(model.spec()) ? makeFlowChain : makeGaussianChain;
    return make(cells.front(), model.spec(), std::move(function), start, *noise);
}

DiffusionPrediction gaussianPredictionNamed(const std::string& name) {
    if (name.empty() || name == "noise") return DiffusionPrediction::Noise;
    if (name == "clean") return DiffusionPrediction::Clean;
    if (name == "velocity") return DiffusionPrediction::Velocity;
    refuse("A Gaussian process has no prediction '" + printable(name) + "'.", "Known ones are noise, clean, velocity.");
}

}  // namespace

DiffusionSettings diffusionSettingsOf(const ModelSpec& spec, const std::string& respacing) {
    if (spec.task() != ModelTask::Generate || isFlowDenoiser(spec))
        refuse("Model '" + spec.name + "' is none of a Gaussian process.", "Choose a DiT model.");
    const std::string& betas = spec.diffusion.betas;
    if (betas != "linear" && betas != "cosine")
        refuse("There are no betas '" + printable(betas) + "'.", "Known ones are linear and cosine.");
    return {.schedule = betas == "cosine" ? BetaSchedule::Cosine : BetaSchedule::Linear,
            .steps = kGaussianSteps,
            .respacing = respacing,
            .prediction = gaussianPredictionNamed(spec.diffusion.prediction),
            // As published: without learned variances the large fixed ones.
            .variance = spec.diffusion.learnSigma ? DiffusionVariance::LearnedRange : DiffusionVariance::FixedLarge};
}

TransportSettings transportSettingsOf(const ModelSpec& spec) {
    if (spec.task() != ModelTask::Generate || !isFlowDenoiser(spec))
        refuse("Model '" + spec.name + "' is no flow model.", "Choose a SiT model.");
    const std::string& prediction = spec.diffusion.prediction;
    TransportSettings settings;
    settings.path = pathNamed(spec.diffusion.path);
    if (!prediction.empty()) settings.prediction = transportPredictionNamed(prediction);
    settings.sampleEps = kSampleEps;
    return settings;
}

CellSettings completed(CellSettings cell, const ModelSpec& spec) {
    const std::vector<SamplerInfo> fitting = samplersFor(spec);
    if (fitting.empty())
        refuse("Model '" + spec.name + "' does not generate pictures.", "Choose a DiT or SiT model.");
    const SamplerInfo& sampler = cell.sampler.empty() ? fitting.front() : findSampler(cell.sampler);
    const bool flow = isFlowDenoiser(spec);
    if (!(flow ? sampler.flow : sampler.gaussian)) {
        std::vector<std::string_view> names;
        for (const SamplerInfo& other : fitting)
            names.push_back(other.name);
        refuse("The sampler '" + std::string(sampler.name) + "' does not fit " + (flow ? "flow" : "Gaussian") +
                   " models such as '" + spec.name + "'.",
               "Use one of " + joined(names, ", ") + ".");
    }
    cell.sampler = sampler.name;
    if (cell.steps == 0) cell.steps = sampler.usualSteps;
    // Nothing lies beyond black and white; without the cut, guided chains of pixel models run far past both.
    if (!flow && !spec.diffusion.latent) cell.clip = true;
    const int least = flow && !sampler.stochastic ? 1 : 2, most = flow ? kMostSteps : kGaussianSteps;
    if (cell.steps < least || cell.steps > most)
        refuse("The sampler '" + cell.sampler + "' does not take " + std::to_string(cell.steps) +
                   " steps with this model.",
               "Use " + std::to_string(least) + " to " + std::to_string(most) + ".");
    checkLabels(cell, spec);
    checkBetween(cell.eta, 0, 1, "An eta of", "0 is deterministic, 1 as noisy as ddpm.");
    if (sampler.stochastic && flow) checkSde(cell, spec);
    return cell;
}

bool shareChain(const CellSettings& a, const CellSettings& b) {
    CellSettings other = b;
    other.label = a.label, other.labelTo = a.labelTo, other.labelMix = a.labelMix;
    other.seed = a.seed, other.seedTo = a.seedTo, other.seedMix = a.seedMix;
    other.guidance = a.guidance;
    return other == a;
}

std::unique_ptr<Sampler> makeChain(Denoiser& model, std::vector<CellSettings> cells,
                                   std::function<void()> beforeCall) {
    if (cells.empty()) refuse("A chain without cells was asked for.", "Give at least one.");
    const ModelSpec& spec = model.spec();
    std::vector<MixedSeed> seeds;
    for (CellSettings& cell : cells) {
        cell = completed(std::move(cell), spec);
        if (!shareChain(cells.front(), cell))
            refuse("Cells of different samplers or steps were put into one chain.", "Make a chain for each kind.");
        seeds.push_back({cell.seed, cell.seedTo.value_or(cell.seed), cell.seedTo ? cell.seedMix : 0});
    }
    const std::vector<std::int64_t> shape{static_cast<std::int64_t>(cells.size()), spec.inChannels, spec.imageSize,
                                          spec.imageSize};
    const auto noise = std::make_shared<const MixedNoise>(seeds);
    const at::Tensor start = noise->start(shape).to(model.parameters().front().tensor.device());
    if (!findSampler(cells.front().sampler).adaptive) return makeOne(model, cells, start, noise, beforeCall);
    // An adaptive method's steps depend on the whole batch, and a sample must not.
    std::vector<std::unique_ptr<Sampler>> chains;
    for (std::size_t i = 0; i < cells.size(); ++i)
        chains.push_back(makeOne(model, {cells[i]}, start.narrow(0, static_cast<std::int64_t>(i), 1),
                                 std::make_shared<const MixedNoise>(std::vector<MixedSeed>{seeds[i]}), beforeCall));
    return std::make_unique<SoloChain>(std::move(chains), start);
}

at::Tensor drawSamples(Denoiser& model, std::span<const CellSettings> cells, int batch,
                       const std::function<bool()>& keepGoing) {
    const at::NoGradGuard noGrad;
    std::vector<at::Tensor> parts;
    const auto each = static_cast<std::size_t>(std::max(batch, 1));
    for (std::size_t from = 0; from < cells.size(); from += each) {
        const auto part = cells.subspan(from, std::min(each, cells.size() - from));
        const auto chain = makeChain(model, {part.begin(), part.end()});
        while (!chain->done()) {
            if (keepGoing && !keepGoing()) return {};
            chain->step();
        }
        parts.push_back(chain->x().to(at::kCPU, at::kFloat));
    }
    if (parts.empty()) refuse("Samples of no cells were asked for.", "Give at least one.");
    return at::cat(parts);
}

at::Tensor pixelsOf(const at::Tensor& samples) {
    return (samples.to(at::kFloat) * 127.5 + 128).clamp(0, 255).to(at::kByte);
}

}  // namespace vl
