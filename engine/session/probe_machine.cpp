// SPDX-License-Identifier: Apache-2.0
#include "engine/session/probe_machine.h"

#include <fstream>
#include <sstream>
#include <string>

#include <ATen/Version.h>
#include <ATen/cpu/Utils.h>
#include <torch/version.h>
#include <unistd.h>

#include "engine/cuda/loader.h"
#include "engine/train/runtime.h"

namespace vl {
namespace {

/// The value of the first "key : value" line that starts with `key`; empty when there is none.
std::string lineValue(const char* file, const std::string& key) {
    std::ifstream in(file);
    std::string line;
    while (std::getline(in, line)) {
        if (!line.starts_with(key)) continue;
        const std::size_t colon = line.find(':');
        if (colon == std::string::npos) continue;
        const std::size_t begin = line.find_first_not_of(" \t", colon + 1);
        return begin == std::string::npos ? std::string() : line.substr(begin);
    }
    return {};
}

double kibibytesToGb(const std::string& text) { return std::strtod(text.c_str(), nullptr) * 1024 / 1e9; }

double usedGb() {
    std::ifstream in("/proc/self/statm");
    long pages = 0, resident = 0;
    in >> pages >> resident;
    return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1e9;
}

bool hasCpuFlag(const std::string& flags, const std::string& name) {
    return (" " + flags + " ").find(" " + name + " ") != std::string::npos;
}

/// Torch's own word for the kernels it chose ("AVX512"), from its configuration text.
std::string instructionSet() {
    std::istringstream config(at::get_cpu_capability());
    std::string text;
    std::getline(config, text);
    return text;
}

std::string blasName() {
    std::istringstream config(at::show_config());
    std::string line, names;
    while (std::getline(config, line)) {
        const std::size_t begin = line.find_first_not_of(" -");
        if (begin == std::string::npos) continue;
        line = line.substr(begin);
        if (line.find("Math Kernel Library Version") == std::string::npos && !line.starts_with("Intel(R) MKL-DNN"))
            continue;
        const std::size_t cut = line.find(" (Git");
        line = line.substr(0, cut);
        if (const std::size_t product = line.find(" Product"); product != std::string::npos)
            line = line.substr(0, product);
        names += (names.empty() ? "" : ", ") + line;
    }
    return names.empty() ? "built-in" : names;
}

}  // namespace

MachineInfo probeMachine(int threads) {
    MachineInfo info;
    info.cpuName = lineValue("/proc/cpuinfo", "model name");
    if (info.cpuName.empty()) info.cpuName = "unknown CPU";
    const std::string flags = lineValue("/proc/cpuinfo", "flags");
    info.bf16Units = hasCpuFlag(flags, "amx_bf16");
    info.isa = instructionSet();
    info.blas = blasName();
    info.torchVersion = TORCH_VERSION;
    info.compiler = std::string("g++ ") + __VERSION__;
    info.version = VL_VERSION;
    info.cores = usableCores();
    info.threads = threads > 0 ? threads : info.cores;
    info.memoryTotalGb = kibibytesToGb(lineValue("/proc/meminfo", "MemTotal"));
    info.memoryFreeGb = kibibytesToGb(lineValue("/proc/meminfo", "MemAvailable"));
    info.memoryUsedGb = usedGb();
    const CudaProbe& cuda = probeCuda();
    info.cudaPlugin = cuda.pluginLoaded;
    for (const GpuInfo& gpu : cuda.gpus)
        info.gpus.push_back(gpu.name);
    info.gpuReason = cuda.reason;
    return info;
}

}  // namespace vl
