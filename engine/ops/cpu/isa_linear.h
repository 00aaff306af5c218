// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/ops/cpu/isa_attention.h"

namespace vl::cpu::VL_ISA {

/// Rows of C and depth worked on at a time, so that a panel of B stays in the first-level cache while A streams by.
constexpr Index kDepthBlock = 256;

/// The last panel of a matrix whose width is no multiple of the tile goes through a padded copy.
static void narrowPanel(const GemmArgs& g, Index n, Index k0, Index depth, bool first) {
    constexpr Index kRows = kTileRows;
    const Index cols = g.n - n;
    float right[kDepthBlock * kTileCols];
    packPlain(g.b + k0 * g.bRow + n, g.bRow, depth, cols, right, kTileCols);
    float product[kRows * kTileCols];
    for (Index m = 0; m < g.m; m += kRows) {
        const Index rows = smaller(kRows, g.m - m);
        runTile(rows, g.a + m * g.aRow + k0 * g.aDepth, g.aRow, g.aDepth, right, kTileCols, depth,
                {product, kTileCols, Store::Replace, nullptr});
        for (Index r = 0; r < rows; ++r) {
            float* c = g.c + (m + r) * g.cRow + n;
            for (Index i = 0; i < cols; ++i) {
                const float base = first ? (g.accumulate ? c[i] : 0.0f) + (g.bias ? g.bias[n + i] : 0.0f) : c[i];
                c[i] = base + product[r * kTileCols + i];
            }
        }
    }
}

static void gemm(const GemmArgs& g) {
    for (Index k0 = 0; k0 < g.k; k0 += kDepthBlock) {
        const Index depth = smaller(kDepthBlock, g.k - k0);
        const bool first = k0 == 0;
        Index n = 0;
        for (; n + kTileCols <= g.n; n += kTileCols) {
            const TileOut out{nullptr, g.cRow, first && !g.accumulate ? Store::Replace : Store::Add,
                              first && g.bias ? g.bias + n : nullptr};
            for (Index m = 0; m < g.m; m += kTileRows) {
                TileOut here = out;
                here.c = g.c + m * g.cRow + n;
                runTile(smaller(kTileRows, g.m - m), g.a + m * g.aRow + k0 * g.aDepth, g.aRow, g.aDepth, g.b + k0 * g.bRow + n, g.bRow,
                        depth, here);
            }
        }
        if (n < g.n) narrowPanel(g, n, k0, depth, first);
    }
}

}  // namespace vl::cpu::VL_ISA
