// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>

#include "engine/core/random.h"

namespace vl {

/// The random numbers of one scene, one after the other.
class SceneDraws {
public:
    SceneDraws(std::uint64_t seed, std::uint64_t scene) : stream_(seed, scene) {}

    double between(double low, double high) { return low + (high - low) * stream_.uniform(next_++); }
    bool chance(double share) { return stream_.uniform(next_++) < share; }
    std::int64_t below(std::int64_t n) {
        return static_cast<std::int64_t>(stream_.below(next_++, static_cast<std::uint64_t>(n)));
    }

private:
    RandomStream stream_;
    std::uint64_t next_ = 0;
};

/// Red, green, blue in 0..1.
using SceneColour = std::array<float, 3>;

/// `hue` in turns, the others in 0..1.
inline SceneColour sceneColour(double hue, double saturation, double value) {
    SceneColour colour{};
    for (int part = 0; part < 3; ++part) {
        // Distance of this part's own hue, a triangle wave from 1 (there) to 0.
        double turn = hue - part / 3.0;
        turn -= static_cast<double>(static_cast<long>(turn + 100) - 100);
        const double away = std::min(turn, 1 - turn) * 6;
        const double share = std::clamp(2 - away, 0.0, 1.0);
        colour[static_cast<std::size_t>(part)] = static_cast<float>(value * (1 - saturation + saturation * share));
    }
    return colour;
}

}  // namespace vl
