// SPDX-License-Identifier: Apache-2.0
#include "engine/cuda/kernels.h"
#include "engine/cuda/reduce.cuh"

namespace vl::cuda {
namespace {

/// One block a query. The scores of all keys lie in shared memory: they are needed whole, because the mask multiplies
/// finished softmax values and the masked-out keys still count in the denominator.
__global__ void softMaskAttentionKernel(const float* q, const float* k, const float* v, float* out, int tokens,
                                        int headDim, float scale, float alpha) {
    extern __shared__ float scores[];
    const int query = blockIdx.x;
    const std::int64_t head = static_cast<std::int64_t>(blockIdx.y) * tokens * headDim;
    const float* row = q + head + static_cast<std::int64_t>(query) * headDim;

    float largest = Max::start;
    for (int key = threadIdx.x; key < tokens; key += kThreads) {
        const float* keys = k + head + static_cast<std::int64_t>(key) * headDim;
        float dot = 0.0F;
        for (int c = 0; c < headDim; ++c) {
            dot += row[c] * keys[c];
        }
        scores[key] = dot * scale;
        largest = fmaxf(largest, scores[key]);
    }
    largest = reduceBlock<Max>(largest);

    float sum = 0.0F;
    for (int key = threadIdx.x; key < tokens; key += kThreads) {
        const float weight = expf(scores[key] - largest);
        sum += weight;
        scores[key] = key <= query ? weight : weight * alpha;
    }
    sum = reduceBlock<Sum>(
        sum);  // over all keys, before the mask; also the barrier before scores are read across threads

    for (int c = threadIdx.x; c < headDim; c += kThreads) {
        float total = 0.0F;
        for (int key = 0; key < tokens; ++key) {
            total += scores[key] * v[head + static_cast<std::int64_t>(key) * headDim + c];
        }
        out[head + static_cast<std::int64_t>(query) * headDim + c] = total / sum;
    }
}

}  // namespace

int softMaskAttention(const float* q, const float* k, const float* v, float* out, int batch, int heads, int tokens,
                      int headDim, float alpha, void* stream) {
    const std::int64_t allHeads = static_cast<std::int64_t>(batch) * heads;
    const std::size_t bytes = sizeof(float) * static_cast<std::size_t>(tokens < 0 ? 0 : tokens);
    // 48 KiB of shared memory and 65535 blocks in y are what every device has: 12 thousand tokens, 65 thousand heads.
    if (batch < 0 || heads < 0 || tokens < 0 || headDim <= 0 || allHeads > 65535 || bytes > 48 * 1024 - 64) {
        return cudaErrorInvalidValue;
    }
    if (allHeads > 0 && tokens > 0) {
        const dim3 grid(static_cast<unsigned>(tokens), static_cast<unsigned>(allHeads));
        const float scale = 1.0F / sqrtf(static_cast<float>(headDim));
        softMaskAttentionKernel<<<grid, kThreads, bytes, streamOf(stream)>>>(q, k, v, out, tokens, headDim, scale,
                                                                             alpha);
    }
    return cudaGetLastError();
}

}  // namespace vl::cuda
