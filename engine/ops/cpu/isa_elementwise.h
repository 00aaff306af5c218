// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/ops/cpu/isa_vector.h"

namespace vl::cpu::VL_ISA {

/// A vector of which only the first `count` lanes exist in memory.
struct Lanes {
    Index count;  ///< valid lanes, kWidth for a full vector
};

VL_INLINE Vec loadLanes(const float* p, Lanes lanes) {
    if (lanes.count == kWidth) return load(p);
    Vec v{};
    for (Index i = 0; i < lanes.count; ++i)
        v[i] = p[i];
    return v;
}

VL_INLINE void storeLanes(float* p, Vec v, Lanes lanes) {
    if (lanes.count == kWidth) return store(p, v);
    for (Index i = 0; i < lanes.count; ++i)
        p[i] = v[i];
}

/// Calls body(offset, lanes) over `count` floats, whole vectors first.
template <class Body>
VL_INLINE void forLanes(Index count, const Body& body) {
    Index i = 0;
    for (; i + kWidth <= count; i += kWidth)
        body(i, Lanes{kWidth});
    if (i < count) body(i, Lanes{count - i});
}

static void rmsNormForward(Rows rows, Index width, const float* x, const float* branch, const float* weight, double eps,
                           float* sum, float* y, float* rstd) {
    for (Index row = rows.begin; row < rows.end; ++row) {
        const float* in = x + row * width;
        Vec squares{};
        if (branch) {
            const float* other = branch + row * width;
            float* total = sum + row * width;
            forLanes(width, [&](Index i, Lanes lanes) {
                const Vec v = loadLanes(in + i, lanes) + loadLanes(other + i, lanes);
                storeLanes(total + i, v, lanes);
                squares += v * v;
            });
            in = total;
        } else {
            forLanes(width, [&](Index i, Lanes lanes) {
                const Vec v = loadLanes(in + i, lanes);
                squares += v * v;
            });
        }
        const double mean = static_cast<double>(horizontalSum(squares)) / static_cast<double>(width);
        const float inverse = static_cast<float>(1.0 / __builtin_sqrt(mean + eps));
        if (rstd) rstd[row] = inverse;
        forLanes(width, [&](Index i, Lanes lanes) {
            storeLanes(y + row * width + i, loadLanes(in + i, lanes) * inverse * loadLanes(weight + i, lanes), lanes);
        });
    }
}

static void rmsNormBackward(Rows rows, Index width, const float* x, const float* weight, const float* rstd,
                            const float* dy, const float* dSum, float* dx, float* dWeight) {
    for (Index row = rows.begin; row < rows.end; ++row) {
        const float* in = x + row * width;
        const float* grad = dy + row * width;
        const float inverse = rstd[row];
        Vec dots{};
        forLanes(width, [&](Index i, Lanes lanes) {
            const Vec product = loadLanes(in + i, lanes) * loadLanes(grad + i, lanes);
            dots += product * loadLanes(weight + i, lanes);
            storeLanes(dWeight + i, loadLanes(dWeight + i, lanes) + product * inverse, lanes);
        });
        // d rstd / dx = -rstd^3 x / width
        const float pull = horizontalSum(dots) * inverse * inverse * inverse / static_cast<float>(width);
        forLanes(width, [&](Index i, Lanes lanes) {
            Vec out =
                loadLanes(grad + i, lanes) * loadLanes(weight + i, lanes) * inverse - loadLanes(in + i, lanes) * pull;
            if (dSum) out += loadLanes(dSum + row * width + i, lanes);
            storeLanes(dx + row * width + i, out, lanes);
        });
    }
}

static void addColumnSums(Rows rows, Index width, const float* x, float* sums) {
    for (Index row = rows.begin; row < rows.end; ++row) {
        forLanes(width, [&](Index i, Lanes lanes) {
            storeLanes(sums + i, loadLanes(sums + i, lanes) + loadLanes(x + row * width + i, lanes), lanes);
        });
    }
}

static void swigluForward(Index count, const float* gate, const float* value, float* out) {
    forLanes(count, [&](Index i, Lanes lanes) {
        const Vec g = loadLanes(gate + i, lanes);
        storeLanes(out + i, g * sigmoid(g) * loadLanes(value + i, lanes), lanes);
    });
}

static void swigluBackward(Index count, const float* gate, const float* value, const float* dOut, float* dGate,
                           float* dValue) {
    forLanes(count, [&](Index i, Lanes lanes) {
        const Vec g = loadLanes(gate + i, lanes), d = loadLanes(dOut + i, lanes), v = loadLanes(value + i, lanes);
        const Vec s = sigmoid(g);
        storeLanes(dValue + i, d * g * s, lanes);
        storeLanes(dGate + i, d * v * s * (1.0f + g * (1.0f - s)), lanes);
    });
}

}  // namespace vl::cpu::VL_ISA
