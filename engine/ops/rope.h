// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <ATen/core/Tensor.h>

namespace vl {

/// Rotation of channel pair (2i, 2i+1) at every position, float32.
struct RopeTable {
    at::Tensor cosine;       ///< [N, d/2]
    at::Tensor sine;         ///< [N, d/2]
    at::Tensor cosinePairs;  ///< [N, d], each cosine twice
    at::Tensor sinePairs;    ///< [N, d], -sine then sine: x * cosinePairs + swapped(x) * sinePairs is the rotation
};

/// One-dimensional rotary table: token n turns pair i by n * theta^(-2i/d), all arithmetic in float32 (models.md 2.1).
RopeTable ropeTable1d(std::int64_t positions, std::int64_t headDim, double theta);

/// Turns q or k [B, N, H, d] token by token, the same for all heads; arithmetic in float32 (float64 stays float64).
at::Tensor applyRopeReference(const at::Tensor& x, const RopeTable& table);

}  // namespace vl
