// SPDX-License-Identifier: Apache-2.0
// Outlines of masks along the edges of pixels. Filling is by parity, so that the rings of one part (outer one and
// holes) joined by seams walked forth and back are one polygon that fills to exactly that part.
#include <algorithm>
#include <cstdint>

#include "engine/data/run_mask.h"

namespace vl {
namespace {

struct Corner {
    int x, y;
    bool operator==(const Corner&) const = default;
};

/// Directions of walking: right, down, left, up; the mask lies to the right of the walker.
constexpr int kStepX[] = {1, 0, -1, 0}, kStepY[] = {0, 1, 0, -1};

class Outlines {
public:
    explicit Outlines(const RunMask& mask)
        : width_(mask.width),
          height_(mask.height),
          pixels_(pixelsOf(mask)),
          walked_(pixels_.size(), 0),
          part_(pixels_.size(), 0) {}

    std::vector<std::vector<double>> trace() {
        markParts();
        std::vector<std::vector<double>> polygons(static_cast<std::size_t>(parts_));
        for (int y = 0; y < height_; ++y)
            for (int x = 0; x < width_; ++x) {
                // Every ring has an edge that runs right (above a pixel) or left (below one).
                if (!inside(x, y)) continue;
                if (!inside(x, y - 1) && !walked(x, y, 0)) append(polygons, x, y, walk({x, y}, 0));
                if (!inside(x, y + 1) && !walked(x, y, 2)) append(polygons, x, y, walk({x + 1, y + 1}, 2));
            }
        return polygons;
    }

private:
    bool inside(int x, int y) const {
        return x >= 0 && y >= 0 && x < width_ && y < height_ && pixels_[index(x, y)] != 0;
    }
    std::size_t index(int x, int y) const {
        return static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) + static_cast<std::size_t>(x);
    }
    bool walked(int x, int y, int direction) const { return (walked_[index(x, y)] >> direction & 1) != 0; }

    /// Numbers the parts: pixels that touch along edges.
    void markParts() {
        std::vector<std::size_t> open;
        const auto width = static_cast<std::size_t>(width_);
        for (std::size_t start = 0; start < pixels_.size(); ++start) {
            if (pixels_[start] == 0 || part_[start] != 0) continue;
            part_[start] = ++parts_;
            open.push_back(start);
            while (!open.empty()) {
                const std::size_t at = open.back();
                open.pop_back();
                const auto visit = [&](bool there, std::size_t next) {
                    if (!there || pixels_[next] == 0 || part_[next] != 0) return;
                    part_[next] = parts_;
                    open.push_back(next);
                };
                visit(at % width > 0, at - 1);
                visit(at % width + 1 < width, at + 1);
                visit(at >= width, at - width);
                visit(at + width < pixels_.size(), at + width);
            }
        }
    }

    /// The pixel to the right of an edge that leaves `corner` in `direction`.
    static Corner pixelBeside(Corner corner, int direction) {
        return {corner.x - (direction == 1 || direction == 2 ? 1 : 0), corner.y - (direction >= 2 ? 1 : 0)};
    }

    /// The corners where the ring through that edge turns.
    std::vector<Corner> walk(const Corner start, const int startDirection) {
        std::vector<Corner> turns;
        Corner at = start;
        int direction = startDirection;
        do {
            const Corner pixel = pixelBeside(at, direction);
            walked_[index(pixel.x, pixel.y)] |= static_cast<std::uint8_t>(1 << direction);
            at = {at.x + kStepX[direction], at.y + kStepY[direction]};
            const Corner ahead{pixel.x + kStepX[direction], pixel.y + kStepY[direction]};
            const int left = (direction + 3) % 4;
            const Corner aheadLeft{ahead.x + kStepX[left], ahead.y + kStepY[left]};
            const int before = direction;
            // Pixels that touch at a corner only stay apart: turning right comes first.
            if (!inside(ahead.x, ahead.y))
                direction = (direction + 1) % 4;
            else if (inside(aheadLeft.x, aheadLeft.y))
                direction = left;
            if (direction != before) turns.push_back(at);
        } while (!(at == start && direction == startDirection));
        return turns;
    }

    void append(std::vector<std::vector<double>>& polygons, int x, int y, const std::vector<Corner>& ring) const {
        std::vector<double>& polygon = polygons[static_cast<std::size_t>(part_[index(x, y)] - 1)];
        const auto add = [&polygon](double cx, double cy) {
            polygon.push_back(cx);
            polygon.push_back(cy);
        };
        const bool first = polygon.empty();
        const double homeX = first ? 0 : polygon[0], homeY = first ? 0 : polygon[1];
        if (!first) add(homeX, homeY);
        for (const Corner& corner : ring)
            add(corner.x, corner.y);
        if (first) return;
        add(ring.front().x, ring.front().y);
        add(homeX, homeY);
    }

    int width_, height_;
    std::vector<std::uint8_t> pixels_, walked_;
    std::vector<std::int32_t> part_;
    std::int32_t parts_ = 0;
};

}  // namespace

std::vector<std::vector<double>> polygonsOf(const RunMask& mask) { return Outlines(mask).trace(); }

}  // namespace vl
