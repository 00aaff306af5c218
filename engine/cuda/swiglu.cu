// SPDX-License-Identifier: Apache-2.0
#include "engine/cuda/kernels.h"
#include "engine/cuda/reduce.cuh"

namespace vl::cuda {
namespace {

__global__ void swiGluKernel(const float* gate, const float* value, float* out, std::int64_t count) {
    const std::int64_t index = static_cast<std::int64_t>(blockIdx.x) * kThreads + threadIdx.x;
    if (index < count) {
        const float z = gate[index];
        out[index] = z / (1.0F + expf(-z)) * value[index];
    }
}

}  // namespace

int swiGlu(const float* gate, const float* value, float* out, std::int64_t count, void* stream) {
    if (count < 0) {
        return cudaErrorInvalidValue;
    }
    if (count > 0) {
        const auto blocks = static_cast<unsigned>((count + kThreads - 1) / kThreads);
        swiGluKernel<<<blocks, kThreads, 0, streamOf(stream)>>>(gate, value, out, count);
    }
    return cudaGetLastError();
}

}  // namespace vl::cuda
