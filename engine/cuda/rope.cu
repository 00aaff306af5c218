// SPDX-License-Identifier: Apache-2.0
#include "engine/cuda/kernels.h"
#include "engine/cuda/reduce.cuh"

namespace vl::cuda {
namespace {

/// One thread a channel pair. The frequency is computed as the reference does it: theta^(2i/headDim) in fp32, then its
/// reciprocal, so that large positions turn by the same angle.
__global__ void ropeKernel(float* x, std::int64_t pairs, int tokens, int heads, int headDim, float theta) {
    const std::int64_t index = static_cast<std::int64_t>(blockIdx.x) * kThreads + threadIdx.x;
    if (index >= pairs) {
        return;
    }
    const int half = headDim / 2;
    const int channel = static_cast<int>(index % half);
    const int token = static_cast<int>(index / half / heads % tokens);
    const float exponent = 2.0F * static_cast<float>(channel) / static_cast<float>(headDim);
    const float angle = static_cast<float>(token) * (1.0F / powf(theta, exponent));
    float sine = 0.0F;
    float cosine = 0.0F;
    sincosf(angle, &sine, &cosine);
    const float re = x[2 * index];
    const float im = x[2 * index + 1];
    x[2 * index] = re * cosine - im * sine;
    x[2 * index + 1] = re * sine + im * cosine;
}

}  // namespace

int rope1d(float* x, int batch, int tokens, int heads, int headDim, float theta, void* stream) {
    if (batch < 0 || tokens < 0 || heads < 0 || headDim <= 0 || headDim % 2 != 0 || theta <= 0) {
        return cudaErrorInvalidValue;
    }
    const std::int64_t pairs = static_cast<std::int64_t>(batch) * tokens * heads * (headDim / 2);
    if (pairs > 0) {
        const auto blocks = static_cast<unsigned>((pairs + kThreads - 1) / kThreads);
        ropeKernel<<<blocks, kThreads, 0, streamOf(stream)>>>(x, pairs, tokens, heads, headDim, theta);
    }
    return cudaGetLastError();
}

}  // namespace vl::cuda
