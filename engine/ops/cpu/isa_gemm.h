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

/// One tile: C[ROWS x VECTORS * kWidth] from A(m, k) = a[m * aRow + k * aDepth] and B(k, :) = b[k * bRow ...].
template <Index ROWS, Index VECTORS>
VL_INLINE void tile(const float* a, Index aRow, Index aDepth, const float* b, Index bRow, Index depth,
                    const TileOut& out) {
    Vec sums[ROWS][VECTORS];
#pragma GCC unroll 16
    for (Index m = 0; m < ROWS; ++m) {
#pragma GCC unroll 4
        for (Index v = 0; v < VECTORS; ++v)
            sums[m][v] = Vec{};
    }
    for (Index k = 0; k < depth; ++k) {
        Vec right[VECTORS];
#pragma GCC unroll 4
        for (Index v = 0; v < VECTORS; ++v)
            right[v] = load(b + k * bRow + v * kWidth);
#pragma GCC unroll 16
        for (Index m = 0; m < ROWS; ++m) {
            const float left = a[m * aRow + k * aDepth];
#pragma GCC unroll 4
            for (Index v = 0; v < VECTORS; ++v)
                sums[m][v] += left * right[v];
        }
    }
#pragma GCC unroll 16
    for (Index m = 0; m < ROWS; ++m) {
#pragma GCC unroll 4
        for (Index v = 0; v < VECTORS; ++v) {
            float* c = out.c + m * out.row + v * kWidth;
            Vec value = sums[m][v];
            if (out.bias) value += load(out.bias + v * kWidth);
            if (out.store == Store::Add) value += load(c);
            store(c, value);
        }
    }
}

/// A tile of fewer rows than kTileRows: the row count becomes a template argument.
template <Index ROWS, Index VECTORS>
VL_INLINE void tileOf(Index rows, const float* a, Index aRow, Index aDepth, const float* b, Index bRow, Index depth,
                      const TileOut& out) {
    if constexpr (ROWS > 1) {
        if (rows < ROWS) return tileOf<ROWS - 1, VECTORS>(rows, a, aRow, aDepth, b, bRow, depth, out);
    }
    tile<ROWS, VECTORS>(a, aRow, aDepth, b, bRow, depth, out);
}

/// Out of line on purpose: one copy of each ladder of tile sizes.
template <Index VECTORS>
static __attribute__((noinline)) void runTile(Index rows, const float* a, Index aRow, Index aDepth, const float* b,
                                              Index bRow, Index depth, const TileOut& out) {
    if (rows == kTileRows) return tile<kTileRows, VECTORS>(a, aRow, aDepth, b, bRow, depth, out);
    tileOf<kTileRows - 1, VECTORS>(rows, a, aRow, aDepth, b, bRow, depth, out);
}

}  // namespace vl::cpu::VL_ISA
