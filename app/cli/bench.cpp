// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <memory>
#include <string>

#include "app/cli/bench_runs.h"
#include "app/cli/command.h"
#include "app/cli/console.h"
#include "engine/core/text.h"
#include "engine/train/runtime.h"

namespace vl::cli {
namespace {

struct BenchArguments {
    std::string model, precision = "fp32", mode = "infer";
    int batch = 8, threads = 0, steps = 50;
    double seconds = 5;
};

double rateOf(const BenchArguments& a) {
    if (a.mode == "sample") return samplingRate(a.model, a.batch, a.steps, a.precision == "bf16", a.seconds);
    return a.mode == "train" ? trainingRate(a.model, a.batch, a.seconds) : inferenceRate(a.model, a.batch, a.seconds);
}

/// One measurement as one JSON line, for harnesses that compare programs.
int runCandidate(const BenchArguments& arguments) {
    const bool able = arguments.precision == "fp32" || (arguments.precision == "bf16" && arguments.mode == "sample");
    if (!able) {
        std::printf("{\"unsupported\": true}\n");
        return 0;
    }
    const double rate = rateOf(arguments);
    std::printf("{\"model\": \"%s\", \"batch\": %d, \"precision\": \"%s\", \"img_per_s\": %s, \"rss_mb\": %s}\n",
                arguments.model.c_str(), arguments.batch, arguments.precision.c_str(), formatFixed(rate, 3).c_str(),
                formatFixed(residentMegabytes(), 0).c_str());
    return 0;
}

int runTable(const BenchArguments& arguments) {
    std::vector<std::vector<std::string>> rows = {
        {"model", "mode", "batch", "img/s", "data", "forward", "backward", "optimiser"}};
    for (const char* model : {"illama_micro", "illama_tiny"}) {
        for (const int batch : {1, 8, 32}) {
            std::fprintf(stderr, "measuring %s inference at batch %d\n", model, batch);
            rows.push_back({model, "infer", std::to_string(batch),
                            formatFixed(inferenceRate(model, batch, arguments.seconds), 1), "", "100 %", "", ""});
        }
        const int batch = std::string(model) == "illama_micro" ? 64 : 32;
        std::fprintf(stderr, "measuring %s training at batch %d\n", model, batch);
        const PhaseShares s = trainingPhases(model, batch, arguments.seconds);
        const auto percent = [](double share) { return formatFixed(100 * share, 1) + " %"; };
        rows.push_back({model, "train", std::to_string(batch), formatFixed(s.imagesPerSecond, 1), percent(s.data),
                        percent(s.forward), percent(s.backward), percent(s.optimiser)});
    }
    std::fputs(table(rows).c_str(), stdout);
    return 0;
}

}  // namespace

void addBench(CLI::App& app, Action& action) {
    auto* command = app.add_subcommand("bench", "Measure images per second; with --model one JSON line for a harness");
    auto arguments = std::make_shared<BenchArguments>();
    auto* model = command->add_option("--model", arguments->model, "Preset to measure");
    command->add_option("--batch", arguments->batch, "Images at a time")
        ->capture_default_str()
        ->check(CLI::PositiveNumber)
        ->needs(model);
    command->add_option("--precision", arguments->precision, "fp32, bf16 or int8")
        ->capture_default_str()
        ->check(CLI::IsMember({"fp32", "bf16", "int8"}))
        ->needs(model);
    command->add_option("--mode", arguments->mode, "infer, train or sample")
        ->capture_default_str()
        ->check(CLI::IsMember({"infer", "train", "sample"}))
        ->needs(model);
    command->add_option("--steps", arguments->steps, "sample: steps of a chain")
        ->capture_default_str()
        ->check(CLI::Range(1, 1000))
        ->needs(model);
    command->add_option("--seconds", arguments->seconds, "Time measured, loading and warm-up apart")
        ->capture_default_str()
        ->check(CLI::PositiveNumber);
    command->add_option("--threads", arguments->threads, "Compute threads, default all cores")
        ->check(CLI::NonNegativeNumber);
    command->callback([&action, arguments] {
        action = [arguments] {
            setComputeThreads(arguments->threads);
            return arguments->model.empty() ? runTable(*arguments) : runCandidate(*arguments);
        };
    });
}

}  // namespace vl::cli
