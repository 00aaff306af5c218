// SPDX-License-Identifier: Apache-2.0
#include "engine/cuda/loader.h"

#include "engine/cuda/plugin.h"

#include <dlfcn.h>
#include <array>
#include <cstdlib>
#include <filesystem>

namespace vl {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> candidates(const std::string& path) {
    if (!path.empty()) {
        return {path};
    }
    if (const char* named = std::getenv("VL_CUDA_PLUGIN"); named != nullptr && *named != '\0') {
        return {named};
    }
    std::error_code ignored;
    const fs::path folder = fs::read_symlink("/proc/self/exe", ignored).parent_path();
    return {folder / ".." / "lib" / "libvl_cuda.so", folder / "libvl_cuda.so"};
}

const VlCudaPlugin* tableOf(void* library, std::string& reason) {
    // POSIX lets a symbol's address stand for a function; C++ only allows the detour.
    const auto entry = reinterpret_cast<VlCudaPluginEntry>(dlsym(library, "vlCudaPlugin"));
    const VlCudaPlugin* table = entry != nullptr ? entry() : nullptr;
    if (table == nullptr) {
        reason = "The CUDA plug-in is not one of this program.";
        return nullptr;
    }
    if (table->abi != VL_CUDA_ABI) {
        reason = "The CUDA plug-in belongs to another version of this program.";
        return nullptr;
    }
    return table;
}

bool hasDriver() {
    void* driver = dlopen("libcuda.so.1", RTLD_LAZY | RTLD_LOCAL);
    if (driver == nullptr) {
        return false;
    }
    dlclose(driver);
    return true;
}

CudaProbe probe() {
    CudaProbe result;
    if (!hasDriver()) {
        result.reason = "No NVIDIA driver on this machine.";
        return result;
    }
    const VlCudaPlugin* plugin = loadCudaPlugin(result.reason);
    if (plugin == nullptr) {
        return result;
    }
    result.pluginLoaded = true;
    std::array<char, 256> text{};
    const int count = plugin->deviceCount(text.data(), text.size());
    result.reason = text.data();
    for (int index = 0; index < count; ++index) {
        VlGpu gpu{};
        if (const int code = plugin->deviceInfo(index, &gpu); code != 0) {
            result.reason = "A GPU is listed but cannot be used: " + std::string(plugin->errorText(code)) + ".";
            continue;
        }
        result.gpus.push_back({gpu.name, gpu.totalBytes, gpu.freeBytes, gpu.major, gpu.minor});
    }
    result.available = !result.gpus.empty();
    if (result.available) {
        result.reason.clear();
    }
    return result;
}

}  // namespace

const VlCudaPlugin* loadCudaPlugin(std::string& reason, const std::string& path) {
    std::error_code ignored;
    reason = "This build has no CUDA plug-in (libvl_cuda.so): no CUDA compiler was there when it was built.";
    for (const fs::path& file : candidates(path)) {
        if (!fs::exists(file, ignored)) {
            continue;
        }
        // Kept for the life of the process: unloading a library with a CUDA runtime inside is not safe.
        void* library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
        if (library == nullptr) {
            const char* cause = dlerror();
            reason = "The CUDA plug-in cannot be loaded: " + std::string(cause != nullptr ? cause : "unknown") + ".";
            continue;
        }
        if (const VlCudaPlugin* table = tableOf(library, reason)) {
            reason.clear();
            return table;
        }
        dlclose(library);
    }
    return nullptr;
}

const CudaProbe& probeCuda() {
    static const CudaProbe result = probe();
    return result;
}

bool loadTorchCuda(std::string& reason) {
    if (dlopen("libtorch_cuda.so", RTLD_NOW | RTLD_GLOBAL) != nullptr) {
        reason.clear();
        return true;
    }
    reason = "LibTorch is here without its CUDA libraries, so training and inference stay on the CPU.";
    return false;
}

}  // namespace vl
