// SPDX-License-Identifier: Apache-2.0
#include "engine/cuda/kernels.h"
#include "engine/cuda/reduce.cuh"

namespace vl::cuda {
namespace {

/// One block a row.
__global__ void rmsNormKernel(const float* x, const float* weight, float* y, int dim, float eps) {
    const float* row = x + static_cast<std::int64_t>(blockIdx.x) * dim;
    float* out = y + static_cast<std::int64_t>(blockIdx.x) * dim;
    float squares = 0.0F;
    for (int c = threadIdx.x; c < dim; c += kThreads) {
        squares += row[c] * row[c];
    }
    const float scale = rsqrtf(reduceBlock<Sum>(squares) / static_cast<float>(dim) + eps);
    for (int c = threadIdx.x; c < dim; c += kThreads) {
        out[c] = row[c] * scale * weight[c];
    }
}

}  // namespace

int rmsNorm(const float* x, const float* weight, float* y, std::int64_t rows, int dim, float eps, void* stream) {
    if (rows < 0 || rows > 0x7fffffff || dim <= 0) {
        return cudaErrorInvalidValue;
    }
    if (rows > 0) {
        rmsNormKernel<<<static_cast<unsigned>(rows), kThreads, 0, streamOf(stream)>>>(x, weight, y, dim, eps);
    }
    return cudaGetLastError();
}

}  // namespace vl::cuda
