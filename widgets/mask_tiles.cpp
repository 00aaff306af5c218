// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/mask_tiles.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "widgets/paint_helpers.h"

namespace vl {
namespace {

constexpr int kLine = 2, kMargin = 1;  // overlay pixels: the line inside the mask, the dark rim round it

QRgb blended(QRgb below, QRgb colour, int alpha) {
    const int rest = 255 - alpha;
    const auto mix = [&](int under, int over) { return (under * rest + over * alpha + 127) / 255; };
    return qRgba(mix(qRed(below), qRed(colour)), mix(qGreen(below), qGreen(colour)), mix(qBlue(below), qBlue(colour)),
                 mix(qAlpha(below), 255));
}

bool fits(const RunMask& mask, const QSize& picture) {
    if (mask.width != picture.width() || mask.height != picture.height()) return false;
    const auto sum = std::accumulate(mask.runs.begin(), mask.runs.end(), std::uint64_t{0});
    return sum == std::uint64_t(mask.width) * std::uint64_t(mask.height);
}

/// Rows or columns of the overlay whose centre lies in picture pixels from `from` up to `to`.
std::pair<int, int> covered(int from, int to, double scale, int limit) {
    const auto edge = [scale](int pixel) { return static_cast<int>(std::ceil(pixel * scale - 0.5)); };
    return {std::clamp(edge(from), 0, limit), std::clamp(edge(to), 0, limit)};
}

template <typename Each>
void eachRun(const RunMask& mask, Each each) {
    std::uint64_t at = 0;
    for (std::size_t i = 0; i < mask.runs.size(); ++i) {
        const std::uint64_t end = at + mask.runs[i];
        // A run may go on in the next columns.
        for (std::uint64_t y = at; i % 2 == 1 && y < end;) {
            const int column = static_cast<int>(y / std::uint64_t(mask.height));
            const std::uint64_t last = std::min(end, std::uint64_t(column + 1) * std::uint64_t(mask.height));
            const int top = static_cast<int>(y - std::uint64_t(column) * std::uint64_t(mask.height));
            each(column, top, top + static_cast<int>(last - y));
            y = last;
        }
        at = end;
    }
}

}  // namespace

MaskTiles::MaskTiles(const std::vector<const RunMask*>& masks, const QSize& picture) : picture_(picture) {
    const int longest = std::max({picture.width(), picture.height(), 1});
    scale_ = longest > kLongSide ? double(kLongSide) / longest : std::max(1, kLongSide / longest);
    size_ = {std::max(1, static_cast<int>(std::lround(picture.width() * scale_))),
             std::max(1, static_cast<int>(std::lround(picture.height() * scale_)))};
    tiles_.reserve(masks.size());
    for (const RunMask* mask : masks)
        tiles_.push_back(mask && !mask->empty() && fits(*mask, picture) ? unpack(*mask) : Tile());
}

MaskTiles::Tile MaskTiles::unpack(const RunMask& mask) const {
    int left = mask.width, right = -1, top = mask.height, bottom = 0;
    eachRun(mask, [&](int column, int from, int to) {
        left = std::min(left, column);
        right = std::max(right, column);
        top = std::min(top, from);
        bottom = std::max(bottom, to);
    });
    Tile tile;
    if (right < left) return tile;
    const auto [x0, x1] = covered(left, right + 1, scale_, size_.width());
    const auto [y0, y1] = covered(top, bottom, scale_, size_.height());
    if (x1 <= x0 || y1 <= y0) return tile;
    tile.at = QRect(x0, y0, x1 - x0, y1 - y0).adjusted(-kMargin, -kMargin, kMargin, kMargin);
    const int width = tile.at.width();
    tile.parts.assign(std::size_t(width) * std::size_t(tile.at.height()), Outside);
    eachRun(mask, [&](int column, int from, int to) {
        const auto [cx0, cx1] = covered(column, column + 1, scale_, size_.width());
        if (cx0 == cx1) return;
        const auto [cy0, cy1] = covered(from, to, scale_, size_.height());
        for (int y = cy0; y < cy1; ++y) {
            auto* row = tile.parts.data() + std::size_t(y - tile.at.y()) * std::size_t(width) - tile.at.x();
            std::fill(row + cx0, row + cx1, std::uint8_t(Inside));
        }
    });
    trace(tile);
    return tile;
}

// The line eats into the mask, the rim stands outside: neighbours then keep their own edges.
void MaskTiles::trace(Tile& tile) {
    const int width = tile.at.width(), height = tile.at.height();
    const std::vector<std::uint8_t> mask = tile.parts;
    const auto inside = [&](int x, int y) {
        return x >= 0 && y >= 0 && x < width && y < height && mask[std::size_t(y) * std::size_t(width) + std::size_t(x)];
    };
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            auto& part = tile.parts[std::size_t(y) * std::size_t(width) + std::size_t(x)];
            if (part == Inside) {
                for (int d = 1; d <= kLine && part == Inside; ++d)
                    if (!inside(x - d, y) || !inside(x + d, y) || !inside(x, y - d) || !inside(x, y + d)) part = Line;
            } else if (inside(x - 1, y) || inside(x + 1, y) || inside(x, y - 1) || inside(x, y + 1)) {
                part = Rim;
            }
        }
}

bool MaskTiles::has(int mask) const {
    return mask >= 0 && mask < count() && !tiles_[static_cast<std::size_t>(mask)].parts.empty();
}

QImage MaskTiles::compose(std::span<const MaskPaint> masks, double fill, bool outline) const {
    QImage overlay(size_, QImage::Format_ARGB32_Premultiplied);
    overlay.fill(Qt::transparent);
    const int alpha = static_cast<int>(std::lround(std::clamp(fill, 0.0, 1.0) * 255));
    for (const MaskPaint& paint : masks) {
        if (!has(paint.mask)) continue;
        const Tile& tile = tiles_[static_cast<std::size_t>(paint.mask)];
        const QRect visible = tile.at.intersected(overlay.rect());
        for (int y = visible.top(); y <= visible.bottom(); ++y) {
            auto* row = reinterpret_cast<QRgb*>(overlay.scanLine(y));
            const std::uint8_t* part = tile.parts.data() + std::size_t(y - tile.at.y()) * std::size_t(tile.at.width());
            for (int x = visible.left(); x <= visible.right(); ++x) {
                const std::uint8_t what = part[x - tile.at.x()];
                if (what == Outside) continue;
                if (what == Inside || (what == Line && !outline))
                    row[x] = blended(row[x], paint.colour, alpha);
                else if (outline)
                    row[x] = what == Line ? (paint.colour | 0xff000000u) : blended(row[x], markOutline().rgb(), 200);
            }
        }
    }
    return overlay;
}

bool MaskTiles::contains(int mask, const QPointF& point) const {
    if (!has(mask)) return false;
    const Tile& tile = tiles_[static_cast<std::size_t>(mask)];
    const QPoint at(static_cast<int>(std::floor(point.x() * scale_)), static_cast<int>(std::floor(point.y() * scale_)));
    if (!tile.at.contains(at)) return false;
    const auto part = tile.parts[std::size_t(at.y() - tile.at.y()) * std::size_t(tile.at.width()) +
                                 std::size_t(at.x() - tile.at.x())];
    return part == Inside || part == Line;
}

}  // namespace vl
