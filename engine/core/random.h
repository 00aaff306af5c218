// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <utility>

namespace vl {

/// Counter-based random numbers: the value depends only on (seed, stream, index), so a resumed run,
/// another thread or another batch size draws the same numbers. SplitMix64 finaliser over a mixed key.
class RandomStream {
public:
    RandomStream(std::uint64_t seed, std::uint64_t stream) : key_(mix(mix(seed) ^ (stream * 0xD1342543DE82EF95ull))) {}

    /// The index-th 64 random bits of this stream.
    std::uint64_t bits(std::uint64_t index) const { return mix(key_ + index * 0x9E3779B97F4A7C15ull); }
    /// Uniform in [0, 1) with 53 bits.
    double uniform(std::uint64_t index) const { return static_cast<double>(bits(index) >> 11) * 0x1.0p-53; }
    /// Two independent normal numbers from the uniform ones at `index` and `index` + 1 (Box and Muller).
    std::pair<double, double> normals(std::uint64_t index) const {
        const double radius = std::sqrt(-2 * std::log(1 - uniform(index)));  // the logarithm never sees 0
        const double angle = 2 * std::numbers::pi * uniform(index + 1);
        return {radius * std::cos(angle), radius * std::sin(angle)};
    }
    /// Uniform in 0..n-1 (n > 0).
    std::uint64_t below(std::uint64_t index, std::uint64_t n) const {
        return static_cast<std::uint64_t>((static_cast<Wide>(bits(index)) * n) >> 64);
    }

private:
    __extension__ typedef unsigned __int128 Wide;  // a compiler extension on both supported compilers

    static std::uint64_t mix(std::uint64_t z) {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
        return z ^ (z >> 31);
    }
    std::uint64_t key_;
};

}  // namespace vl
