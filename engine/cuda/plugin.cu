// SPDX-License-Identifier: Apache-2.0
#include "engine/cuda/plugin.h"

#include "engine/cuda/kernels.h"

#include <cuda_runtime.h>
#include <cstdio>
#include <cstring>

namespace {

/// A machine without a driver or a device answers here with an error code; that is its normal condition.
int deviceCount(char* reason, std::size_t reasonSize) {
    int count = 0;
    const cudaError_t code = cudaGetDeviceCount(&count);
    if (code != cudaSuccess) {
        count = 0;
        cudaGetLastError();  // the state must not poison the next call
    }
    if (reason != nullptr && reasonSize > 0) {
        reason[0] = '\0';
        if (code != cudaSuccess) {
            std::snprintf(reason, reasonSize, "CUDA finds no usable GPU here: %s.", cudaGetErrorString(code));
        } else if (count == 0) {
            std::snprintf(reason, reasonSize, "The NVIDIA driver is here but shows no GPU.");
        }
    }
    return count;
}

int deviceInfo(int index, VlGpu* info) {
    cudaDeviceProp properties{};
    if (const cudaError_t code = cudaGetDeviceProperties(&properties, index); code != cudaSuccess) {
        return code;
    }
    std::memset(info, 0, sizeof *info);
    std::snprintf(info->name, sizeof info->name, "%s", properties.name);
    info->major = properties.major;
    info->minor = properties.minor;
    int previous = 0;
    cudaGetDevice(&previous);
    std::size_t freeBytes = 0;
    std::size_t totalBytes = 0;
    cudaError_t code = cudaSetDevice(index);
    if (code == cudaSuccess) {
        code = cudaMemGetInfo(&freeBytes, &totalBytes);
    }
    cudaSetDevice(previous);
    info->freeBytes = freeBytes;
    info->totalBytes = totalBytes;
    return code;
}

const char* errorText(int code) { return cudaGetErrorString(static_cast<cudaError_t>(code)); }

void* allocate(std::size_t bytes) {
    void* memory = nullptr;
    return cudaMalloc(&memory, bytes) == cudaSuccess ? memory : nullptr;
}

void release(void* memory) { cudaFree(memory); }

int upload(void* device, const void* host, std::size_t bytes) {
    return cudaMemcpy(device, host, bytes, cudaMemcpyHostToDevice);
}

int download(void* host, const void* device, std::size_t bytes) {
    return cudaMemcpy(host, device, bytes, cudaMemcpyDeviceToHost);
}

int synchronize() { return cudaDeviceSynchronize(); }

const VlCudaPlugin table = {VL_CUDA_ABI,
                            deviceCount,
                            deviceInfo,
                            errorText,
                            allocate,
                            release,
                            upload,
                            download,
                            synchronize,
                            vl::cuda::rmsNorm,
                            vl::cuda::rope1d,
                            vl::cuda::swiGlu,
                            vl::cuda::softMaskAttention,
                            vl::cuda::roiAlign,
                            vl::cuda::roiAlignBackward,
                            vl::cuda::nms,
                            vl::cuda::pasteMasks};

}  // namespace

extern "C" __attribute__((visibility("default"))) const VlCudaPlugin* vlCudaPlugin() { return &table; }
