// SPDX-License-Identifier: Apache-2.0
#include "app/cli/bench_runs.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <vector>

#include <ATen/ops/arange.h>
#include <ATen/ops/randn.h>
#include <c10/core/GradMode.h>
#include <unistd.h>

#include "engine/core/clock.h"
#include "engine/core/error.h"
#include "engine/core/random.h"
#include "engine/generate/chain.h"
#include "engine/nn/denoiser.h"
#include "engine/train/loss.h"
#include "engine/train/model_setup.h"
#include "engine/train/optimiser.h"
#include "engine/train/trainer.h"

namespace vl::cli {
namespace {

constexpr int kWarmUps = 3;

std::unique_ptr<Model> seededModel(const std::string& preset) {
    RunSettings settings;
    settings.model.preset = preset;
    settings.model.attention = "fused";
    return setUpModel(settings, findPreset(preset));
}

at::Tensor pictures(const ModelSpec& spec, int batch) {
    return at::randn({batch, spec.inChannels, spec.imageSize, spec.imageSize});
}

/// Calls `work` until `seconds` have passed; calls per second.
template <class Work>
double callsPerSecond(double seconds, Work&& work) {
    for (int i = 0; i < kWarmUps; ++i)
        work();
    const SystemClock clock;
    const double begin = clock.seconds();
    double elapsed = 0;
    int calls = 0;
    while (elapsed < seconds) {
        work();
        ++calls;
        elapsed = clock.seconds() - begin;
    }
    return calls / elapsed;
}

std::shared_ptr<const Dataset> madeUpPictures(const ModelSpec& spec, int count) {
    const auto bytes = static_cast<std::size_t>(count) * spec.imageSize * spec.imageSize * spec.inChannels;
    const RandomStream random(1, 0);
    std::vector<std::uint8_t> pixels(bytes), labels(static_cast<std::size_t>(count));
    for (std::size_t i = 0; i < bytes; ++i)
        pixels[i] = static_cast<std::uint8_t>(random.bits(i));
    for (std::size_t i = 0; i < labels.size(); ++i)
        labels[i] = static_cast<std::uint8_t>(i % 10);
    return std::make_shared<MemoryDataset>(std::vector<std::string>{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"},
                                           spec.imageSize, spec.inChannels, std::move(pixels), std::move(labels));
}

/// A folder of its own under the system's temporary one, gone with this object.
class TemporaryFolder {
public:
    TemporaryFolder()
        : path_(std::filesystem::temp_directory_path() / ("visionllama-bench-" + std::to_string(getpid()))) {}
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

}  // namespace

double inferenceRate(const std::string& preset, int batch, double seconds) {
    const auto model = seededModel(preset);
    const c10::NoGradGuard noGrad;
    const at::Tensor input = pictures(model->spec(), batch);
    return batch * callsPerSecond(seconds, [&] { model->forward(input); });
}

double trainingRate(const std::string& preset, int batch, double seconds) {
    const auto model = seededModel(preset);
    AdamW optimiser(model->parameters());
    const at::Tensor input = pictures(model->spec(), batch);
    const at::Tensor labels = at::arange(batch, at::kLong).remainder(model->spec().numClasses);
    ForwardOptions options;
    options.training = true;
    return batch * callsPerSecond(seconds, [&] {
               clearGradients(model->parameters());
               crossEntropy(model->forward(input, options), labels, 0).backward();
               optimiser.step(1e-4, 0.05);
           });
}

PhaseShares trainingPhases(const std::string& preset, int batch, double seconds) {
    const TemporaryFolder folder;
    RunSettings settings;
    settings.model.preset = preset;
    settings.model.attention = "fused";
    settings.data.batch = batch;
    settings.train.maxSteps = 1'000'000'000;
    const auto made = madeUpPictures(findPreset(preset), 4 * batch);
    const auto trainer = Trainer::start(settings, folder.path(), Datasets{made, made});
    for (int i = 0; i < kWarmUps; ++i)
        trainer->step();
    double data = 0, forward = 0, backward = 0, optimiser = 0;
    int steps = 0;
    const SystemClock clock;
    const double begin = clock.seconds();
    while (clock.seconds() - begin < seconds) {
        const StepMetrics row = trainer->step();
        data += row.dataMs;
        forward += row.forwardMs;
        backward += row.backwardMs;
        optimiser += row.optimiserMs;
        ++steps;
    }
    const double elapsed = clock.seconds() - begin;
    const double whole = std::max(1e-9, data + forward + backward + optimiser);
    return {steps * batch / elapsed, data / whole, forward / whole, backward / whole, optimiser / whole};
}

double samplingRate(const std::string& preset, int batch, int steps, bool bfloat16, double seconds) {
    const auto model = seededModel(preset);
    auto* denoiser = dynamic_cast<Denoiser*>(model.get());
    if (!denoiser)
        throw Error(ErrorCode::Usage, "Model '" + preset + "' draws no samples.", "Choose a DiT or SiT model.");
    if (bfloat16) moveParameters(*model, at::kCPU, at::kBFloat16);
    std::vector<CellSettings> cells(static_cast<std::size_t>(batch));
    for (std::size_t i = 0; i < cells.size(); ++i) {
        cells[i].seed = i;
        cells[i].steps = steps;
        cells[i].guidance = 1;
        cells[i] = completed(cells[i], model->spec());
    }
    const c10::NoGradGuard noGrad;
    makeChain(*denoiser, cells)->step();
    const SystemClock clock;
    const double begin = clock.seconds();
    int chains = 0;
    do {
        makeChain(*denoiser, cells)->finish();
        ++chains;
    } while (clock.seconds() - begin < seconds);
    return chains * batch / (clock.seconds() - begin);
}

double residentMegabytes() {
    std::ifstream in("/proc/self/statm");
    long pages = 0, resident = 0;
    in >> pages >> resident;
    return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1 << 20);
}

}  // namespace vl::cli
