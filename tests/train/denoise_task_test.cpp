// SPDX-License-Identifier: Apache-2.0
// Training denoisers: the loss at given times, the average of the weights, the film, resuming.
#include <cmath>

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>
#include <gtest/gtest.h>

#include "engine/api/run_folder.h"
#include "engine/checkpoint/checkpoint.h"
#include "engine/diffusion/noise.h"
#include "engine/generate/chain.h"
#include "engine/nn/weights_file.h"
#include "engine/train/denoise_loss.h"
#include "engine/train/weight_average.h"
#include "tests/core/expect_error.h"
#include "tests/data/latent_builder.h"
#include "tests/models/small_models.h"
#include "tests/train/small_run.h"

namespace vl::test {
namespace {

/// The micro denoiser at 16 px: 16 tokens. 12 steps an epoch.
RunSettings denoiserSettings(const std::string& preset, std::int64_t steps) {
    RunSettings settings = smallSettings(steps);
    settings.model.preset = preset;
    settings.data.dataset = "folder";  // the demo's judge knows other pictures
    settings.data.path = "bars";
    settings.data.mean = settings.data.std = 0.5;
    settings.data.pad = 0;
    settings.data.flip = true;
    settings.train.dropPath = 0;
    settings.train.emaDecay = 0.9;
    settings.generate.filmPerClass = 2;
    settings.generate.sampleSteps = 2;
    settings.eval.everySteps = 6;
    return settings;
}

ModelSpec smallSpec(const std::string& preset) {
    ModelSpec spec = findPreset(preset);
    spec.imageSize = 8;
    spec.depth = 2;
    return spec;
}

struct Picture {
    at::Tensor clean = recordedStream("x0", {3, 1, 8, 8}), noise = recordedStream("noise", {3, 1, 8, 8});
    at::Tensor labels = at::empty({3}, at::kLong);
    std::vector<double> uniform{0.1, 0.5, 0.9};
    Picture() {
        for (int i = 0; i < 3; ++i) labels.data_ptr<std::int64_t>()[i] = i;
    }
};

TEST(DenoiseLoss, OfAFlowModelIsTheErrorOfItsVelocity) {
    const ModelSpec spec = smallSpec("sitllama_micro");
    const auto model = filled<Denoiser>(spec);
    const Picture p;
    const at::Tensor losses = DenoiseLoss(spec, {})(*model, p.clean, p.labels, p.uniform, p.noise, {});
    for (int i = 0; i < 3; ++i) {
        const double t = p.uniform[static_cast<std::size_t>(i)];  // linear path: x_t = t x + (1 - t) noise, v = x - noise
        const at::Tensor x = p.clean.narrow(0, i, 1), noise = p.noise.narrow(0, i, 1);
        const at::Tensor out =
            model->denoise(t * x + (1 - t) * noise, at::empty({1}).fill_(t), p.labels.narrow(0, i, 1));
        EXPECT_NEAR(losses[i].item<double>(), (out - (x - noise)).square().mean().item<double>(), 1e-5);
    }
}

TEST(DenoiseLoss, OfAGaussianModelTakesStepsInProportionToTheNumber) {
    const ModelSpec spec = smallSpec("ditllama_micro");
    const auto model = filled<Denoiser>(spec);
    const Picture p;
    const at::Tensor losses = DenoiseLoss(spec, {})(*model, p.clean, p.labels, p.uniform, p.noise, {});
    const GaussianDiffusion process(diffusionSettingsOf(spec));
    at::Tensor k = at::empty({3}, at::kLong);
    for (int i = 0; i < 3; ++i) k.data_ptr<std::int64_t>()[i] = std::vector<int>{100, 500, 900}[static_cast<std::size_t>(i)];
    const at::Tensor noisy = process.noisy(p.clean, k, p.noise);
    const auto expected =
        process.losses(model->denoise(noisy, process.modelTimes(k), p.labels), p.clean, noisy, k, p.noise);
    EXPECT_TRUE(losses.equal(expected.total));
}

TEST(DenoiseLoss, KnowsHowNoisyItsTimesAre) {
    EXPECT_DOUBLE_EQ(DenoiseLoss(smallSpec("sitllama_micro"), {}).noisiness(0.25), 0.75);  // flows run from noise
    EXPECT_DOUBLE_EQ(DenoiseLoss(smallSpec("ditllama_micro"), {}).noisiness(0.25), 0.25);
}

TEST(WeightAverage, FollowsTheSourceByTheGivenShare) {
    const auto model = filled<Model>(smallSpec("sitllama_micro"));
    WeightAverage average(*model, 0.75);
    Parameter& first = model->parameters()[1];
    const at::Tensor before = first.tensor.detach().clone();
    {
        const at::NoGradGuard noGrad;
        first.tensor.add_(1);
    }
    average.update();
    average.update();  // 1 - 0.75^2 of the way
    const at::Tensor expected = before + (1 - 0.75 * 0.75);
    EXPECT_LT((average.model().parameters()[1].tensor - expected).abs().max().item<double>(), 1e-6);
}

class DenoiserRun : public ::testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Families, DenoiserRun, ::testing::Values("sitllama_micro", "ditllama_micro"),
                         [](const auto& preset) { return std::string(preset.param); });

TEST_P(DenoiserRun, LearnsAndSavesTheAverageOfItsWeights) {
    const TemporaryFolder folder;
    const auto trainer = Trainer::start(denoiserSettings(GetParam(), 60), folder / "run", barSets());
    trainTo(*trainer, 60);
    const RunRecord record = readRunFolder(folder / "run");
    ASSERT_FALSE(record.evals.empty());
    EXPECT_LT(record.evals.back().loss, 0.8 * record.evals.front().loss);
    EXPECT_EQ(record.evals.back().accuracy, -1) << "there is no judge for these pictures";
    const auto saved = openCheckpoint(folder / "run" / "checkpoints" / "last.safetensors");
    EXPECT_EQ(saved.model->spec().family, findPreset(GetParam()).family);
    EXPECT_FALSE(saved.model->spec().diffusion.latent);
    for (std::size_t i = 0; i < saved.model->parameters().size(); ++i) {
        const Parameter& own = saved.model->parameters()[i];
        EXPECT_TRUE(own.tensor.equal(trainer->published().parameters()[i].tensor)) << own.name;
    }
    EXPECT_FALSE(trainer->published().parameters()[1].tensor.equal(trainer->model().parameters()[1].tensor));
}

TEST_P(DenoiserRun, ResumedEndsWithTheSameBytesAndFilm) {
    const TemporaryFolder folder;
    const RunSettings settings = denoiserSettings(GetParam(), 16);
    trainTo(*Trainer::start(settings, folder / "whole", barSets()), 16);
    trainTo(*Trainer::start(settings, folder / "half", barSets()), 7);  // last checkpoint at 4; the film knows step 6
    trainTo(*Trainer::resume(folder / "half", {}, barSets()), 16);
    for (const char* file : {"last.safetensors", "last.optimizer.safetensors"}) {
        const TensorMap a = readTensors(folder / "whole" / "checkpoints" / file);
        const TensorMap b = readTensors(folder / "half" / "checkpoints" / file);
        ASSERT_EQ(a.size(), b.size());
        for (const auto& [name, tensor] : a)
            EXPECT_TRUE(tensor.equal(b.at(name))) << name;
    }
    const auto filmA = readFilm(folder / "whole"), filmB = readFilm(folder / "half");
    ASSERT_EQ(filmA.size(), 3u);  // 6, 12 and the end
    ASSERT_EQ(filmB.size(), filmA.size());
    for (std::size_t i = 0; i < filmA.size(); ++i) {
        EXPECT_EQ(filmA[i].step, filmB[i].step);
        EXPECT_EQ(filmA[i].labels, (std::vector<int>{0, 0, 1, 1, 2, 2, 3, 3}));
        for (std::size_t c = 0; c < filmA[i].cells.size(); ++c)
            EXPECT_EQ(filmA[i].cells[c].pixels, filmB[i].cells[c].pixels);
    }
}

TEST_P(DenoiserRun, TellsItsLossByTime) {
    const TemporaryFolder folder;
    const auto trainer = Trainer::start(denoiserSettings(GetParam(), 6), folder / "run", barSets());
    trainTo(*trainer, 6);
    const EvalMetrics row = readRunFolder(folder / "run").evals.back();
    ASSERT_EQ(row.bucketLoss.size(), static_cast<std::size_t>(kTimeBuckets));
    EXPECT_EQ(row.images, 40);
    double sum = 0;  // 40 times of the golden ratio's sequence fall evenly: 4 into every tenth
    for (const double loss : row.bucketLoss) sum += loss;
    EXPECT_NEAR(row.loss, sum / kTimeBuckets, 0.05 * row.loss);
}

TEST(LatentRun, TrainsOnACacheAndFilmsThroughTheProjection) {
    const TemporaryFolder folder;
    LatentBuilder cache(24, 10);
    cache.index.side = 4;
    cache.index.pictureSize = 32;
    cache.write(folder / "cache");
    RunSettings settings = denoiserSettings("SiTLLaMA_S_2", 2);
    settings.model.imageSize = 4;
    settings.data.dataset = "latents";
    settings.data.path = (folder / "cache").string();
    settings.data.validationShare = 0.25;
    settings.data.batch = 4;
    trainTo(*Trainer::start(settings, folder / "run"), 2);
    const RunRecord record = readRunFolder(folder / "run");
    ASSERT_EQ(record.evals.size(), 1u);
    EXPECT_EQ(record.evals.front().images, 6);
    const auto film = readFilm(folder / "run");
    ASSERT_EQ(film.size(), 1u);
    EXPECT_EQ(film.front().cells.size(), 4u);  // two classes, two samples of each
    EXPECT_EQ(film.front().cells.front().channels, 3);
    EXPECT_EQ(film.front().cells.front().width, 4);
}

TEST(DenoiserSettings, AreCheckedAgainstTheModel) {
    const auto refused = [](auto&& change) {
        RunSettings settings = denoiserSettings("sitllama_micro", 1);
        change(settings);
        const Error error = expectError(ErrorCode::Usage, [&] { validate(settings); });
        return error.message() + error.hint();
    };
    EXPECT_TRUE(has(refused([](auto& s) { s.generate.prediction = "clean"; }), "velocity"));
    EXPECT_TRUE(has(refused([](auto& s) { s.data.mean = 0.3; }), "0.5"));
    EXPECT_TRUE(has(refused([](auto& s) { s.model.preset = "SiTLLaMA_S_2"; }), "latents"));
    EXPECT_TRUE(has(refused([](auto& s) { s.data.dataset = "latents"; s.data.mean = s.data.std = 0.5; }), "pixels"));
}

TEST(Trainer, RefusesTasksItCannotTrain) {
    const TemporaryFolder folder;
    RunSettings settings = smallSettings(1);
    settings.model.preset = presetsFor(ModelTask::Pretrain).front().name;
    settings.model.imageSize = 0;
    settings.data.limit = 1;
    expectError(ErrorCode::Unsupported, [&] { Trainer::start(settings, folder / "run", barSets()); });
}

}  // namespace
}  // namespace vl::test
