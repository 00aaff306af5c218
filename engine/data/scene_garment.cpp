// SPDX-License-Identifier: Apache-2.0
#include "engine/data/scene_garment.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace vl {
namespace {

constexpr int kSide = SceneGarment::kSide;
constexpr int kPixels = kSide * kSide;
/// Scanning left a faint haze round some garments.
constexpr std::uint8_t kThreshold = 16;
constexpr int kSmallHole = 12;

using Groups = std::vector<std::vector<int>>;

/// Connected groups of pixels of one value: of garment over corners too, of ground over edges alone.
Groups groupsOf(const std::vector<float>& shape, bool inside) {
    Groups groups;
    std::vector<char> seen(kPixels);
    for (int start = 0; start < kPixels; ++start) {
        if (seen[static_cast<std::size_t>(start)] || (shape[static_cast<std::size_t>(start)] > 0) != inside) continue;
        std::vector<int> group{start};
        seen[static_cast<std::size_t>(start)] = 1;
        for (std::size_t i = 0; i < group.size(); ++i)
            for (int dy = -1; dy <= 1; ++dy)
                for (int dx = -1; dx <= 1; ++dx) {
                    const int x = group[i] % kSide + dx, y = group[i] / kSide + dy;
                    if ((!inside && dx != 0 && dy != 0) || x < 0 || y < 0 || x >= kSide || y >= kSide) continue;
                    const auto at = static_cast<std::size_t>(y * kSide + x);
                    if (seen[at] || (shape[at] > 0) != inside) continue;
                    seen[at] = 1;
                    group.push_back(static_cast<int>(at));
                }
        groups.push_back(std::move(group));
    }
    return groups;
}

bool touchesBorder(const std::vector<int>& group) {
    return std::ranges::any_of(group, [](int at) {
        const int x = at % kSide, y = at / kSide;
        return x == 0 || y == 0 || x == kSide - 1 || y == kSide - 1;
    });
}

/// Weights of four neighbours at `t` between the middle two.
using Weights = std::array<float, 4>;

/// Cubic B-spline: smooths, so that an outline enlarged threefold shows no steps.
Weights splineWeights(float t) {
    const float s = 1 - t;
    return {s * s * s / 6, (3 * t * t * t - 6 * t * t + 4) / 6, (3 * s * s * s - 6 * s * s + 4) / 6, t * t * t / 6};
}

/// Catmull-Rom: goes through the pixels' values, so that folds, prints and soles stay as clear as they were.
Weights clearWeights(float t) {
    const float s = 1 - t;
    return {-0.5f * t * s * s, 1 + t * t * (1.5f * t - 2.5f), 1 + s * s * (1.5f * s - 2.5f), -0.5f * s * t * t};
}

}  // namespace

SceneGarment::SceneGarment(std::span<const std::uint8_t> pixels, bool openHoles) : shape_(kPixels), shade_(kPixels) {
    for (std::size_t i = 0; i < kPixels; ++i) {
        shape_[i] = pixels[i] >= kThreshold ? 1.0f : 0.0f;
        shade_[i] = static_cast<float>(pixels[i]) / 255.0f;
    }
    keepLargeParts();
    fillHoles(openHoles);
    area_ = static_cast<int>(std::ranges::count(shape_, 1.0f));
    spreadShade();
}

/// Specks are dust, not garment; a pair of shoes has two parts.
void SceneGarment::keepLargeParts() {
    const Groups groups = groupsOf(shape_, true);
    std::size_t largest = 0;
    for (const auto& group : groups)
        largest = std::max(largest, group.size());
    for (const auto& group : groups)
        if (group.size() * 10 < largest)
            for (const int at : group)
                shape_[static_cast<std::size_t>(at)] = 0;
}

void SceneGarment::fillHoles(bool openHoles) {
    for (const auto& group : groupsOf(shape_, false)) {
        if (touchesBorder(group) || (openHoles && group.size() > kSmallHole)) continue;
        for (const int at : group)
            shape_[static_cast<std::size_t>(at)] = 1;
    }
}

/// The ground next to the garment takes its neighbours' shade, or a black seam would be blended into every outline.
void SceneGarment::spreadShade() {
    std::vector<float> known = shape_;
    for (int round = 0; round < 3; ++round) {
        const std::vector<float> before = known, shades = shade_;
        for (int at = 0; at < kPixels; ++at) {
            if (before[static_cast<std::size_t>(at)] > 0) continue;
            float sum = 0;
            int count = 0;
            for (int dy = -1; dy <= 1; ++dy)
                for (int dx = -1; dx <= 1; ++dx) {
                    const int x = at % kSide + dx, y = at / kSide + dy;
                    if (x < 0 || y < 0 || x >= kSide || y >= kSide || before[index(x, y)] == 0) continue;
                    sum += shades[index(x, y)];
                    ++count;
                }
            if (count == 0) continue;
            shade_[static_cast<std::size_t>(at)] = sum / static_cast<float>(count);
            known[static_cast<std::size_t>(at)] = 1;
        }
    }
}

SceneGarment::Point SceneGarment::at(float x, float y) const {
    const float u = x - 0.5f, v = y - 0.5f;
    const float column = std::floor(u), row = std::floor(v);
    const Weights across = splineWeights(u - column), down = splineWeights(v - row);
    const Weights acrossShade = clearWeights(u - column), downShade = clearWeights(v - row);
    Point point{0, 0};
    for (std::size_t j = 0; j < 4; ++j)
        for (std::size_t i = 0; i < 4; ++i) {
            const int px = static_cast<int>(column + static_cast<float>(i)) - 1;
            const int py = static_cast<int>(row + static_cast<float>(j)) - 1;
            const std::size_t nearest = index(std::clamp(px, 0, kSide - 1), std::clamp(py, 0, kSide - 1));
            point.shade += acrossShade[i] * downShade[j] * shade_[nearest];
            if (px >= 0 && py >= 0 && px < kSide && py < kSide)
                point.inside += across[i] * down[j] * shape_[index(px, py)];
        }
    point.shade = std::clamp(point.shade, 0.0f, 1.0f);
    return point;
}

}  // namespace vl
