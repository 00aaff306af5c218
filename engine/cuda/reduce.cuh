// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cuda_runtime.h>

namespace vl::cuda {

constexpr int kThreads = 256;  ///< per block, in every kernel that reduces

struct Sum {
    static constexpr float start = 0.0F;
    __device__ static float of(float a, float b) { return a + b; }
};

struct Max {
    static constexpr float start = -3.4e38F;
    __device__ static float of(float a, float b) { return fmaxf(a, b); }
};

/// Combines one value of each of the block's kThreads threads; every thread gets the result.
template <class Op>
__device__ float reduceBlock(float value) {
    __shared__ float partial[kThreads / 32];
    for (int offset = 16; offset > 0; offset /= 2) {
        value = Op::of(value, __shfl_xor_sync(0xffffffffU, value, offset));
    }
    __syncthreads();  // an earlier reduction may still be read
    if (threadIdx.x % 32 == 0) {
        partial[threadIdx.x / 32] = value;
    }
    __syncthreads();
    float result = Op::start;
    for (float part : partial) {
        result = Op::of(result, part);
    }
    return result;
}

inline cudaStream_t streamOf(void* stream) { return static_cast<cudaStream_t>(stream); }

}  // namespace vl::cuda
