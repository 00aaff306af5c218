// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/ops/cpu/isa_gemm.h"
#include "engine/ops/cpu/isa_pack.h"

namespace vl::cpu::VL_ISA {

/// Depth of one panel: with kTileCols columns it fills about two thirds of the first-level cache.
constexpr Index kDepthBlock = 256;
/// Rows of A that stay in the second-level cache while all panels pass.
constexpr Index kRowBlock = 20 * kTileRows;

constexpr Index kPageFloats = 1024;

static void packPanels(const float* weight, Index n, Index k, Rows panels, float* packed) {
    for (Index panel = panels.begin; panel < panels.end; ++panel) {
        const Index first = panel * kTileCols;
        transpose(weight + first * k, smaller(kTileCols, n - first), k, k, packed + panel * k * kTileCols, kTileCols,
                  kTileCols);
    }
}

/// One column panel of B, its depth cut to a block.
struct Panel {
    const float* b;
    Index row;
    Index firstColumn, columns;
    Index firstDepth, depth;
};

/// All rows [m0, m1) of C against one panel; the first depth block starts C, later ones add to it.
VL_INLINE void multiplyPanel(const GemmArgs& g, const Panel& panel, Index m0, Index m1) {
    const bool first = panel.firstDepth == 0, whole = panel.columns == kTileCols;
    for (Index m = m0; m < m1; m += kTileRows) {
        const Index rows = smaller(kTileRows, m1 - m);
        const float* a = g.a + m * g.aRow + panel.firstDepth * g.aDepth;
        float* c = g.c + m * g.cRow + panel.firstColumn;
        if (whole) {
            runTile<kTileVectors>(rows, a, g.aRow, g.aDepth, panel.b, panel.row, panel.depth,
                                  {c, g.cRow, first ? Store::Replace : Store::Add,
                                   first && g.bias ? g.bias + panel.firstColumn : nullptr});
            continue;
        }
        float product[kTileRows * kTileCols];
        runTile<kTileVectors>(rows, a, g.aRow, g.aDepth, panel.b, panel.row, panel.depth,
                              {product, kTileCols, Store::Replace, nullptr});
        for (Index r = 0; r < rows; ++r) {
            for (Index i = 0; i < panel.columns; ++i) {
                const float base = !first ? c[r * g.cRow + i] : g.bias ? g.bias[panel.firstColumn + i] : 0.0f;
                c[r * g.cRow + i] = base + product[r * kTileCols + i];
            }
        }
    }
}

static void gemm(const GemmArgs& g) {
    alignas(64) float copied[kDepthBlock * kTileCols];
    for (Index m0 = 0; m0 < g.m; m0 += kRowBlock) {
        const Index m1 = smaller(g.m, m0 + kRowBlock);
        for (Index k0 = 0; k0 < g.k; k0 += kDepthBlock) {
            const Index depth = smaller(kDepthBlock, g.k - k0);
            for (Index n = 0; n < g.n; n += kTileCols) {
                const Index columns = smaller(kTileCols, g.n - n);
                const float* b = g.b + n * g.k + k0 * kTileCols;
                Index row = kTileCols;
                if (g.layout == RightMatrix::Rows) {
                    b = g.b + k0 * g.bRow + n;
                    row = g.bRow;
                    // A narrow panel must not be read past its end, and rows a page apart would fall into the same
                    // cache sets.
                    if (columns < kTileCols || row % kPageFloats == 0) {
                        packPlain(b, row, depth, columns, copied, kTileCols);
                        b = copied;
                        row = kTileCols;
                    }
                }
                multiplyPanel(g, {b, row, n, columns, k0, depth}, m0, m1);
            }
        }
    }
}

}  // namespace vl::cpu::VL_ISA
