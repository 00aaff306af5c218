// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/ops/cpu/isa_gemm.h"
#include "engine/ops/cpu/isa_pack.h"

namespace vl::cpu::VL_ISA {

/// Padded sizes and the query rows worked on at a time: their scores stay in the second-level cache.
struct AttentionPlan {
    Index keyCols;   ///< keys up to a whole vector
    Index headCols;  ///< head width up to a whole vector
    Index blockRows;
};

VL_INLINE AttentionPlan planOf(const AttentionArgs& args) {
    return {roundedUp(args.keys, kWidth), roundedUp(args.headDim, kWidth), smaller(args.queries, 4 * kTileRows)};
}

/// Sequential handing-out of scratch memory.
struct Scratch {
    float* next;
    float* take(Index floats) {
        float* start = next;
        next += roundedUp(floats, 16);
        return start;
    }
};

static std::size_t attentionScratch(const AttentionArgs& args, bool backward) {
    const AttentionPlan plan = planOf(args);
    const Index slack = 16 * 16 + kTileRows * plan.keyCols;
    const Index forward = args.queries * plan.headCols + args.headDim * plan.keyCols + args.keys * plan.headCols +
                          plan.blockRows * (plan.keyCols + plan.headCols);
    const Index extra = args.headDim * plan.keyCols + args.keys * plan.headCols * 2 + args.queries * plan.headCols +
                        plan.blockRows * (plan.keyCols + 1);
    return static_cast<std::size_t>(forward + slack + (backward ? extra : 0));
}

/// out = scale * rotation of one head vector; `inverse` turns back. Works on pairs, so a tail of two floats is the
/// smallest.
VL_INLINE void rotateRow(const float* in, const float* cosine, const float* sine, Index dim, float scale, bool inverse,
                         float* out) {
    const IntVec partner = laneNumbers() ^ 1;
    const float direction = inverse ? -scale : scale;
    Index i = 0;
    for (; i + kWidth <= dim; i += kWidth) {
        const Vec x = load(in + i);
        store(out + i, x * load(cosine + i) * scale + __builtin_shuffle(x, partner) * load(sine + i) * direction);
    }
    for (; i < dim; i += 2) {
        const float re = in[i], im = in[i + 1];
        out[i] = re * cosine[i] * scale + im * sine[i] * direction;
        out[i + 1] = im * cosine[i + 1] * scale + re * sine[i + 1] * direction;
    }
}

static void packRotated(const float* from, Index stride, Index rows, Index firstPosition, const AttentionArgs& args,
                        float scale, float* to, Index toRow) {
    for (Index r = 0; r < rows; ++r) {
        const Index position = firstPosition + r;
        float* out = to + r * toRow;
        rotateRow(from + r * stride, args.cosine + position * args.headDim, args.sine + position * args.headDim,
                  args.headDim, scale, false, out);
        for (Index c = args.headDim; c < toRow; ++c)
            out[c] = 0;
    }
}

/// Factor of the mask on a vector of keys starting at `key`, for the query at `position`.
VL_INLINE Vec maskFactor(Index key, Index position, float alpha) {
    const IntVec keys = laneNumbers() + static_cast<std::int32_t>(key);
    return keys <= static_cast<std::int32_t>(position) ? splat(1.0f) : splat(alpha);
}

VL_INLINE Vec validKeys(Vec value, Index key, Index count, float otherwise) {
    if (key + kWidth <= count) return value;
    const IntVec keys = laneNumbers() + static_cast<std::int32_t>(key);
    return keys < static_cast<std::int32_t>(count) ? value : splat(otherwise);
}

struct RowSoftmax {
    float maximum;
    float sum;
};

/// Replaces scores by M * exp(score - max); the sum runs over all keys, masked or not. Columns past the keys become
/// zero.
VL_INLINE RowSoftmax maskedExponentials(float* scores, Index keys, Index position, float alpha) {
    Vec best = splat(-3.0e38f);
    for (Index j = 0; j < keys; j += kWidth)
        best = maximum(best, validKeys(load(scores + j), j, keys, -3.0e38f));
    const float top = horizontalMax(best);
    Vec total{};
    for (Index j = 0; j < keys; j += kWidth) {
        const Vec weight = validKeys(exponential(load(scores + j) - top), j, keys, 0.0f);
        total += weight;
        store(scores + j, weight * maskFactor(j, position, alpha));
    }
    return {top, horizontalSum(total)};
}

/// C[rows x cols] = A B over column panels; `cols` is a multiple of the vector, and the last panel may be one vector
/// wide.
VL_INLINE void smallGemm(Index rows, Index cols, Index depth, const float* a, Index aRow, Index aDepth, const float* b,
                         Index bRow, float* c, Index cRow, Store mode) {
    for (Index n = 0; n < cols; n += kTileCols) {
        for (Index m = 0; m < rows; m += kTileRows) {
            const Index tileRows = smaller(kTileRows, rows - m);
            const TileOut out{c + m * cRow + n, cRow, mode, nullptr};
            if (n + kTileCols <= cols) {
                runTile<kTileVectors>(tileRows, a + m * aRow, aRow, aDepth, b + n, bRow, depth, out);
            } else {
                runTile<1>(tileRows, a + m * aRow, aRow, aDepth, b + n, bRow, depth, out);
            }
        }
    }
}

static void attentionForward(const AttentionArgs& args, const AttentionHead& head, float* memory) {
    const AttentionPlan plan = planOf(args);
    const Index dim = args.headDim, keys = args.keys;
    Scratch scratch{memory};
    float* q = scratch.take(args.queries * plan.headCols);
    float* kTransposed = scratch.take(dim * plan.keyCols);
    float* v = scratch.take(keys * plan.headCols);
    float* scores = scratch.take(plan.blockRows * plan.keyCols);
    float* product = scratch.take(plan.blockRows * plan.headCols);

    // v's memory holds the rotated keys until they are transposed.
    packRotated(head.k, args.kvStride, keys, 0, args, 1.0f, v, plan.headCols);
    transpose(v, keys, dim, plan.headCols, kTransposed, plan.keyCols, plan.keyCols);
    packPlain(head.v, args.kvStride, keys, dim, v, plan.headCols);
    packRotated(head.q, args.qStride, args.queries, args.firstQuery, args,
                1.0f / __builtin_sqrtf(static_cast<float>(dim)), q, plan.headCols);

    for (Index i0 = 0; i0 < args.queries; i0 += plan.blockRows) {
        const Index rows = smaller(plan.blockRows, args.queries - i0);
        smallGemm(rows, plan.keyCols, dim, q + i0 * plan.headCols, plan.headCols, 1, kTransposed, plan.keyCols, scores,
                  plan.keyCols, Store::Replace);
        for (Index m = 0; m < rows; m += kTileRows) {
            const Index tileRows = smaller(kTileRows, rows - m), position = args.firstQuery + i0 + m;
            RowSoftmax rowValues[kTileRows];
            for (Index r = 0; r < tileRows; ++r) {
                rowValues[r] = maskedExponentials(scores + (m + r) * plan.keyCols, keys, position + r, args.alpha);
            }
            // At alpha 0 every weight past the tile's last query is zero.
            const Index depth = args.alpha == 0 ? smaller(keys, position + tileRows) : keys;
            smallGemm(tileRows, plan.headCols, depth, scores + m * plan.keyCols, plan.keyCols, 1, v, plan.headCols,
                      product, plan.headCols, Store::Replace);
            for (Index r = 0; r < tileRows; ++r) {
                const Index row = i0 + m + r;
                const float inverse = 1.0f / rowValues[r].sum;
                float* out = head.out + row * args.outStride;
                for (Index c = 0; c < dim; ++c)
                    out[c] = product[r * plan.headCols + c] * inverse;
                if (head.logSumExp) head.logSumExp[row] = rowValues[r].maximum + __builtin_logf(rowValues[r].sum);
            }
        }
    }
}

/// From scores and dP of one row: masked weights (in place of the scores) and dS (in place of dP).
VL_INLINE void scoreGradient(float* scores, float* dWeights, Index keys, Index keyCols, Index position, float alpha,
                             float logSumExp, float delta) {
    Index j = 0;
    for (; j < keys; j += kWidth) {
        const Vec weight = validKeys(exponential(load(scores + j) - logSumExp), j, keys, 0.0f);
        const IntVec lane = laneNumbers() + static_cast<std::int32_t>(j);
        const Vec upper = alpha == 0 ? Vec{} : load(dWeights + j) * alpha;  // skipped panels may hold anything
        const Vec masked = lane <= static_cast<std::int32_t>(position) ? load(dWeights + j) : upper;
        store(dWeights + j, validKeys(weight * (masked - delta), j, keys, 0.0f));
        store(scores + j, weight * maskFactor(j, position, alpha));
    }
    for (; j < keyCols; j += kWidth) {
        store(scores + j, Vec{});
        store(dWeights + j, Vec{});
    }
}

/// What backward needs of one head, packed.
struct BackwardPack {
    float *q, *k, *kTransposed, *vTransposed, *dOut;
    float *dQ, *dK, *dV;
    float *scores, *dWeights, *delta;
};

static BackwardPack packForBackward(const AttentionArgs& args, const AttentionPlan& plan, const AttentionHead& head,
                                    const AttentionHeadGradient& gradient, Scratch scratch) {
    const Index dim = args.headDim, keys = args.keys, width = plan.headCols;
    BackwardPack pack{};
    pack.q = scratch.take(args.queries * width);
    pack.k = scratch.take(keys * width);
    pack.kTransposed = scratch.take(dim * plan.keyCols);
    pack.vTransposed = scratch.take(dim * plan.keyCols);
    pack.dOut = scratch.take(args.queries * width);
    pack.dQ = scratch.take(plan.blockRows * width);
    pack.dK = scratch.take(keys * width);
    pack.dV = scratch.take(keys * width);
    pack.scores = scratch.take(plan.blockRows * plan.keyCols);
    pack.dWeights = scratch.take(plan.blockRows * plan.keyCols);
    pack.delta = scratch.take(plan.blockRows);
    packRotated(head.q, args.qStride, args.queries, args.firstQuery, args,
                1.0f / __builtin_sqrtf(static_cast<float>(dim)), pack.q, width);
    packRotated(head.k, args.kvStride, keys, 0, args, 1.0f, pack.k, width);
    transpose(pack.k, keys, dim, width, pack.kTransposed, plan.keyCols, plan.keyCols);
    transpose(head.v, keys, dim, args.kvStride, pack.vTransposed, plan.keyCols, plan.keyCols);
    packPlain(gradient.out, args.outStride, args.queries, dim, pack.dOut, width);
    for (Index i = 0; i < keys * width; ++i)
        pack.dK[i] = pack.dV[i] = 0;
    return pack;
}

/// dWeights = dOut v^T for one block of queries; at alpha 0 only the panels that hold a key up to the last query.
VL_INLINE void weightGradient(const AttentionArgs& args, const AttentionPlan& plan, const BackwardPack& pack, Index i0,
                              Index rows) {
    for (Index m = 0; m < rows; m += kTileRows) {
        const Index tileRows = smaller(kTileRows, rows - m);
        const Index reach = args.alpha == 0 ? smaller(args.keys, args.firstQuery + i0 + m + tileRows) : args.keys;
        smallGemm(tileRows, roundedUp(reach, kWidth), args.headDim, pack.dOut + (i0 + m) * plan.headCols, plan.headCols,
                  1, pack.vTransposed, plan.keyCols, pack.dWeights + m * plan.keyCols, plan.keyCols, Store::Replace);
    }
}

/// dV += (P * M)^T dOut and dK += dS^T q, the sums over one block of queries.
VL_INLINE void keyValueGradient(const AttentionArgs& args, const AttentionPlan& plan, const BackwardPack& pack,
                                Index i0, Index rows) {
    for (Index j = 0; j < args.keys; j += kTileRows) {
        const Index tileRows = smaller(kTileRows, args.keys - j);
        // At alpha 0 a key gets value gradient only from queries at or after it.
        const Index skip = args.alpha == 0 ? larger(0, j - (args.firstQuery + i0)) : 0;
        if (skip < rows) {
            smallGemm(tileRows, plan.headCols, rows - skip, pack.scores + skip * plan.keyCols + j, 1, plan.keyCols,
                      pack.dOut + (i0 + skip) * plan.headCols, plan.headCols, pack.dV + j * plan.headCols,
                      plan.headCols, Store::Add);
        }
        smallGemm(tileRows, plan.headCols, rows, pack.dWeights + j, 1, plan.keyCols, pack.q + i0 * plan.headCols,
                  plan.headCols, pack.dK + j * plan.headCols, plan.headCols, Store::Add);
    }
}

static void attentionBackward(const AttentionArgs& args, const AttentionHead& head,
                              const AttentionHeadGradient& gradient, float* memory) {
    const AttentionPlan plan = planOf(args);
    const Index dim = args.headDim, width = plan.headCols;
    const BackwardPack pack = packForBackward(args, plan, head, gradient, Scratch{memory});
    const float scale = 1.0f / __builtin_sqrtf(static_cast<float>(dim));
    for (Index i0 = 0; i0 < args.queries; i0 += plan.blockRows) {
        const Index rows = smaller(plan.blockRows, args.queries - i0);
        smallGemm(rows, plan.keyCols, dim, pack.q + i0 * width, width, 1, pack.kTransposed, plan.keyCols, pack.scores,
                  plan.keyCols, Store::Replace);
        weightGradient(args, plan, pack, i0, rows);
        for (Index r = 0; r < rows; ++r) {
            const float* out = head.out + (i0 + r) * args.outStride;
            float delta = 0;
            for (Index c = 0; c < dim; ++c)
                delta += out[c] * pack.dOut[(i0 + r) * width + c];
            scoreGradient(pack.scores + r * plan.keyCols, pack.dWeights + r * plan.keyCols, args.keys, plan.keyCols,
                          args.firstQuery + i0 + r, args.alpha, head.logSumExp[i0 + r], delta);
        }
        smallGemm(rows, width, args.keys, pack.dWeights, plan.keyCols, 1, pack.k, width, pack.dQ, width,
                  Store::Replace);
        for (Index r = 0; r < rows; ++r) {
            const Index position = args.firstQuery + i0 + r;
            rotateRow(pack.dQ + r * width, args.cosine + position * dim, args.sine + position * dim, dim, scale, true,
                      gradient.q + (i0 + r) * args.qStride);
        }
        keyValueGradient(args, plan, pack, i0, rows);
    }
    for (Index j = 0; j < args.keys; ++j) {
        rotateRow(pack.dK + j * width, args.cosine + j * dim, args.sine + j * dim, dim, 1.0f, true,
                  gradient.k + j * args.kvStride);
        for (Index c = 0; c < dim; ++c)
            gradient.v[j * args.kvStride + c] = pack.dV[j * width + c];
    }
}

}  // namespace vl::cpu::VL_ISA
