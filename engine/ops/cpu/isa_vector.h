// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

// Compiled once per instruction set, each time into its own namespace VL_ISA with vectors of VL_VECTOR_FLOATS floats.
// Only compiler vectors are used, and no standard-library templates: an inline function of a library compiled here for
// a wide instruction set could be the copy the linker keeps for the whole program.
namespace vl::cpu::VL_ISA {

using Index = std::int64_t;

constexpr Index kWidth = VL_VECTOR_FLOATS;
typedef float Vec __attribute__((vector_size(VL_VECTOR_FLOATS * 4)));
typedef std::int32_t IntVec __attribute__((vector_size(VL_VECTOR_FLOATS * 4)));
typedef float UnalignedVec __attribute__((vector_size(VL_VECTOR_FLOATS * 4), aligned(4), may_alias));

#define VL_INLINE static inline __attribute__((always_inline))

VL_INLINE Vec load(const float* p) { return *reinterpret_cast<const UnalignedVec*>(p); }
VL_INLINE void store(float* p, Vec v) { *reinterpret_cast<UnalignedVec*>(p) = v; }
VL_INLINE Vec splat(float x) { return Vec{} + x; }
VL_INLINE Vec maximum(Vec a, Vec b) { return a > b ? a : b; }
VL_INLINE Vec minimum(Vec a, Vec b) { return a < b ? a : b; }

VL_INLINE IntVec laneNumbers() {
#if VL_VECTOR_FLOATS == 16
    return IntVec{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
#elif VL_VECTOR_FLOATS == 8
    return IntVec{0, 1, 2, 3, 4, 5, 6, 7};
#else
    return IntVec{0, 1, 2, 3};
#endif
}

VL_INLINE float horizontalSum(Vec v) {
    float total = 0;
    for (Index i = 0; i < kWidth; ++i)
        total += v[i];
    return total;
}

VL_INLINE float horizontalMax(Vec v) {
    float best = v[0];
    for (Index i = 1; i < kWidth; ++i)
        best = v[i] > best ? v[i] : best;
    return best;
}

/// e^x to about 2e-7 relative for x in [-87, 88]; smaller arguments are clamped, which is 1e-38 in a softmax.
VL_INLINE Vec exponential(Vec x) {
    x = minimum(maximum(x, splat(-87.0f)), splat(88.0f));
    // Adding 1.5 * 2^23 leaves the nearest integer of x / ln 2 in the low mantissa bits.
    const Vec shifted = x * 1.44269504088896341f + 12582912.0f;
    const Vec n = shifted - 12582912.0f;
    const Vec r =
        (x - n * 0.693359375f) + n * 2.12194440054690583e-4f;  // ln 2 in two parts, the first exact in few bits
    Vec p = r * (1.0f / 720) + (1.0f / 120);
    p = p * r + (1.0f / 24);
    p = p * r + (1.0f / 6);
    p = p * r + 0.5f;
    p = p * r + 1.0f;
    p = p * r + 1.0f;
    // n belongs into the exponent field: its low bits are the low bits of `shifted`.
    const IntVec exponent = reinterpret_cast<IntVec>(shifted) << 23;
    return reinterpret_cast<Vec>(reinterpret_cast<IntVec>(p) + exponent);
}

VL_INLINE Vec sigmoid(Vec x) { return 1.0f / (1.0f + exponential(-x)); }

}  // namespace vl::cpu::VL_ISA
