// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/ops/cpu/isa_elementwise.h"

namespace vl::cpu::VL_ISA {

VL_INLINE IntVec loadLabels(const std::int64_t* p, Lanes lanes, std::int32_t missing) {
    IntVec v = IntVec{} + missing;
    for (Index i = 0; i < lanes.count; ++i)
        v[i] = static_cast<std::int32_t>(p[i]);
    return v;
}

/// What one vector of pixels found while its logits were blended into `scores` [K, kWidth].
struct BlendedPixels {
    Vec largest, labelScore;
    IntVec winner;
};

VL_INLINE BlendedPixels blendLogits(const CrossEntropyRow& row, Index x, Lanes lanes, IntVec label, float* scores) {
    BlendedPixels found{splat(-3.0e38f), Vec{}, IntVec{}};
    for (Index k = 0; k < row.classes; ++k) {
        const Vec upper = loadLanes(row.upper + k * row.plane + x, lanes);
        const Vec lower = loadLanes(row.lower + k * row.plane + x, lanes);
        const Vec score = upper * row.upperWeight + lower * row.lowerWeight;
        store(scores + k * kWidth, score);
        const IntVec here = IntVec{} + static_cast<std::int32_t>(k);
        found.winner = score > found.largest ? here : found.winner;
        found.largest = maximum(score, found.largest);
        found.labelScore = label == here ? score : found.labelScore;
    }
    return found;
}

/// Adds what the row's two sources get of the gradient softmax - one-hot, zero where `counts` is zero.
VL_INLINE void spreadGradient(const CrossEntropyRow& row, Index x, Lanes lanes, IntVec label, Vec counts, Vec sum,
                              const float* exponentials) {
    const Vec share = counts / sum;
    for (Index k = 0; k < row.classes; ++k) {
        const IntVec here = IntVec{} + static_cast<std::int32_t>(k);
        const Vec hit = label == here ? splat(1.0f) : Vec{};
        const Vec gradient = load(exponentials + k * kWidth) * share - hit;
        float* upper = row.upperGradient + k * row.plane + x;
        float* lower = row.lowerGradient + k * row.plane + x;
        storeLanes(upper, loadLanes(upper, lanes) + gradient * row.upperWeight, lanes);
        storeLanes(lower, loadLanes(lower, lanes) + gradient * row.lowerWeight, lanes);
    }
}

/// See CrossEntropyRow. `scratch` holds classes * kWidth floats.
static void crossEntropyRow(const CrossEntropyRow& row, float* scratch, CrossEntropySums& sums) {
    const auto ignored = static_cast<std::int32_t>(row.ignored);
    forLanes(row.width, [&](Index x, Lanes lanes) {
        const IntVec label = loadLabels(row.labels + x, lanes, ignored);
        const BlendedPixels found = blendLogits(row, x, lanes, label, scratch);
        Vec sum{};
        for (Index k = 0; k < row.classes; ++k) {
            const Vec e = exponential(load(scratch + k * kWidth) - found.largest);
            store(scratch + k * kWidth, e);
            sum += e;
        }
        for (Index i = 0; i < lanes.count; ++i) {
            if (label[i] == ignored) continue;
            sums.loss += __builtin_logf(sum[i]) + found.largest[i] - found.labelScore[i];
            sums.labelled += 1;
            sums.right += found.winner[i] == label[i];
        }
        const Vec counts = label == ignored ? Vec{} : splat(1.0f);
        if (row.upperGradient) spreadGradient(row, x, lanes, label, counts, sum, scratch);
    });
}

}  // namespace vl::cpu::VL_ISA
