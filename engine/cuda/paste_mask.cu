// SPDX-License-Identifier: Apache-2.0
#include "engine/cuda/grid.cuh"
#include "engine/cuda/kernels.h"
#include "engine/cuda/paste_mask_pixel.h"

namespace vl::cuda {
namespace {

__global__ void pasteMasksKernel(const float* masks, const float* boxes, unsigned char* out, std::int64_t total,
                                 int side, int height, int width, float threshold) {
    const std::int64_t cells = static_cast<std::int64_t>(side) * side;
    for (std::int64_t i = firstIndex(); i < total; i += gridStride()) {
        const std::int64_t n = i / width / height;
        out[i] = pastePixel(masks + n * cells, boxes + 4 * n, side, i / width % height, i % width, threshold);
    }
}

}  // namespace

int pasteMasks(const float* masks, const float* boxes, unsigned char* out, std::int64_t count, int side, int height,
               int width, float threshold, void* stream) {
    if (count < 0 || side <= 0 || height < 0 || width < 0) return cudaErrorInvalidValue;
    const std::int64_t total = count * height * width;
    if (total > 0) {
        pasteMasksKernel<<<blocksFor(total), kThreads, 0, streamOf(stream)>>>(masks, boxes, out, total, side, height,
                                                                              width, threshold);
    }
    return cudaGetLastError();
}

}  // namespace vl::cuda
