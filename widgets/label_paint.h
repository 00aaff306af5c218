// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include <QImage>
#include <QRect>

#include "engine/api/dense.h"

namespace vl {

/// How the classes of a picture are drawn.
struct LabelLook {
    enum class Map { Classes, Errors, Entropy } map = Map::Classes;
    double opacity = 0.46, threshold = 0;  ///< pixels less certain stay bare
    bool outline = true;
    std::vector<Colour> colours;  ///< by class
    std::array<bool, 256> muted{};
    bool operator==(const LabelLook&) const = default;
};

/// A byte a pixel, row by row; kNoClass: nothing is drawn there.
using LabelPlane = std::vector<std::uint8_t>;

/// What a byte of the plane looks like: premultiplied colour over the picture, and the line around its areas.
struct LabelTable {
    std::array<QRgb, 256> over{}, line{};
    bool outline = false;
};
LabelTable labelTable(const LabelLook& look);
/// The classes of prediction or truth that `look` shows, or the values of its map. Empty: nothing to draw.
LabelPlane labelPlane(const DensePicture& picture, const LabelLook& look, bool truth);

/// How many pixels on the screen image a pixel of the picture takes, so that lines stay thin on small pictures.
int labelScale(const QSize& picture);
/// The plane over `base` (RGB32, `scale` times as large as the plane).
QImage paintLabels(const QImage& base, const LabelPlane& plane, int scale, const LabelTable& table);

/// Areas of one class that hang together (side by side, not corner to corner).
struct LabelRegions {
    struct Region {
        int label = 0;
        QRect box;
        std::int64_t area = 0;
    };
    int width = 0, height = 0;
    std::vector<std::int32_t> ids;  ///< a place in `regions` for each pixel, -1: no class
    std::vector<Region> regions;
    int at(int x, int y) const {
        return x < 0 || y < 0 || x >= width || y >= height ? -1
                                                           : ids[std::size_t(y) * std::size_t(width) + std::size_t(x)];
    }
};
LabelRegions labelRegions(const std::vector<std::uint8_t>& labels, int width, int height);
/// As COCO stores it.
RunMask regionMask(const LabelRegions& regions, int region);
/// A light veil over one region (or over a class when `region` is negative) with its place in the picture; large ones
/// at a coarser grid, so that it takes no longer than a megapixel.
struct LabelVeil {
    QImage image;
    QRect box;
};
LabelVeil labelVeil(const LabelRegions& regions, int region, int label);

}  // namespace vl
