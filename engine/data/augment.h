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
