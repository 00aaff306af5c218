// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <ATen/core/Tensor.h>

namespace vl {

struct RoiAlignOptions {
    std::int64_t size = 7;  ///< cells a side of the output
    double scale = 1;       ///< feature cells per pixel: 1 / stride
};

/// Averages bilinear samples inside every cell of every region (models.md 9.1): aligned (pixel centres at one half),
/// with ceil(region / size) samples a side and cell; a region without extent has none and gives zeros.
/// features [B, C, H, W]; regions [n, 5] = image index, x1, y1, x2, y2 in pixels -> [n, C, size, size]. Samples further
/// than one cell outside the map count as zero. Differentiable in the features. The CPU takes the kernel, in float32
/// unless the features are float64; other devices take the reference. Throws Error(Internal) for an image index outside
/// the batch or a region that is not finite.
at::Tensor roiAlign(const at::Tensor& features, const at::Tensor& regions, const RoiAlignOptions& options);

/// Region by region with two dense interpolation matrices.
at::Tensor roiAlignReference(const at::Tensor& features, const at::Tensor& regions, const RoiAlignOptions& options);

/// Samples a side of one cell for a region `extent` feature cells long: none for an empty region, at most 4096.
std::int64_t roiAlignSamples(double extent, std::int64_t size);

}  // namespace vl
