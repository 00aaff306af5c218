// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>

#include <QColor>
#include <QImage>

namespace vl {

enum class ColorMap { Inferno, Viridis, Grey };

/// 256 opaque colours from low to high; luminance rises with every step, so order survives a grey print.
const std::array<QRgb, 256>& colorTable(ColorMap map);
/// Colour of `value` in 0..1; values outside are clamped, a non-finite value is the lowest colour.
QRgb colorAt(ColorMap map, double value);
/// A strip of the whole map, `width` x 1, for colour bars.
QImage colorStrip(ColorMap map, int width);
/// Opacity of one overlay cell: opacity * (0.5 + 0.8 v), at most 0.85, so that the picture stays visible where v is
/// small.
double overlayAlpha(double opacity, double value);
/// `a` towards `b` by `share` in 0..1, opaque.
QColor mixed(const QColor& a, const QColor& b, double share);

/// How raw attention becomes 0..1.
struct ValueScale {
    double max = 1;
    bool log = false;  ///< three decades below `max`
    static constexpr double decades = 3;
    /// 0..1; 0 for anything not positive or not finite.
    double normalise(double value) const;
};

}  // namespace vl
