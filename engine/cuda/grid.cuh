// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "engine/cuda/reduce.cuh"

namespace vl::cuda {

/// Blocks for a loop in strides of the whole grid: enough to fill any device, whatever `count` is.
inline unsigned blocksFor(std::int64_t count) {
    constexpr std::int64_t kMost = 1 << 16;
    const std::int64_t blocks = count / kThreads + (count % kThreads != 0);
    return static_cast<unsigned>(blocks < kMost ? blocks : kMost);
}

__device__ inline std::int64_t firstIndex() { return static_cast<std::int64_t>(blockIdx.x) * blockDim.x + threadIdx.x; }
__device__ inline std::int64_t gridStride() { return static_cast<std::int64_t>(gridDim.x) * blockDim.x; }

}  // namespace vl::cuda
