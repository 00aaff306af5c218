// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <vector>

#include <ATen/core/Tensor.h>

namespace vl {

/// Sides of a picture in pixels.
struct PictureSize {
    double height = 0, width = 0;
};

/// Boxes are rows x1, y1, x2, y2 in pixels, float32, without the +1 of older code (models.md 9.1).

/// Intersection over union of every pair: a [n, 4], b [m, 4] -> [n, m]; 0 where both have no area.
at::Tensor boxOverlaps(const at::Tensor& a, const at::Tensor& b);

/// Boxes [..., 4] held inside the picture.
at::Tensor clipBoxes(const at::Tensor& boxes, const PictureSize& picture);

/// The scales deltas are divided by; 9.1: 1 for the proposal network, 0.1 and 0.2 for the box head.
struct BoxCoder {
    std::array<double, 4> deviations{1, 1, 1, 1};

    /// How to get from `from` [n, 4] to `to` [n, 4]: shifts by size, logarithms of size ratios, over the deviations.
    at::Tensor encode(const at::Tensor& from, const at::Tensor& to) const;
    /// Boxes from `from` [n, 4] and `deltas` [n, 4 k] -> [n, 4 k]. |dw| and |dh| are held to |ln(16 / 1000)|; clipped
    /// to `picture` when given.
    at::Tensor decode(const at::Tensor& from, const at::Tensor& deltas, const PictureSize* picture = nullptr) const;
};

inline constexpr BoxCoder kProposalCoder{};
inline constexpr BoxCoder kRegionCoder{{0.1, 0.1, 0.2, 0.2}};

/// The pyramid level that serves each box [n, 4]: clamp(floor(log2(sqrt(area) / (14 stride) + 1e-6)), 0, levels - 1),
/// int64 [n]; `stride` in pixels of the finest level.
at::Tensor regionLevels(const at::Tensor& boxes, std::int64_t levels = 4, std::int64_t stride = 4);

/// Boxes of a batch as regions [n, 5] with the image's index in front.
at::Tensor regionsOf(const std::vector<at::Tensor>& boxesPerImage);

/// RoIAlign of every region [n, 5] on the level that serves it, [n, C, size, size]. `features` with strides finest,
/// 2 finest, 4 finest ...; the first four are used.
at::Tensor extractRegions(const std::vector<at::Tensor>& features, const at::Tensor& regions, std::int64_t size,
                          std::int64_t finest = 4);

}  // namespace vl
