// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/label_paint.h"

#include <algorithm>
#include <cmath>

#include "widgets/color_map.h"

namespace vl {
namespace {

constexpr int kWholeSide = 1400, kMostScale = 8;
constexpr QRgb kDarkLine = 0xb0101316, kWrong = 0xffe5484d;

QRgb over(QRgb colour, double opacity) {
    return qPremultiply(
        qRgba(qRed(colour), qGreen(colour), qBlue(colour), static_cast<int>(std::lround(255 * opacity))));
}

/// `top` is premultiplied; two channels at a time.
QRgb blend(QRgb top, QRgb below) {
    const unsigned keep = 256 - (top >> 24);
    const unsigned rb = ((below & 0xff00ff) * keep >> 8) & 0xff00ff, g = ((below & 0xff00) * keep >> 8) & 0xff00;
    return 0xff000000 | (top + (rb | g));
}

}  // namespace

LabelTable labelTable(const LabelLook& look) {
    LabelTable table;
    if (look.map == LabelLook::Map::Entropy) {
        for (std::size_t i = 0; i < 256; ++i)
            table.over[i] = over(colorTable(ColorMap::Inferno)[i], overlayAlpha(look.opacity, double(i) / 255));
        return table;
    }
    if (look.map == LabelLook::Map::Errors) {
        table.over.fill(over(qRgb(0x10, 0x13, 0x16), 0.35));
        table.over[1] = over(kWrong, std::max(0.6, look.opacity));
        return table;
    }
    table.outline = look.outline;
    for (std::size_t i = 0; i < std::min<std::size_t>(look.colours.size(), kNoClass); ++i) {
        const auto& c = look.colours[i];
        table.line[i] = qRgb(c[0], c[1], c[2]);
        table.over[i] = over(table.line[i], look.opacity);
    }
    table.line[kNoClass] = qPremultiply(kDarkLine);
    return table;
}

LabelPlane labelPlane(const DensePicture& picture, const LabelLook& look, bool truth) {
    const auto& found = picture.classes;
    const auto& real = picture.truthClasses;
    if (look.map == LabelLook::Map::Entropy && !truth) return found ? found->entropy : LabelPlane();
    if (look.map == LabelLook::Map::Errors && !truth) {
        if (!found || !real || found->labels.size() != real->labels.size()) return {};
        LabelPlane plane(found->labels.size());
        for (std::size_t i = 0; i < plane.size(); ++i) {
            const bool counted = real->labels[i] != kNoClass && found->labels[i] != kNoClass;
            plane[i] = counted && real->labels[i] != found->labels[i] ? 1 : kNoClass;
        }
        return plane;
    }
    const auto& source = truth ? real : found;
    if (!source) return {};
    std::array<std::uint8_t, 256> shown{};
    for (std::size_t i = 0; i < 256; ++i)
        shown[i] = look.muted[i] ? kNoClass : static_cast<std::uint8_t>(i);
    LabelPlane plane(source->labels.size());
    std::ranges::transform(source->labels, plane.begin(), [&](std::uint8_t label) { return shown[label]; });
    const auto least = static_cast<int>(std::ceil(std::clamp(look.threshold, 0.0, 1.0) * 255 - 1e-9));
    if (!truth && least > 0 && source->confidence.size() == plane.size())
        for (std::size_t i = 0; i < plane.size(); ++i)
            if (source->confidence[i] < least) plane[i] = kNoClass;
    return plane;
}

int labelScale(const QSize& picture) {
    const int side = std::max({1, picture.width(), picture.height()});
    return std::clamp(static_cast<int>(std::lround(double(kWholeSide) / side)), 1, kMostScale);
}

QImage paintLabels(const QImage& base, const LabelPlane& plane, int scale, const LabelTable& table) {
    const int width = base.width() / std::max(1, scale), height = base.height() / std::max(1, scale);
    if (base.isNull() || plane.size() != std::size_t(width) * std::size_t(height)) return base;
    QImage image(base.size(), QImage::Format_RGB32);
    const int line = std::min(scale, scale >= 4 ? 3 : 2);
    for (int y = 0; y < height; ++y) {
        const std::uint8_t* row = plane.data() + std::size_t(y) * std::size_t(width);
        const std::uint8_t* above = y > 0 ? row - width : row;
        const std::uint8_t* below = y + 1 < height ? row + width : row;
        for (int j = 0; j < scale; ++j) {
            const auto* from = reinterpret_cast<const QRgb*>(base.constScanLine(y * scale + j));
            auto* to = reinterpret_cast<QRgb*>(image.scanLine(y * scale + j));
            const bool top = j < line, bottom = j >= scale - line;
            for (int x = 0; x < width; ++x) {
                const std::uint8_t label = row[x];
                const QRgb colour = table.over[label];
                const bool left = table.outline && x > 0 && row[x - 1] != label;
                const bool right = table.outline && x + 1 < width && row[x + 1] != label;
                const bool across = table.outline && ((top && above[x] != label) || (bottom && below[x] != label));
                const QRgb edge = table.line[label];
                for (int i = 0; i < scale; ++i, ++from, ++to) {
                    const bool on = across || (left && i < line) || (right && i >= scale - line);
                    *to = blend(on ? edge : colour, *from);
                }
            }
        }
    }
    return image;
}

namespace {

std::int32_t rootOf(std::vector<std::int32_t>& parents, std::int32_t id) {
    while (parents[std::size_t(id)] != id)
        id = parents[std::size_t(id)] = parents[std::size_t(parents[std::size_t(id)])];
    return id;
}

}  // namespace

LabelRegions labelRegions(const std::vector<std::uint8_t>& labels, int width, int height) {
    LabelRegions out;
    if (width <= 0 || height <= 0 || labels.size() != std::size_t(width) * std::size_t(height)) return out;
    out.width = width;
    out.height = height;
    out.ids.assign(labels.size(), -1);
    std::vector<std::int32_t> parents;
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            const std::size_t at = std::size_t(y) * std::size_t(width) + std::size_t(x);
            const std::uint8_t label = labels[at];
            if (label == kNoClass) continue;
            const std::int32_t left = x > 0 && labels[at - 1] == label ? out.ids[at - 1] : -1;
            const std::int32_t up =
                y > 0 && labels[at - std::size_t(width)] == label ? out.ids[at - std::size_t(width)] : -1;
            std::int32_t id = left >= 0 ? left : up;
            if (id < 0) {
                id = static_cast<std::int32_t>(parents.size());
                parents.push_back(id);
            } else if (left >= 0 && up >= 0 && left != up) {
                const std::int32_t a = rootOf(parents, left), b = rootOf(parents, up);
                parents[std::size_t(std::max(a, b))] = id = std::min(a, b);
            }
            out.ids[at] = id;
        }
    std::vector<std::int32_t> places(parents.size(), -1);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            const std::size_t at = std::size_t(y) * std::size_t(width) + std::size_t(x);
            if (out.ids[at] < 0) continue;
            std::int32_t& place = places[std::size_t(rootOf(parents, out.ids[at]))];
            if (place < 0) {
                place = static_cast<std::int32_t>(out.regions.size());
                out.regions.push_back({labels[at], QRect(x, y, 1, 1), 0});
            }
            auto& region = out.regions[std::size_t(place)];
            ++region.area;
            region.box.setLeft(std::min(region.box.left(), x));
            region.box.setRight(std::max(region.box.right(), x));
            region.box.setBottom(y);
            out.ids[at] = place;
        }
    return out;
}

RunMask regionMask(const LabelRegions& regions, int region) {
    RunMask mask;
    if (region < 0 || region >= std::ssize(regions.regions)) return mask;
    mask.width = regions.width;
    mask.height = regions.height;
    std::uint32_t run = 0;
    bool inside = false;
    for (int x = 0; x < regions.width; ++x)
        for (int y = 0; y < regions.height; ++y) {
            if ((regions.at(x, y) == region) != inside) {
                mask.runs.push_back(run);
                run = 0;
                inside = !inside;
            }
            ++run;
        }
    mask.runs.push_back(run);
    return mask;
}

LabelVeil labelVeil(const LabelRegions& regions, int region, int label) {
    LabelVeil veil;
    if (region >= 0 && region < std::ssize(regions.regions))
        veil.box = regions.regions[std::size_t(region)].box;
    else
        for (const auto& each : regions.regions)
            if (each.label == label) veil.box |= each.box;
    if (veil.box.isEmpty()) return veil;
    constexpr double kMost = 1 << 20;
    const int step =
        std::max(1, static_cast<int>(std::ceil(std::sqrt(veil.box.width() * double(veil.box.height()) / kMost))));
    veil.image = QImage((veil.box.width() + step - 1) / step, (veil.box.height() + step - 1) / step,
                        QImage::Format_ARGB32_Premultiplied);
    const QRgb light = qPremultiply(qRgba(255, 255, 255, 72));
    for (int y = 0; y < veil.image.height(); ++y) {
        auto* to = reinterpret_cast<QRgb*>(veil.image.scanLine(y));
        for (int x = 0; x < veil.image.width(); ++x) {
            const int id = regions.at(veil.box.left() + x * step, veil.box.top() + y * step);
            const bool in = region >= 0 ? id == region : id >= 0 && regions.regions[std::size_t(id)].label == label;
            to[x] = in ? light : 0;
        }
    }
    return veil;
}

}  // namespace vl
