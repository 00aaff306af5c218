// SPDX-License-Identifier: Apache-2.0
#include "engine/cuda/grid.cuh"
#include "engine/cuda/kernels.h"
#include "engine/cuda/roi_align_cell.h"

namespace vl::cuda {
namespace {

__global__ void roiAlignKernel(const float* features, const float* regions, float* out, std::int64_t total,
                               VlRoiAlign shape) {
    const std::int64_t plane = static_cast<std::int64_t>(shape.height) * shape.width;
    for (std::int64_t i = firstIndex(); i < total; i += gridStride()) {
        const int column = static_cast<int>(i % shape.size);
        const int row = static_cast<int>(i / shape.size % shape.size);
        const std::int64_t map = i / shape.size / shape.size;  // region by region, channel by channel
        const RoiPlace place = roiPlace(regions + map / shape.channels * 5, shape.scale, shape.size, shape.batch,
                                        shape.height, shape.width);
        const std::int64_t source = place.image * shape.channels + map % shape.channels;
        out[i] = place.image < 0 ? 0.0F : roiCell(features + source * plane, place, row, column);
    }
}

/// A thread owns a feature cell and walks the regions in their order: no atomics, so the sums come out the same on
/// every run. Regions that do not touch the cell cost a comparison.
__global__ void roiAlignBackwardKernel(const float* gradient, const float* regions, float* out, std::int64_t total,
                                       VlRoiAlign shape) {
    const std::int64_t cells = static_cast<std::int64_t>(shape.size) * shape.size;
    for (std::int64_t i = firstIndex(); i < total; i += gridStride()) {
        const std::int64_t x = i % shape.width;
        const std::int64_t y = i / shape.width % shape.height;
        const std::int64_t map = i / shape.width / shape.height;
        const std::int64_t image = map / shape.channels;
        const std::int64_t channel = map % shape.channels;
        float sum = 0.0F;
        for (std::int64_t n = 0; n < shape.regions; ++n) {
            const RoiPlace place =
                roiPlace(regions + n * 5, shape.scale, shape.size, shape.batch, shape.height, shape.width);
            if (place.image != image) continue;
            sum += roiGradient(gradient + (n * shape.channels + channel) * cells, place, y, x);
        }
        out[i] = sum;
    }
}

bool valid(const VlRoiAlign& shape) {
    return shape.batch >= 0 && shape.channels >= 0 && shape.height >= 0 && shape.width >= 0 && shape.regions >= 0 &&
           shape.size > 0 && (shape.regions == 0 || (shape.height > 0 && shape.width > 0));
}

}  // namespace

int roiAlign(const float* features, const float* regions, float* out, const VlRoiAlign* shape, void* stream) {
    if (shape == nullptr || !valid(*shape)) return cudaErrorInvalidValue;
    const std::int64_t total = shape->regions * shape->channels * shape->size * shape->size;
    if (total > 0)
        roiAlignKernel<<<blocksFor(total), kThreads, 0, streamOf(stream)>>>(features, regions, out, total, *shape);
    return cudaGetLastError();
}

int roiAlignBackward(const float* gradient, const float* regions, float* out, const VlRoiAlign* shape, void* stream) {
    if (shape == nullptr || !valid(*shape)) return cudaErrorInvalidValue;
    const std::int64_t total = static_cast<std::int64_t>(shape->batch) * shape->channels * shape->height * shape->width;
    if (total > 0)
        roiAlignBackwardKernel<<<blocksFor(total), kThreads, 0, streamOf(stream)>>>(gradient, regions, out, total,
                                                                                    *shape);
    return cudaGetLastError();
}

}  // namespace vl::cuda
