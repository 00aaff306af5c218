// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <filesystem>
#include <memory>

#include <c10/core/GradMode.h>

#include "app/cli/command.h"
#include "app/cli/console.h"
#include "app/cli/interrupt.h"
#include "app/cli/sample_arguments.h"
#include "engine/api/sample_result.h"
#include "engine/core/clock.h"
#include "engine/core/error.h"
#include "engine/core/resource_paths.h"
#include "engine/core/text.h"
#include "engine/generate/generators.h"
#include "engine/train/runtime.h"

namespace vl::cli {
namespace {

namespace fs = std::filesystem;

using Frames = std::vector<std::shared_ptr<const SampleFrame>>;

struct Drawn {
    Frames frames;
    double seconds = 0;
};

/// All steps with a frame every so often, the finished cells last.
Drawn draw(GenerationJob& job, int every) {
    Drawn drawn;
    ProgressLine line;
    const SystemClock clock;
    const double begin = clock.seconds();
    const auto keep = [&](SampleFrame frame) {
        drawn.frames.push_back(std::make_shared<const SampleFrame>(std::move(frame)));
    };
    keep(job.frame());
    while (!job.done()) {
        if (!job.advance([] { return !interrupted(); }))
            throw Error(ErrorCode::Cancelled, "Stopped; nothing was written.", "Run the command again.");
        const int step = job.step(), total = job.plan().totalSteps;
        const double left = (clock.seconds() - begin) / step * (total - step);
        line.update(static_cast<double>(step) / total,
                    "step " + std::to_string(step) + " of " + std::to_string(total) + ", " + duration(left) + " left");
        if (!job.done() && step % every == 0) keep(job.frame());
    }
    keep(job.result([&line](double share) {
        line.update(share, "finishing");
        return !interrupted();
    }));
    drawn.seconds = clock.seconds() - begin;
    return drawn;
}

/// Writes beside and then takes the place of what may be replaced.
fs::path exportTo(const SampleRecord& record, const Frames& frames, const fs::path& file,
                  const SampleArguments& arguments) {
    ExportRequest request;
    request.file = file;
    request.framesPerSecond = arguments.framesPerSecond;
    request.scale = arguments.scale;
    const fs::path written = exportSampleResult(record, frames, request, [](double) { return !interrupted(); });
    if (written != file) fs::rename(written, file);
    return file;
}

fs::path framesFile(const SampleArguments& arguments) {
    const fs::path out(arguments.out);
    return out.parent_path() / (out.stem().string() + (arguments.frames == "dir" ? "-frames" : "." + arguments.frames));
}

void exportFrames(const SampleRecord& record, const Drawn& drawn, const SampleArguments& arguments) {
    const fs::path place = framesFile(arguments);
    if (arguments.frames != "dir") {
        exportTo(record, drawn.frames, place, arguments);
        std::printf("%s\n", place.c_str());
        return;
    }
    const fs::path partial = place.string() + ".partial";
    fs::remove_all(partial);
    fs::create_directories(partial);
    for (const auto& frame : drawn.frames) {
        char name[32];
        std::snprintf(name, sizeof name, "step-%05d.png", frame->step);
        exportTo(record, {frame}, partial / name, arguments);
    }
    fs::remove_all(place);
    fs::rename(partial, place);
    std::printf("%s: %zu frames\n", place.c_str(), drawn.frames.size());
}

SampleRecord recordOf(const SampleArguments& arguments, const GridRecipe& recipe, const fs::path& file,
                      const GenerationPlan& plan, double seconds) {
    SampleRecord record;
    record.recipe = recipe;
    record.model = fs::absolute(file);
    if (!arguments.autoencoder.empty()) record.autoencoder = fs::absolute(arguments.autoencoder);
    record.modelName = plan.modelName, record.modelHash = plan.modelHash;
    record.version = VL_VERSION;
    record.wallSeconds = SystemClock().wallSeconds();
    record.seconds = seconds;
    record.grid = plan.grid;
    return record;
}

void checkArguments(const SampleArguments& arguments) {
    const bool many = !arguments.npz.empty() || !arguments.folder.empty();
    if (many != (arguments.count > 0) || (!arguments.npz.empty() && !arguments.folder.empty()))
        throw Error(ErrorCode::Usage, "--count goes with --npz or --folder, and either of them with it.",
                    "For instance: --count 1000 --npz samples.npz.");
    for (const std::string& path : {arguments.npz, arguments.folder, many ? std::string() : arguments.out})
        requireNew(path, arguments.force);
    if (!many && !arguments.frames.empty()) requireNew(framesFile(arguments).string(), arguments.force);
}

int runSample(SampleArguments arguments) {
    checkArguments(arguments);
    catchInterrupts();
    setComputeThreads(0);
    const c10::NoGradGuard noGrad;
    if (!arguments.like.empty()) {
        const SampleRecord like = recordFromPicture(arguments.like);
        if (arguments.model.empty()) arguments.model = like.model.string();
        if (arguments.autoencoder.empty()) arguments.autoencoder = like.autoencoder.string();
    }
    SampleRequest request;
    request.model = arguments.model, request.autoencoder = arguments.autoencoder;
    Generators generators(resourceFolder());
    SampleModel model = generators.model(request, [](double) { return !interrupted(); });
    if (arguments.count > 0) return sampleMany(arguments, model);
    const GridRecipe recipe = recipeOf(arguments, model);
    SampleJob job(std::move(model), recipe);
    const Drawn drawn = draw(job, arguments.every);
    const SampleRecord record = recordOf(arguments, recipe, generators.fileOf(request), job.plan(), drawn.seconds);
    const bool still = fs::path(arguments.out).extension() == ".png";
    exportTo(record, still ? Frames{drawn.frames.back()} : drawn.frames, arguments.out, arguments);
    const double cells = static_cast<double>(job.plan().grid.cells.size());
    std::printf("%s: %d x %d samples of %s in %s, %s a second\n", arguments.out.c_str(), job.plan().grid.rows,
                job.plan().grid.columns, job.plan().modelName.c_str(), duration(drawn.seconds).c_str(),
                formatFixed(cells / std::max(drawn.seconds, 1e-9), 2).c_str());
    if (!arguments.frames.empty()) exportFrames(record, drawn, arguments);
    return 0;
}

std::string samplerNames() {
    std::vector<std::string_view> names;
    for (const SamplerInfo& sampler : samplerList())
        names.push_back(sampler.name);
    return joined(names, ", ");
}

void addWhat(CLI::App& command, SampleArguments& a) {
    command.add_option("--model", a.model, "Checkpoint of a DiT or SiT model; the demo without it");
    command.add_option("--autoencoder", a.autoencoder, "Latent models: checkpoint that decodes the result");
    command.add_option("--like", a.like, "Settings of a picture made before; other options change them");
    command.add_option("--classes", a.classes, "Names or numbers: 0-9, or Coat,Bag, or none");
    command.add_option("--grid", a.grid, "Rows and columns: 4x10");
    command.add_option("--vary-rows", a.varyRows, "What changes down: guidance=1,2,4, or steps=10,50, or seed=1-5 ...");
    command.add_option("--vary-columns", a.varyColumns, "What changes across: class=0-9, class-mix=0-1:8 ...");
    command.add_option("--to-class", a.toClass, "End of a strip along class-mix");
    command.add_option("--to-seed", a.toSeed, "End of a strip along seed-mix");
}

void addHow(CLI::App& command, SampleArguments& a) {
    command.add_option("--sampler", a.sampler, samplerNames());
    command.add_option("--steps", a.steps, "Steps of the chain; the sampler's usual number without it");
    command.add_option("--cfg", a.guidance, "Guidance; 1: none (default 4)");
    command.add_option("--seed", a.seed, "Seed of the first sample (default 0)");
    command.add_option("--eta", a.eta, "ddim: 0 deterministic to 1 as noisy as ddpm")->capture_default_str();
    command.add_option("--noise", a.noise, "SDE samplers: how much noise")->capture_default_str();
    command.add_option("--form", a.form, "SDE samplers: where noise is added")->capture_default_str();
    command.add_option("--last-step", a.lastStep, "SDE samplers: None, Mean, Tweedie or Euler")->capture_default_str();
    command.add_flag("--clip", a.clip, "Gaussian samplers: cut predictions to the pictures' range at every step");
}

void addWhere(CLI::App& command, SampleArguments& a) {
    command.add_option("--out", a.out, "Picture (.png) or animation (.gif, .mp4) of the grid (default grid.png)");
    command.add_option("--frames", a.frames, "Also the way there: dir, gif or mp4, beside the picture")
        ->check(CLI::IsMember({"dir", "gif", "mp4"}));
    command.add_option("--every", a.every, "Steps between two frames")->capture_default_str()->check(CLI::Range(1, 10000));
    command.add_option("--fps", a.framesPerSecond, "Frames a second of animations")
        ->capture_default_str()
        ->check(CLI::Range(1, 100));
    command.add_option("--scale", a.scale, "Pixels a pixel; 0: so that cells are easy to see")
        ->capture_default_str()
        ->check(CLI::Range(0, 32));
    command.add_option("--count", a.count, "Number of single samples, every class in turn")->check(CLI::Range(1, 10'000'000));
    command.add_option("--npz", a.npz, "Single samples as arr_0 [N, H, W, 3] and arr_1, for evaluate-samples");
    command.add_option("--folder", a.folder, "Single samples as PNG in a folder for each class");
    command.add_option("--batch", a.batch, "Single samples made at once")->capture_default_str()->check(CLI::Range(1, 4096));
    command.add_flag("--force", a.force, "Replace what is there");
}

}  // namespace

void addSample(CLI::App& app, Action& action) {
    auto* command = app.add_subcommand("sample", "Generate pictures with a DiT or SiT model");
    auto arguments = std::make_shared<SampleArguments>();
    arguments->out = "grid.png";
    addWhat(*command, *arguments);
    addHow(*command, *arguments);
    addWhere(*command, *arguments);
    command->callback([&action, arguments] { action = [arguments] { return runSample(*arguments); }; });
}

}  // namespace vl::cli
