// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/ops/cpu/isa_vector.h"

namespace vl::cpu::VL_ISA {

VL_INLINE Index roundedUp(Index count, Index multiple) { return (count + multiple - 1) / multiple * multiple; }
VL_INLINE Index smaller(Index a, Index b) { return a < b ? a : b; }
VL_INLINE Index larger(Index a, Index b) { return a > b ? a : b; }

/// One exchange of a butterfly: lanes whose number has bit SPAN move between rows that differ in that bit.
template <int SPAN>
VL_INLINE void exchange(Vec* rows) {
    const IntVec lane = laneNumbers();
    const IntVec high = (lane & SPAN) != 0;
    const IntVec upper = high ? lane + static_cast<int>(kWidth) - SPAN : lane;
    const IntVec lower = high ? lane + static_cast<int>(kWidth) : lane + SPAN;
#pragma GCC unroll 16
    for (Index i = 0; i < kWidth; ++i) {
        if (i & SPAN) continue;
        const Vec a = rows[i], b = rows[i + SPAN];
        rows[i] = __builtin_shuffle(a, b, upper);
        rows[i + SPAN] = __builtin_shuffle(a, b, lower);
    }
}

/// Transposes a kWidth x kWidth block.
VL_INLINE void transposeBlock(const float* from, Index fromRow, float* to, Index toRow) {
    Vec rows[kWidth];
#pragma GCC unroll 16
    for (Index i = 0; i < kWidth; ++i)
        rows[i] = load(from + i * fromRow);
    exchange<1>(rows);
    exchange<2>(rows);
    if constexpr (kWidth > 4) exchange<4>(rows);
    if constexpr (kWidth > 8) exchange<8>(rows);
#pragma GCC unroll 16
    for (Index i = 0; i < kWidth; ++i)
        store(to + i * toRow, rows[i]);
}

/// to[c * toRow + r] = from[r * fromRow + c]; columns of `to` from `rows` up to `paddedRows` become zero.
static void transpose(const float* from, Index rows, Index cols, Index fromRow, float* to, Index toRow,
                      Index paddedRows) {
    const Index blockRows = rows / kWidth * kWidth, blockCols = cols / kWidth * kWidth;
    for (Index r = 0; r < blockRows; r += kWidth) {
        for (Index c = 0; c < blockCols; c += kWidth)
            transposeBlock(from + r * fromRow + c, fromRow, to + c * toRow + r, toRow);
        for (Index c = blockCols; c < cols; ++c) {
            for (Index i = r; i < r + kWidth; ++i)
                to[c * toRow + i] = from[i * fromRow + c];
        }
    }
    for (Index c = 0; c < cols; ++c) {
        for (Index r = blockRows; r < rows; ++r)
            to[c * toRow + r] = from[r * fromRow + c];
        for (Index r = rows; r < paddedRows; ++r)
            to[c * toRow + r] = 0;
    }
}

/// Copies rows of `dim` floats and fills each up to toRow with zeros.
static void packPlain(const float* from, Index stride, Index rows, Index dim, float* to, Index toRow) {
    for (Index r = 0; r < rows; ++r) {
        float* out = to + r * toRow;
        for (Index c = 0; c < dim; ++c)
            out[c] = from[r * stride + c];
        for (Index c = dim; c < toRow; ++c)
            out[c] = 0;
    }
}

}  // namespace vl::cpu::VL_ISA
