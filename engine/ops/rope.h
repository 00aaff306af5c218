// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include <ATen/core/Tensor.h>

namespace vl {

/// Rotation of channel pair (2i, 2i+1) at every position, float32. The usual table is the same for all samples and
/// heads, [N, d/2]; one that is not has four axes, [B or 1, N, H or 1, d/2]. A table narrower than a head turns the
/// head's first channels and leaves the others.
struct RopeTable {
    at::Tensor cosine;       ///< [N, d/2]
    at::Tensor sine;         ///< [N, d/2]
    at::Tensor cosinePairs;  ///< [N, d], each cosine twice
    at::Tensor sinePairs;    ///< [N, d], -sine then sine: x * cosinePairs + swapped(x) * sinePairs is the rotation
};

/// One-dimensional rotary table: token n turns pair i by n * theta^(-2i/d), all arithmetic in float32 (models.md 2.1).
RopeTable ropeTable1d(std::int64_t positions, std::int64_t headDim, double theta);

/// A place on the patch grid, in whatever unit the rotation was trained with.
struct RopePosition {
    float x = 0, y = 0;
};

/// Positions of a row-by-row grid as the published code counts them: index p is at
/// x = scale * (offset + step * (p mod width)), y = scale * (offset + step * (p div width)), in float32
/// (models.md 2.2 with step 1 and offset 0, 2.4 in general).
struct RopeGrid {
    std::int64_t count = 0;
    std::int64_t width = 1;
    std::int64_t step = 1;
    double offset = 0;
    double scale = 1;
};
std::vector<RopePosition> gridPositions(const RopeGrid& grid);
/// Where the published 2-D code puts a class token: index -1, floor semantics, so (width - 1, -1) times scale (Q4).
RopePosition classTokenPosition(const RopeGrid& grid);

/// Two-dimensional rotary table over `dim` channels: channels 4j, 4j+1 turn by x * theta^(-4j/dim), channels 4j+2, 4j+3
/// by y times the same (models.md 2.2), all arithmetic in float32.
RopeTable ropeTable2d(const std::vector<RopePosition>& positions, std::int64_t dim, double theta);
/// The same for heads that own different frequencies: `dim` spans all heads, column head * d/2 + i -> [1, N, H, d/2].
RopeTable ropeTable2dPerHead(const std::vector<RopePosition>& positions, std::int64_t dim, std::int64_t heads,
                             double theta);
/// Turns nothing; lets baselines without rotary embedding use the same attention.
RopeTable ropeTableIdentity(std::int64_t positions, std::int64_t headDim);
/// The rows `indices` [B, n] of a plain table for every sample: [B, n, 1, d/2] (models.md 6.3).
RopeTable gatherRope(const RopeTable& table, const at::Tensor& indices);
/// True when the table is [N, headDim / 2], which is what the fused kernels read.
bool isPlain(const RopeTable& table, std::int64_t headDim);

/// Turns q or k [B, N, H, d] token by token; arithmetic in float32 (float64 stays float64).
at::Tensor applyRopeReference(const at::Tensor& x, const RopeTable& table);

}  // namespace vl
