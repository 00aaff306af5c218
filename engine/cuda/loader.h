// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

struct VlCudaPlugin;

namespace vl {

struct GpuInfo {
    std::string name;
    std::uint64_t totalBytes = 0, freeBytes = 0;
    int major = 0, minor = 0;  ///< compute capability
};

/// What this machine offers. No driver, no plug-in and no device are normal conditions, told apart by `reason`.
struct CudaProbe {
    bool available = false;  ///< plug-in loaded and at least one device
    bool pluginLoaded = false;
    std::vector<GpuInfo> gpus;
    std::string reason;  ///< why not, one sentence; empty when available
};

/// Loads libvl_cuda.so from `path`, or when empty from where VL_CUDA_PLUGIN points, else from ../lib and . beside the
/// program. Returns null and one sentence in `reason` when it is absent or of another version. Loaded once, kept.
const VlCudaPlugin* loadCudaPlugin(std::string& reason, const std::string& path = {});

/// Looks for a driver first, then loads the plug-in and asks it. Never throws. The answer of the first call is kept.
const CudaProbe& probeCuda();

/// Makes ATen see the GPU: loads libtorch_cuda.so. Call before the first ATen operation, only when probeCuda() finds a
/// device. False and one sentence in `reason` when LibTorch came without its CUDA parts.
bool loadTorchCuda(std::string& reason);

}  // namespace vl
