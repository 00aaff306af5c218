// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/ops/cpu/isa_vector.h"

namespace vl::cpu::VL_ISA {

// Register tile: kTileRows x (kTileVectors vectors) accumulators fill the register file but for the operands.
constexpr Index kTileVectors = 2;
constexpr Index kTileRows = VL_TILE_ROWS;
constexpr Index kTileCols = kTileVectors * kWidth;

enum class Store { Replace, Add };

/// Where a tile's product goes. `bias` (one value a column) may be null.
struct TileOut {
    float* c;
    Index row;
    Store store;
    const float* bias;
};

/// One tile: C[ROWS x kTileCols] from A(m, k) = a[m * aRow + k * aDepth] and B(k, :) = b[k * bRow ...].
template <Index ROWS>
VL_INLINE void tile(const float* a, Index aRow, Index aDepth, const float* b, Index bRow, Index depth, const TileOut& out) {
    Vec sums[ROWS][kTileVectors];
#pragma GCC unroll 16
    for (Index m = 0; m < ROWS; ++m) {
#pragma GCC unroll 4
        for (Index v = 0; v < kTileVectors; ++v) sums[m][v] = Vec{};
    }
    for (Index k = 0; k < depth; ++k) {
        Vec right[kTileVectors];
#pragma GCC unroll 4
        for (Index v = 0; v < kTileVectors; ++v) right[v] = load(b + k * bRow + v * kWidth);
#pragma GCC unroll 16
        for (Index m = 0; m < ROWS; ++m) {
            const float left = a[m * aRow + k * aDepth];
#pragma GCC unroll 4
            for (Index v = 0; v < kTileVectors; ++v) sums[m][v] += left * right[v];
        }
    }
#pragma GCC unroll 16
    for (Index m = 0; m < ROWS; ++m) {
#pragma GCC unroll 4
        for (Index v = 0; v < kTileVectors; ++v) {
            float* c = out.c + m * out.row + v * kWidth;
            Vec value = sums[m][v];
            if (out.bias) value += load(out.bias + v * kWidth);
            if (out.store == Store::Add) value += load(c);
            store(c, value);
        }
    }
}

/// A tile of fewer rows than kTileRows: the row count becomes a template argument.
template <Index ROWS = kTileRows>
VL_INLINE void tileOf(Index rows, const float* a, Index aRow, Index aDepth, const float* b, Index bRow, Index depth, const TileOut& out) {
    if constexpr (ROWS > 1) {
        if (rows < ROWS) return tileOf<ROWS - 1>(rows, a, aRow, aDepth, b, bRow, depth, out);
    }
    tile<ROWS>(a, aRow, aDepth, b, bRow, depth, out);
}

/// Out of line on purpose: one copy of the ladder of tile sizes.
static __attribute__((noinline)) void runTile(Index rows, const float* a, Index aRow, Index aDepth, const float* b, Index bRow,
                                              Index depth, const TileOut& out) {
    if (rows == kTileRows) return tile<kTileRows>(a, aRow, aDepth, b, bRow, depth, out);
    tileOf<kTileRows - 1>(rows, a, aRow, aDepth, b, bRow, depth, out);
}

}  // namespace vl::cpu::VL_ISA
