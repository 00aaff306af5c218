// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/api/types.h"

namespace vl {

/// How a picture comes to lie on a canvas: scaled, a part of it cut out, perhaps mirrored. Pixel (x, y) of the result
/// shows the source at ((x + 0.5) / scaleX + left, (y + 0.5) / scaleY + top).
struct Placement {
    double scaleX = 1, scaleY = 1;        ///< result pixels per source pixel
    double left = 0, top = 0;             ///< of the part, in source pixels
    int width = 0, height = 0;            ///< of the result
    bool mirrored = false;                ///< left and right of the result change places

    double toResultX(double x) const {
        const double at = (x - left) * scaleX;
        return mirrored ? width - at : at;
    }
    double toResultY(double y) const { return (y - top) * scaleY; }
};

/// Scales by one factor (sides rounded to whole pixels) and takes everything.
Placement scaledPlacement(int width, int height, double factor);
/// Takes the part of width x height result pixels at (x, y) of an earlier result.
Placement cropped(Placement from, int x, int y, int width, int height);
/// Scales an earlier result once more.
Placement rescaled(Placement from, double factor);

/// The picture as placed, bilinear between pixel centres (OpenCV's INTER_LINEAR), on a canvas of which the rest has
/// `colour` for each channel. The canvas must hold the result.
Image placePicture(const Image& picture, const Placement& place, int canvasWidth, int canvasHeight,
                   std::span<const std::uint8_t> colour);
/// Labels [height][width] as placed, nearest; `rest` fills the canvas.
std::vector<std::uint8_t> placeLabels(std::span<const std::uint8_t> labels, int width, int height,
                                      const Placement& place, int canvasWidth, int canvasHeight, std::uint8_t rest);

}  // namespace vl
