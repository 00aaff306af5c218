// SPDX-License-Identifier: Apache-2.0
#include "engine/data/photometric.h"

#include <algorithm>
#include <cmath>

namespace vl {
namespace {

void multiplyAdd(Image& picture, double factor, double shift) {
    for (std::uint8_t& value : picture.pixels)
        value = static_cast<std::uint8_t>(std::clamp(value * factor + shift, 0.0, 255.0));
}

/// Saturation times `factor`, hue turned by `turn` (shares of the circle), of one pixel with values 0..255.
void changeColour(std::uint8_t* rgb, float factor, float turn) {
    const float r = rgb[0], g = rgb[1], b = rgb[2];
    const float high = std::max({r, g, b}), range = high - std::min({r, g, b});
    if (range == 0) return;  // grey stays grey
    float hue = high == r ? (g - b) / range : high == g ? 2 + (b - r) / range : 4 + (r - g) / range;
    hue = hue / 6 + turn;
    hue = 6 * (hue - std::floor(hue));
    const float chroma = std::min(range * factor, high);
    const auto channel = [&](float offset) {
        const float k = std::fmod(offset + hue, 6.0f);
        return static_cast<std::uint8_t>(high - chroma * std::clamp(std::min(k, 4 - k), 0.0f, 1.0f) + 0.5f);
    };
    rgb[0] = channel(5);
    rgb[1] = channel(3);
    rgb[2] = channel(1);
}

}  // namespace

void distortColours(Image& picture, const RandomStream& random, std::uint64_t first) {
    const auto chance = [&](std::uint64_t i) { return random.uniform(first + i) < 0.5; };
    const auto between = [&](std::uint64_t i, double low, double high) {
        return low + (high - low) * random.uniform(first + i);
    };
    const auto contrast = [&] {
        if (chance(3)) multiplyAdd(picture, between(4, 0.5, 1.5), 0);
    };
    if (chance(0)) multiplyAdd(picture, 1, between(1, -32, 32));
    const bool contrastFirst = chance(2);
    if (contrastFirst) contrast();
    const float factor = chance(5) ? static_cast<float>(between(6, 0.5, 1.5)) : 1;
    const float turn = chance(7) ? (static_cast<float>(random.below(first + 8, 36)) - 18) / 180 : 0;
    if (factor != 1 || turn != 0)
        for (std::size_t i = 0; i + 2 < picture.pixels.size(); i += 3)
            changeColour(picture.pixels.data() + i, factor, turn);
    if (!contrastFirst) contrast();
}

}  // namespace vl
