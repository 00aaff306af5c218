// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "engine/core/random.h"

namespace vl {

/// How training pictures are varied and how pixels become floats.
struct TransformOptions {
    int pad = 0;              ///< pixels of black border before the random crop back to size, 0: no crop
    bool flip = false;        ///< mirror half of the pictures
    double mean = 0, std = 1; ///< of pixel values in 0..1
    bool imagenetColours = false;  ///< three channels: ImageNet's mean and deviation of each instead
};

/// The random decisions about one sample; those of another sample or stream are independent of them.
class SampleDraws {
public:
    SampleDraws(const RandomStream& random, std::int64_t sample)
        : random_(random), first_(static_cast<std::uint64_t>(sample) * drawsPerSample) {}

    std::uint64_t left(std::uint64_t shifts) const { return random_.below(first_, shifts); }
    std::uint64_t top(std::uint64_t shifts) const { return random_.below(first_ + 1, shifts); }
    bool mirror() const { return random_.below(first_ + 2, 2) == 1; }
    /// As many numbers as the sample needs.
    RandomStream own() const { return {random_.bits(first_ + 3), ownStream}; }

private:
    static constexpr std::uint64_t drawsPerSample = 4, ownStream = 0x53414D504C45ull;
    RandomStream random_;
    std::uint64_t first_;
};

/// Turns bytes [size][size][channels] into normalised floats [channels][size][size].
class Transform {
public:
    Transform(const TransformOptions& options, int size, int channels);

    /// As evaluation sees it.
    void plain(const std::uint8_t* pixels, float* out) const { apply(pixels, out, 0, 0, false); }
    /// Varied by the draws of `sample` in `random` alone.
    void augmented(const std::uint8_t* pixels, float* out, const RandomStream& random, std::int64_t sample) const;

private:
    void apply(const std::uint8_t* pixels, float* out, int left, int top, bool mirror) const;

    TransformOptions options_;
    int size_, channels_;
    using Table = std::array<float, 256>;
    std::array<Table, 3> normalised_;  ///< of each channel's bytes; a table is exact and quicker than arithmetic
};

}  // namespace vl
