// SPDX-License-Identifier: Apache-2.0
#include "engine/data/scene_background.h"

#include <cmath>

namespace vl {
namespace {

constexpr double kPi = 3.14159265358979323846;

/// Smooth noise in 0..1: values on a grid of `cell` pixels, blended; finer layers count half each.
class Clouds {
public:
    Clouds(std::uint64_t key, double cell, int layers)
        : stream_(key, 0x636C6F756473ull), cell_(cell), layers_(layers) {}

    double at(double x, double y) const {
        double sum = 0, weight = 1, total = 0, scale = 1 / cell_;
        for (int layer = 0; layer < layers_; ++layer, weight /= 2, scale *= 2) {
            sum += weight * layerAt(x * scale, y * scale, layer);
            total += weight;
        }
        return sum / total;
    }

private:
    double layerAt(double x, double y, int layer) const {
        const double column = std::floor(x), row = std::floor(y);
        const double u = smooth(x - column), v = smooth(y - row);
        const auto i = static_cast<std::int64_t>(column), j = static_cast<std::int64_t>(row);
        const double top = value(i, j, layer) * (1 - u) + value(i + 1, j, layer) * u;
        const double bottom = value(i, j + 1, layer) * (1 - u) + value(i + 1, j + 1, layer) * u;
        return top * (1 - v) + bottom * v;
    }
    static double smooth(double t) { return t * t * (3 - 2 * t); }
    double value(std::int64_t x, std::int64_t y, int layer) const {
        const std::uint64_t place =
            (static_cast<std::uint64_t>(x + (1 << 20)) << 32) ^ static_cast<std::uint64_t>(y + (1 << 20));
        return stream_.uniform(place * 8 + static_cast<std::uint64_t>(layer));
    }

    RandomStream stream_;
    double cell_;
    int layers_;
};

enum class Kind { Plain, Gradient, Stripes, Checks, Dots, Boards, Clouds };
constexpr int kKinds = 7;

double fraction(double value) { return value - std::floor(value); }

/// 0 to 1 over about a pixel round an edge, so that patterns have no steps.
double soft(double distance) { return std::clamp(distance + 0.5, 0.0, 1.0); }

/// How much of the second colour a pattern shows; coordinates in pixels, turned already.
double patternAt(Kind kind, double x, double y, double period) {
    const double u = fraction(x / period), v = fraction(y / period);
    const double band = soft((0.25 - std::abs(u - 0.5)) * period), bar = soft((0.25 - std::abs(v - 0.5)) * period);
    switch (kind) {
        case Kind::Stripes:
            return band;
        case Kind::Checks:
            return (band + bar) / 2;
        case Kind::Dots:
            return soft((0.28 - std::hypot(u - 0.5, v - 0.5)) * period);
        case Kind::Boards:
            return 0.8 * soft(1.2 - std::min(u, 1 - u) * period);
        default:
            return 0;
    }
}

SceneColour mixed(const SceneColour& a, const SceneColour& b, double share) {
    SceneColour out{};
    for (std::size_t part = 0; part < 3; ++part)
        out[part] = static_cast<float>(a[part] + (b[part] - a[part]) * share);
    return out;
}

}  // namespace

std::vector<SceneColour> sceneBackground(int width, int height, bool any, SceneDraws& draws) {
    const auto kind = static_cast<Kind>(draws.below(kKinds));
    const double hue = draws.between(0, 1), value = any ? draws.between(0.15, 0.95) : draws.between(0.08, 0.32);
    const double contrast = any ? 0.35 : 0.15;
    const SceneColour first = sceneColour(hue, draws.between(0, 0.55), value);
    const SceneColour second = sceneColour(hue + draws.between(-0.2, 0.2), draws.between(0, 0.55),
                                           std::clamp(value + draws.between(-contrast, contrast), 0.03, 1.0));
    const double period = draws.between(10, 40), angle = draws.between(0, kPi);
    const double cosine = std::cos(angle), sine = std::sin(angle);
    const double length = std::abs(width * cosine) + std::abs(height * sine);
    const Clouds clouds(static_cast<std::uint64_t>(draws.below(std::int64_t{1} << 62)), draws.between(12, 60), 4);
    const double cloudiness = kind == Kind::Clouds ? 1 : draws.between(0, 0.35);
    std::vector<SceneColour> ground(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            const double across = x * cosine + y * sine, along = y * cosine - x * sine;
            const double pattern = kind == Kind::Gradient
                                       ? 0.5 + (across - (width * cosine + height * sine) / 2) / length
                                       : patternAt(kind, across, along, period);
            const double share = pattern * (1 - cloudiness) + clouds.at(x, y) * cloudiness;
            ground[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)] =
                mixed(first, second, share);
        }
    return ground;
}

}  // namespace vl
