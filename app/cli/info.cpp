// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>
#include <memory>

#include <nlohmann/json.hpp>

#include "app/cli/checkpoint_table.h"
#include "app/cli/command.h"
#include "app/cli/console.h"
#include "app/cli/interrupt.h"
#include "engine/api/model_spec.h"
#include "engine/checkpoint/checkpoint.h"
#include "engine/core/error.h"
#include "engine/core/resource_paths.h"
#include "engine/core/text.h"
#include "engine/session/probe_machine.h"

namespace vl::cli {
namespace {

std::string presetNames() {
    std::string text;
    for (const ModelSpec& spec : modelPresets())
        text += (text.empty() ? "" : ", ") + spec.name;
    return text;
}

std::string projectList() {
    std::string text;
    for (const std::string& name : projectNames())
        text += (text.empty() ? "" : ", ") + name;
    return text.empty() ? "none found" : text;
}

int printInfo(bool json) {
    const MachineInfo m = probeMachine(0);
    if (json) {
        const nlohmann::ordered_json info = {{"version", m.version},
                                             {"torch", m.torchVersion},
                                             {"compiler", m.compiler},
                                             {"cpu", m.cpuName},
                                             {"cores", m.cores},
                                             {"threads", m.threads},
                                             {"isa", m.isa},
                                             {"bf16_units", m.bf16Units},
                                             {"blas", m.blas},
                                             {"memory_gb", m.memoryTotalGb},
                                             {"memory_free_gb", m.memoryFreeGb},
                                             {"cuda_plugin", m.cudaPlugin},
                                             {"gpus", m.gpus},
                                             {"gpu_reason", m.gpuReason},
                                             {"resources", resourceFolder().string()},
                                             {"projects", projectNames()}};
        std::printf("%s\n", info.dump(2).c_str());
        return 0;
    }
    std::string gpus;
    for (const std::string& gpu : m.gpus)
        gpus += (gpus.empty() ? "" : ", ") + gpu;
    const std::vector<std::pair<std::string, std::string>> rows = {
        {"visionllama", m.version},
        {"LibTorch", m.torchVersion},
        {"compiler", m.compiler},
        {"device", gpus.empty() ? "CPU" : gpus},
        {"GPU", gpus.empty() ? m.gpuReason : "CUDA plug-in loaded"},
        {"CPU", m.cpuName},
        {"cores", std::to_string(m.cores)},
        {"threads", std::to_string(m.threads)},
        {"ISA", m.isa + (m.bf16Units ? ", bf16 units" : "")},
        {"BLAS", m.blas},
        {"memory", formatFixed(m.memoryFreeGb, 1) + " of " + formatFixed(m.memoryTotalGb, 1) + " GB free"},
        {"presets", presetNames()},
        {"projects", projectList()},
        {"resources", resourceFolder().string()},
    };
    for (const auto& [name, value] : rows)
        std::printf("%-12s %s\n", name.c_str(), value.c_str());
    return 0;
}

struct InfoArguments {
    std::string file;
    CheckpointOptions options;
    bool tensors = false, json = false;
};

int printCheckpoint(const InfoArguments& arguments) {
    catchInterrupts();
    ProgressLine progress;
    const auto report = inspectCheckpoint(arguments.file, arguments.options, [&](const ReadProgress& p) {
        const auto total = static_cast<double>(std::max<std::uint64_t>(p.totalBytes, 1));
        progress.update(static_cast<double>(p.doneBytes) / total, printable(p.what, 40));
        return !interrupted();
    });
    progress.clear();
    if (arguments.json) {
        // Names come from files nobody vouches for and may be any bytes.
        const auto text = toJson(report).dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
        std::printf("%s\n", text.c_str());
    } else {
        std::printf("%s", describeCheckpoint(report, arguments.tensors).c_str());
    }
    return 0;
}

int runInfo(const InfoArguments& arguments) {
    const auto& options = arguments.options;
    if (!arguments.file.empty()) return printCheckpoint(arguments);
    if (arguments.tensors || options.statistics || options.averaged || !options.preset.empty())
        throw Error(ErrorCode::Usage, "These options are about a checkpoint, but no file is named.", "Name one.");
    return printInfo(arguments.json);
}

}  // namespace

void addInfo(CLI::App& app, Action& action) {
    auto* command = app.add_subcommand(
        "info", "Show device, threads, BLAS, instruction set, versions and presets; or what a checkpoint file is");
    auto arguments = std::make_shared<InfoArguments>();
    CheckpointOptions& options = arguments->options;
    command->add_option("file", arguments->file, "Checkpoint (.safetensors, .safetensors.index.json, .pth, .pt, .bin)");
    command->add_flag("--tensors", arguments->tensors, "List all tensors");
    command->add_flag("--statistics", options.statistics, "Read every tensor: mean, deviation, extremes, NaN count");
    command->add_option("--preset", options.preset, "Compare with this model instead of the recognised one");
    command->add_flag("--ema", options.averaged, "Look at the averaged weights");
    command->add_flag("--json", arguments->json, "Print JSON");
    command->callback([&action, arguments] { action = [arguments] { return runInfo(*arguments); }; });
}

}  // namespace vl::cli
