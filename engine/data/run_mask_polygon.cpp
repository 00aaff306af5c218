// SPDX-License-Identifier: Apache-2.0
// Filling of polygons: the outline is drawn on a grid five times as fine, as a list of points; wherever it steps over
// the middle of a pixel column, the pixels below change sides. What rounds how is pycocotools' and must stay.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "engine/core/error.h"
#include "engine/data/run_mask.h"

namespace vl {
namespace {

constexpr double kFiner = 5;
constexpr double kFurthest = 1e6;                     // pixels a corner may lie outside
constexpr std::int64_t kLongestOutline = 50'000'000;  // points of the finer grid

struct Point {
    int x, y;
};

Error bad(const char* what) {
    return {ErrorCode::BadFile, std::string("A polygon ") + what + ".",
            "A polygon is a list of three or more corners x, y in pixels of the picture."};
}

std::vector<Point> fineCorners(std::span<const double> corners) {
    if (corners.size() < 6 || corners.size() % 2 != 0)
        throw bad(corners.empty()           ? "is empty"
                  : corners.size() % 2 != 0 ? "has a corner without y"
                                            : "has fewer than three corners");
    std::vector<Point> points;
    points.reserve(corners.size() / 2 + 1);
    std::int64_t length = 0;
    for (std::size_t i = 0; i < corners.size(); i += 2) {
        if (!(std::abs(corners[i]) <= kFurthest && std::abs(corners[i + 1]) <= kFurthest))
            throw bad("has a corner that is no place near the picture");
        points.push_back({static_cast<int>(kFiner * corners[i] + .5), static_cast<int>(kFiner * corners[i + 1] + .5)});
        if (i > 0) {
            const Point a = points[points.size() - 2], b = points.back();
            length += std::max(std::abs(a.x - b.x), std::abs(a.y - b.y)) + 1;
            if (length > kLongestOutline) throw bad("is too long");
        }
    }
    points.push_back(points.front());
    return points;
}

/// Calls see(point) for every point of the closed outline, in order.
template <typename See>
void drawOutline(const std::vector<Point>& corners, See&& see) {
    for (std::size_t i = 0; i + 1 < corners.size(); ++i) {
        Point from = corners[i], to = corners[i + 1];
        const int across = std::abs(to.x - from.x), down = std::abs(to.y - from.y);
        const bool wide = across >= down;
        const int steps = wide ? across : down;
        // Each line is computed from its left (upper) end, whichever way it is walked.
        const bool backwards = wide ? from.x > to.x : from.y > to.y;
        if (backwards) std::swap(from, to);
        const double slope = steps == 0 ? 0.0
                             : wide     ? static_cast<double>(to.y - from.y) / across
                                        : static_cast<double>(to.x - from.x) / down;
        for (int step = 0; step <= steps; ++step) {
            const int t = backwards ? steps - step : step;
            if (wide)
                see(Point{from.x + t, static_cast<int>(from.y + slope * t + .5)});
            else
                see(Point{static_cast<int>(from.x + slope * t + .5), from.y + t});
        }
    }
}

/// Where, counted down the columns, inside and outside change; unsorted.
std::vector<std::uint32_t> crossings(const std::vector<Point>& corners, int width, int height) {
    std::vector<std::uint32_t> changes;
    bool first = true;
    Point before{};
    drawOutline(corners, [&](const Point& now) {
        const Point last = std::exchange(before, now);
        if (std::exchange(first, false) || now.x == last.x) return;
        const double column = ((now.x < last.x ? now.x : now.x - 1) + .5) / kFiner - .5;
        if (std::floor(column) != column || column < 0 || column > width - 1) return;
        const double row = (std::min(now.y, last.y) + .5) / kFiner - .5;
        const int y = static_cast<int>(std::ceil(std::clamp(row, 0.0, static_cast<double>(height))));
        changes.push_back(static_cast<std::uint32_t>(column) * static_cast<std::uint32_t>(height) +
                          static_cast<std::uint32_t>(y));
    });
    return changes;
}

}  // namespace

RunMask runMaskOfPolygon(std::span<const double> corners, int width, int height) {
    const auto pixels =
        static_cast<std::uint64_t>(std::max(width, 0)) * static_cast<std::uint64_t>(std::max(height, 0));
    if (pixels == 0 || pixels > 0x7fffffffu) throw bad("belongs to a picture without pixels or with too many");
    std::vector<std::uint32_t> changes = crossings(fineCorners(corners), width, height);
    changes.push_back(static_cast<std::uint32_t>(pixels));
    std::sort(changes.begin(), changes.end());
    RunMask mask{width, height, {changes[0]}};
    std::uint32_t at = changes[0];
    // Two changes at one place cancel out, but the first run may be zero long.
    for (std::size_t i = 1; i < changes.size(); ++i) {
        if (changes[i] > at) {
            mask.runs.push_back(changes[i] - at);
            at = changes[i];
        } else if (++i < changes.size()) {
            mask.runs.back() += changes[i] - at;
            at = changes[i];
        }
    }
    return mask;
}

RunMask runMaskOfBox(const std::array<double, 4>& xywh, int width, int height) {
    const double left = xywh[0], top = xywh[1], right = left + xywh[2], bottom = top + xywh[3];
    const std::array corners{left, top, left, bottom, right, bottom, right, top};
    return runMaskOfPolygon(corners, width, height);
}

}  // namespace vl
