// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/color_map.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace vl {
namespace {

// Evenly spaced samples of the public-domain Inferno and Viridis maps; straight lines between them stay within a
// few levels of the full tables, far below what an overlay on a picture can show.
constexpr std::array<QRgb, 13> infernoStops{0xff000004, 0xff110a30, 0xff320a5e, 0xff57106e, 0xff781c6d,
                                            0xff9a2865, 0xffbc3754, 0xffd84c3e, 0xffed6925, 0xfff98e09,
                                            0xfffbb61a, 0xfff4df53, 0xfffcffa4};
constexpr std::array<QRgb, 11> viridisStops{0xff440154, 0xff482475, 0xff414487, 0xff355f8d, 0xff2a788e, 0xff21918c,
                                            0xff22a884, 0xff44bf70, 0xff7ad151, 0xffbddf26, 0xfffde725};
constexpr std::array<QRgb, 2> greyStops{0xff000000, 0xffffffff};

int blend(int a, int b, double share) { return static_cast<int>(std::lround(a + (b - a) * share)); }

QRgb blend(QRgb a, QRgb b, double share) {
    return qRgb(blend(qRed(a), qRed(b), share), blend(qGreen(a), qGreen(b), share), blend(qBlue(a), qBlue(b), share));
}

double luminance(QRgb c) {
    const auto linear = [](int level) {
        const double v = level / 255.0;
        return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(qRed(c)) + 0.7152 * linear(qGreen(c)) + 0.0722 * linear(qBlue(c));
}

std::array<QRgb, 256> interpolate(std::span<const QRgb> stops) {
    std::array<QRgb, 256> table{};
    for (int i = 0; i < 256; ++i) {
        const double position = i / 255.0 * static_cast<double>(stops.size() - 1);
        const auto below = std::min(static_cast<std::size_t>(position), stops.size() - 2);
        table[i] = blend(stops[below], stops[below + 1], position - static_cast<double>(below));
        // Rounding to 8 bits can turn a rise into a fall; one level of green mends it.
        while (i > 0 && luminance(table[i]) < luminance(table[i - 1]))
            table[i] = qRgb(qRed(table[i]), qGreen(table[i]) + 1, qBlue(table[i]));
    }
    return table;
}

}  // namespace

const std::array<QRgb, 256>& colorTable(ColorMap map) {
    static const auto inferno = interpolate(infernoStops);
    static const auto viridis = interpolate(viridisStops);
    static const auto grey = interpolate(greyStops);
    switch (map) {
        case ColorMap::Viridis:
            return viridis;
        case ColorMap::Grey:
            return grey;
        case ColorMap::Inferno:
            break;
    }
    return inferno;
}

QRgb colorAt(ColorMap map, double value) {
    if (!std::isfinite(value)) value = 0;
    return colorTable(map)[static_cast<std::size_t>(std::lround(std::clamp(value, 0.0, 1.0) * 255))];
}

QImage colorStrip(ColorMap map, int width) {
    QImage strip(std::max(width, 1), 1, QImage::Format_RGB32);
    for (int x = 0; x < strip.width(); ++x)
        strip.setPixel(x, 0, colorAt(map, strip.width() > 1 ? x / double(strip.width() - 1) : 0));
    return strip;
}

double overlayAlpha(double opacity, double value) {
    return std::clamp(opacity * (0.5 + 0.8 * std::clamp(value, 0.0, 1.0)), 0.0, 0.85);
}

QColor mixed(const QColor& a, const QColor& b, double share) {
    return QColor(blend(a.rgb(), b.rgb(), std::clamp(share, 0.0, 1.0)));
}

double ValueScale::normalise(double value) const {
    if (!std::isfinite(value) || value <= 0 || !(max > 0)) return 0;
    const double linear = std::min(value / max, 1.0);
    return log ? std::max(0.0, 1 + std::log10(linear) / decades) : linear;
}

}  // namespace vl
