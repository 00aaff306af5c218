// SPDX-License-Identifier: Apache-2.0
#include "engine/train/denoise_task.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>

#include "engine/api/generate.h"
#include "engine/core/error.h"
#include "engine/core/random.h"
#include "engine/core/resource_paths.h"
#include "engine/diffusion/noise.h"
#include "engine/generate/chain.h"
#include "engine/generate/latent_preview.h"
#include "engine/generate/open_autoencoder.h"
#include "engine/generate/sample_pictures.h"
#include "engine/train/evaluation.h"

namespace vl {
namespace {

// Streams of train.seed; those of the order of pictures, drop path and labels have other numbers.
constexpr std::uint64_t kTimeStream = 0x74696D6573ull, kNoiseStream = 0x6E6F697365ull;
/// Evaluations draw the same times, noise and samples in every run.
constexpr std::uint64_t kEvaluationSeed = 20240301, kFilmSeed = 7000, kFrechetSeed = 100000;
constexpr int kSampleBatch = 64;

/// Noise [B, ...] with a seed of its own for every sample, numbered from `first`.
at::Tensor noiseLike(const at::Tensor& clean, const RandomStream& seeds, std::uint64_t first) {
    std::vector<std::uint64_t> own(static_cast<std::size_t>(clean.size(0)));
    for (std::size_t i = 0; i < own.size(); ++i)
        own[i] = seeds.bits(first + i);
    return SeededNoise(std::move(own)).start(clean.sizes());
}

Denoiser& denoiserOf(Model& model) { return dynamic_cast<Denoiser&>(model); }

std::unique_ptr<SampleJudge> makeJudge(const RunSettings& settings, const ModelSpec& spec, const Datasets& data) {
    if (!settings.generate.judge.empty()) {
        if (!spec.diffusion.latent) return std::make_unique<SampleJudge>(settings.generate.judge, data.evaluation);
        throw Error(ErrorCode::Unsupported, "Samples of latent models are not judged during training.",
                    "Leave generate.judge empty and use evaluate-samples afterwards.");
    }
    const std::filesystem::path demo = demoCheckpoint("illama_micro");
    if (settings.data.dataset != "fashion-mnist" || !std::filesystem::exists(demo)) return nullptr;
    return std::make_unique<SampleJudge>(demo, data.evaluation);
}

}  // namespace

DenoiseTask::DenoiseTask(const RunSettings& settings, const Datasets& data, const ModelSpec& spec,
                         const std::filesystem::path& runFolder)
    : settings_(settings),
      evaluation_(data.evaluation),
      spec_(spec),
      loss_(spec, settings.generate),
      film_(runFolder),
      judge_(makeJudge(settings, spec, data)),
      autoencoder_(settings.generate.autoencoder.empty()
                       ? nullptr
                       : openAutoencoder(settings.generate.autoencoder, "Set generate.autoencoder to one.")) {}

TrainTask::Loss DenoiseTask::loss(Model& model, const Batch& batch, std::int64_t step) {
    const RandomStream times(settings_.train.seed, kTimeStream), seeds(settings_.train.seed, kNoiseStream);
    // Step and place in the batch each own half of the counter, as in ops/drop_path.cpp.
    const std::uint64_t first = (static_cast<std::uint64_t>(step) << 32) | static_cast<std::uint64_t>(batch.first);
    std::vector<double> uniform(static_cast<std::size_t>(batch.B));
    for (std::size_t i = 0; i < uniform.size(); ++i)
        uniform[i] = times.uniform(first + i);
    const at::Tensor clean = imagesOf(batch);
    return {loss_(denoiserOf(model), clean, labelsOf(batch), uniform, noiseLike(clean, seeds, first),
                  trainingOptions(settings_, batch, step))
                .mean()};
}

std::optional<EvalMetrics> DenoiseTask::evaluate(Model& model, const RunPoint& at,
                                                 const std::function<bool()>& keepGoing) {
    const at::NoGradGuard noGrad;
    EvalMetrics row;
    row.step = at.step;
    row.epoch = at.epoch;
    row.accuracy = -1;
    Denoiser& denoiser = denoiserOf(model);
    if (!measureLoss(denoiser, row, keepGoing) || !measureFrechet(denoiser, row, keepGoing) ||
        !drawFilm(denoiser, row, keepGoing))
        return std::nullopt;
    return row;
}

bool DenoiseTask::measureLoss(Denoiser& model, EvalMetrics& row, const std::function<bool()>& keepGoing) const {
    const EvalBatches batches(evaluation_, settings_.eval.batch, settings_.eval.limit, settings_.data.mean,
                              settings_.data.std);
    const RandomStream seeds(kEvaluationSeed, kNoiseStream);
    std::vector<double> sums(kTimeBuckets), counts(kTimeBuckets);
    std::int64_t done = 0;
    for (std::int64_t number = 0; number < batches.count(); ++number) {
        if (keepGoing && !keepGoing()) return false;
        const Batch batch = batches.batch(number);
        // Times go round the buckets, so that every evaluation sees all of them equally often.
        std::vector<double> uniform(static_cast<std::size_t>(batch.B));
        for (std::size_t i = 0; i < uniform.size(); ++i)
            uniform[i] = std::fmod((static_cast<double>(done) + static_cast<double>(i)) * 0.6180339887498949 + 0.5, 1.0);
        const at::Tensor clean = imagesOf(batch);
        const at::Tensor losses = loss_(model, clean, labelsOf(batch), uniform,
                                        noiseLike(clean, seeds, static_cast<std::uint64_t>(done)), {})
                                      .to(at::kFloat)
                                      .contiguous();
        for (std::size_t i = 0; i < uniform.size(); ++i) {
            const int bucket = std::clamp(static_cast<int>(loss_.noisiness(uniform[i]) * kTimeBuckets), 0, kTimeBuckets - 1);
            sums[static_cast<std::size_t>(bucket)] += losses.const_data_ptr<float>()[i];
            counts[static_cast<std::size_t>(bucket)] += 1;
        }
        done += batch.B;
    }
    row.images = done;
    row.loss = std::accumulate(sums.begin(), sums.end(), 0.0) / static_cast<double>(std::max<std::int64_t>(1, done));
    for (std::size_t i = 0; i < sums.size(); ++i)
        row.bucketLoss.push_back(counts[i] > 0 ? sums[i] / counts[i] : std::nan(""));
    return true;
}

CellSettings DenoiseTask::cell(int label, std::uint64_t seed, double guidance) const {
    CellSettings cell;
    cell.label = label;
    cell.seed = seed;
    cell.sampler = settings_.generate.sampler == "default" ? "" : settings_.generate.sampler;
    cell.steps = settings_.generate.sampleSteps;
    cell.guidance = guidance;
    return completed(cell, spec_);
}

at::Tensor DenoiseTask::pictures(const at::Tensor& samples) {
    return autoencoder_ ? decodeLatents(*autoencoder_, samples) : shownPixels(samples, spec_);
}

bool DenoiseTask::drawFilm(Denoiser& model, EvalMetrics& row, const std::function<bool()>& keepGoing) {
    const GenerateSettings& generate = settings_.generate;
    FilmFrame frame;
    std::vector<CellSettings> cells;
    for (int label = 0; label < std::min(generate.filmClasses, spec_.numClasses); ++label)
        for (int i = 0; i < generate.filmPerClass; ++i) {
            cells.push_back(cell(label, kFilmSeed + cells.size(), generate.guidance));
            frame.labels.push_back(label);
        }
    if (cells.empty()) return true;
    const at::Tensor samples = drawSamples(model, cells, kSampleBatch, keepGoing);
    if (!samples.defined()) return false;
    const at::Tensor drawn = pictures(samples);
    if (judge_) row.accuracy = judge_->accuracy(drawn, frame.labels);
    frame.step = row.step;
    frame.epoch = row.epoch;
    frame.guidance = generate.guidance;
    frame.cells = imagesFrom(drawn);
    film_.add(std::move(frame));
    return true;
}

bool DenoiseTask::measureFrechet(Denoiser& model, EvalMetrics& row, const std::function<bool()>& keepGoing) {
    if (!judge_ || settings_.generate.frechetSamples < 2) return true;
    std::vector<CellSettings> cells;
    for (int i = 0; i < settings_.generate.frechetSamples; ++i)
        cells.push_back(cell(i % spec_.numClasses, kFrechetSeed + cells.size(), 1));
    const at::Tensor samples = drawSamples(model, cells, kSampleBatch, keepGoing);
    if (!samples.defined()) return false;
    const std::optional<double> distance = judge_->frechet(pictures(samples), keepGoing);
    if (!distance) return false;
    row.frechet = *distance;
    return true;
}

double DenoiseTask::score(const EvalMetrics& row) const { return row.frechet >= 0 ? -row.frechet : -row.loss; }

}  // namespace vl
