// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include <QColor>
#include <QImage>
#include <QPointF>
#include <QRect>
#include <QSize>

#include "engine/api/dense.h"

namespace vl {

/// One mask to draw and its colour.
struct MaskPaint {
    int mask = 0;
    QRgb colour = 0;
};

/// Masks of one picture, unpacked once at the size they are drawn in, so that any choice of them becomes an overlay in
/// milliseconds. Never changes after it was made: threads may share it.
class MaskTiles {
public:
    static constexpr int kLongSide = 1280;  ///< of overlays; small pictures grow by whole multiples up to it

    /// Masks of another size than `picture`, or whose runs do not fill it, are left out.
    MaskTiles(const std::vector<const RunMask*>& masks, const QSize& picture);

    QSize overlaySize() const { return size_; }
    int count() const { return static_cast<int>(tiles_.size()); }
    bool has(int mask) const;
    /// Later ones lie over earlier ones. `fill` 0..1; with `outline` a line in full colour with a dark outer one.
    QImage compose(std::span<const MaskPaint> masks, double fill, bool outline) const;
    /// `point` in pixels of the picture.
    bool contains(int mask, const QPointF& point) const;

private:
    enum Part : std::uint8_t { Outside, Inside, Line, Rim };
    struct Tile {
        QRect at;  ///< in the overlay
        std::vector<std::uint8_t> parts;
    };
    Tile unpack(const RunMask& mask) const;
    static void trace(Tile& tile);

    QSize picture_, size_;
    double scale_ = 1;
    std::vector<Tile> tiles_;
};

}  // namespace vl
