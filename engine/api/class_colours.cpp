// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "engine/api/dense.h"

namespace vl {
namespace {

constexpr double kGoldenAngle = 2.399963229728653;  // radians: no two of many steps come close to each other
constexpr double kLightness[] = {0.72, 0.55, 0.84};
constexpr double kChroma = 0.13;

std::uint8_t encoded(double linear) {
    const double inside = std::clamp(linear, 0.0, 1.0);
    const double curved = inside <= 0.0031308 ? 12.92 * inside : 1.055 * std::pow(inside, 1 / 2.4) - 0.055;
    return static_cast<std::uint8_t>(std::lround(255 * curved));
}

/// From Oklab (Ottosson 2020), whose lightness and hue are those people see.
Colour fromOklab(double lightness, double a, double b) {
    const double l = std::pow(lightness + 0.3963377774 * a + 0.2158037573 * b, 3);
    const double m = std::pow(lightness - 0.1055613458 * a - 0.0638541728 * b, 3);
    const double s = std::pow(lightness - 0.0894841775 * a - 1.2914855480 * b, 3);
    return {encoded(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
            encoded(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
            encoded(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s)};
}

}  // namespace

Colour classColour(int index) {
    const int step = std::max(index, 0);
    const double hue = std::fmod(step * kGoldenAngle + 0.5, 2 * std::numbers::pi);
    return fromOklab(kLightness[step % 3], kChroma * std::cos(hue), kChroma * std::sin(hue));
}

ClassList classList(std::vector<std::string> names) {
    ClassList list{std::move(names), {}};
    for (std::size_t i = 0; i < list.names.size(); ++i)
        list.colours.push_back(classColour(static_cast<int>(i)));
    return list;
}

}  // namespace vl
