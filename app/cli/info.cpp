// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <memory>

#include <nlohmann/json.hpp>

#include "app/cli/command.h"
#include "app/cli/console.h"
#include "engine/api/model_spec.h"
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

}  // namespace

void addInfo(CLI::App& app, Action& action) {
    auto* command = app.add_subcommand("info", "Show device, threads, BLAS, instruction set, versions and presets");
    auto json = std::make_shared<bool>(false);
    command->add_flag("--json", *json, "Print JSON");
    command->callback([&action, json] { action = [json] { return printInfo(*json); }; });
}

}  // namespace vl::cli
