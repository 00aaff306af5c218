// SPDX-License-Identifier: Apache-2.0
#include "engine/cuda/grid.cuh"
#include "engine/cuda/kernels.h"
#include "engine/cuda/nms_overlap.h"

namespace vl::cuda {
namespace {

// The matrix of overlaps is never held: one strip of 64 boxes at a time is settled among itself and then drops later
// boxes. Two launches a strip, no memory beyond `kept`, and dropped boxes are not compared any further.

__device__ bool drops(const float* boxes, const std::int64_t* groups, std::int64_t a, std::int64_t b, float threshold) {
    return (groups == nullptr || groups[a] == groups[b]) && nmsOverlaps(boxes + 4 * a, boxes + 4 * b, threshold);
}

/// One block of kNmsTile threads settles boxes first .. first + 63 among themselves.
__global__ void settleKernel(const float* boxes, const std::int64_t* groups, unsigned char* kept, std::int64_t count,
                             std::int64_t first, float threshold) {
    __shared__ unsigned long long masks[kNmsTile];
    __shared__ unsigned long long alive;
    const int own = threadIdx.x;
    const int members = static_cast<int>(count - first < kNmsTile ? count - first : kNmsTile);
    unsigned long long mask = 0;
    for (int other = own + 1; other < members; ++other) {
        if (drops(boxes, groups, first + own, first + other, threshold)) mask |= 1ULL << other;
    }
    masks[own] = mask;
    __syncthreads();
    if (own == 0) {
        unsigned long long standing = 0;
        for (int i = 0; i < members; ++i) {
            if (kept[first + i] != 0) standing |= 1ULL << i;
        }
        alive = nmsResolve(standing, masks);
    }
    __syncthreads();
    if (own < members) kept[first + own] = static_cast<unsigned char>(alive >> own & 1ULL);
}

/// Every box after the strip asks whether one of the strip's survivors drops it.
__global__ void dropKernel(const float* boxes, const std::int64_t* groups, unsigned char* kept, std::int64_t count,
                           std::int64_t first, float threshold) {
    for (std::int64_t i = first + kNmsTile + firstIndex(); i < count; i += gridStride()) {
        bool stands = kept[i] != 0;
        for (std::int64_t best = first; stands && best < first + kNmsTile; ++best) {
            stands = kept[best] == 0 || !drops(boxes, groups, best, i, threshold);
        }
        if (!stands) kept[i] = 0;
    }
}

}  // namespace

int nms(const float* boxes, const std::int64_t* groups, unsigned char* kept, std::int64_t count, float threshold,
        void* stream) {
    if (count < 0) return cudaErrorInvalidValue;
    if (count == 0) return cudaSuccess;
    if (const cudaError_t code = cudaMemsetAsync(kept, 1, static_cast<std::size_t>(count), streamOf(stream));
        code != cudaSuccess) {
        return code;
    }
    for (std::int64_t first = 0; first < count; first += kNmsTile) {
        settleKernel<<<1, kNmsTile, 0, streamOf(stream)>>>(boxes, groups, kept, count, first, threshold);
        const std::int64_t later = count - first - kNmsTile;
        if (later > 0)
            dropKernel<<<blocksFor(later), kThreads, 0, streamOf(stream)>>>(boxes, groups, kept, count, first,
                                                                            threshold);
    }
    return cudaGetLastError();
}

}  // namespace vl::cuda
