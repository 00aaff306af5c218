// SPDX-License-Identifier: Apache-2.0
#include "engine/data/animation_palette.h"

#include <algorithm>
#include <limits>

namespace vl {
namespace {

constexpr std::size_t kMost = 256, kBoxes = 64 * 64 * 64;
constexpr int kDither = 8;  ///< levels between the ends of the pattern

using Colour = std::array<std::uint8_t, 3>;

std::uint32_t packed(const std::uint8_t* pixel) { return static_cast<std::uint32_t>(pixel[0] << 16 | pixel[1] << 8 | pixel[2]); }
std::size_t boxOf(int red, int green, int blue) {
    return static_cast<std::size_t>((red >> 2) << 12 | (green >> 2) << 6 | (blue >> 2));
}

/// A used box of the histogram: place on the three axes and how often.
struct Cell {
    std::array<int, 3> at;
    std::uint64_t count;
};

/// A range of cells that becomes one colour.
struct Range {
    std::size_t first, last;
    int axis = 0;             ///< the longest
    std::uint64_t weight = 0;  ///< how much splitting it helps: pixels times length
};

Range ranged(const std::vector<Cell>& cells, std::size_t first, std::size_t last) {
    Range range{first, last};
    std::uint64_t count = 0;
    std::array<int, 3> least{64, 64, 64}, most{-1, -1, -1};
    for (std::size_t i = first; i < last; ++i) {
        count += cells[i].count;
        for (std::size_t axis = 0; axis < 3; ++axis) {
            least[axis] = std::min(least[axis], cells[i].at[axis]);
            most[axis] = std::max(most[axis], cells[i].at[axis]);
        }
    }
    int length = -1;
    for (int axis = 0; axis < 3; ++axis) {
        const int here = most[static_cast<std::size_t>(axis)] - least[static_cast<std::size_t>(axis)];
        if (here > length) {
            length = here;
            range.axis = axis;
        }
    }
    range.weight = count * static_cast<std::uint64_t>(length);
    return range;
}

/// Index of the first cell of the upper half by pixels; both halves have cells.
std::size_t middle(const std::vector<Cell>& cells, const Range& range) {
    std::uint64_t all = 0, below = 0;
    for (std::size_t i = range.first; i < range.last; ++i) all += cells[i].count;
    std::size_t at = range.first;
    while (at + 1 < range.last && 2 * (below + cells[at].count) <= all) below += cells[at++].count;
    return std::max(at, range.first + 1);
}

Colour meanOf(const std::vector<Cell>& cells, const Range& range) {
    std::array<std::uint64_t, 3> sum{};
    std::uint64_t count = 0;
    for (std::size_t i = range.first; i < range.last; ++i) {
        count += cells[i].count;
        for (std::size_t axis = 0; axis < 3; ++axis)
            sum[axis] += cells[i].count * static_cast<std::uint64_t>(cells[i].at[axis]);
    }
    Colour colour{};
    for (std::size_t axis = 0; axis < 3; ++axis)  // 63 boxes reach to 255: the ends stay black and white
        colour[axis] = static_cast<std::uint8_t>((sum[axis] * 255 + count * 63 / 2) / (count * 63));
    return colour;
}

std::vector<Colour> medianCut(const std::vector<std::uint64_t>& histogram) {
    std::vector<Cell> cells;
    for (std::size_t box = 0; box < histogram.size(); ++box)
        if (histogram[box])
            cells.push_back({{static_cast<int>(box >> 12), static_cast<int>(box >> 6 & 63), static_cast<int>(box & 63)},
                             histogram[box]});
    std::vector<Range> ranges{ranged(cells, 0, cells.size())};
    while (ranges.size() < kMost) {
        const auto widest = std::max_element(ranges.begin(), ranges.end(),
                                             [](const Range& a, const Range& b) { return a.weight < b.weight; });
        if (widest->weight == 0) break;
        const Range range = *widest;
        const auto axis = static_cast<std::size_t>(range.axis);
        std::sort(cells.begin() + static_cast<std::ptrdiff_t>(range.first),
                  cells.begin() + static_cast<std::ptrdiff_t>(range.last),
                  [axis](const Cell& a, const Cell& b) { return a.at[axis] < b.at[axis]; });
        const std::size_t half = middle(cells, range);
        *widest = ranged(cells, range.first, half);
        ranges.push_back(ranged(cells, half, range.last));
    }
    std::vector<Colour> colours;
    for (const Range& range : ranges) colours.push_back(meanOf(cells, range));
    return colours;
}

/// -1/2 .. 1/2 by place, every value of an 8 x 8 square once.
double bayer(int x, int y) {
    int value = 0;
    for (int bit = 0; bit < 3; ++bit) value |= ((x >> bit ^ y >> bit) & 1) << (5 - 2 * bit) | (y >> bit & 1) << (4 - 2 * bit);
    return (value + 0.5) / 64 - 0.5;
}

}  // namespace

void PaletteChooser::look(const Image& image) {
    if (image.channels != 3) return;
    colour_ = true;
    if (histogram_.empty()) histogram_.assign(kBoxes, 0);
    std::uint32_t last = std::numeric_limits<std::uint32_t>::max();
    for (std::size_t i = 0; i + 2 < image.pixels.size(); i += 3) {
        const std::uint8_t* pixel = image.pixels.data() + i;
        ++histogram_[boxOf(pixel[0], pixel[1], pixel[2])];
        if (packed(pixel) == last || seen_.size() > kMost) continue;
        last = packed(pixel);
        seen_.insert(last);
    }
}

PaletteChooser::Palette PaletteChooser::choose() const {
    Palette palette;
    if (!colour_) {
        for (int grey = 0; grey < 256; ++grey) {
            const auto level = static_cast<std::uint8_t>(grey);
            palette.colours.push_back({level, level, level});
        }
    } else if (seen_.size() <= kMost) {
        for (const std::uint32_t colour : seen_)
            palette.colours.push_back({static_cast<std::uint8_t>(colour >> 16), static_cast<std::uint8_t>(colour >> 8),
                                       static_cast<std::uint8_t>(colour)});
    } else {
        palette.colours = medianCut(histogram_);
        palette.exact = false;
    }
    return palette;
}

PaletteMapper::PaletteMapper(PaletteChooser::Palette palette) : palette_(std::move(palette)), known_(kBoxes, -1) {}

std::uint8_t PaletteMapper::nearest(int red, int green, int blue) {
    std::int16_t& known = known_[boxOf(red, green, blue)];
    if (!palette_.exact && known >= 0) return static_cast<std::uint8_t>(known);
    int best = std::numeric_limits<int>::max();
    for (std::size_t i = 0; i < palette_.colours.size() && best > 0; ++i) {
        const Colour& colour = palette_.colours[i];
        const int dr = colour[0] - red, dg = colour[1] - green, db = colour[2] - blue;
        const int distance = 2 * dr * dr + 4 * dg * dg + db * db;  // the eye sees green best
        if (distance >= best) continue;
        best = distance;
        known = static_cast<std::int16_t>(i);
    }
    return static_cast<std::uint8_t>(known);
}

std::vector<std::uint8_t> PaletteMapper::map(const Image& image) {
    if (image.channels == 1) return image.pixels;
    std::vector<std::uint8_t> entries(static_cast<std::size_t>(image.width) * image.height);
    std::uint32_t lastColour = std::numeric_limits<std::uint32_t>::max();
    std::uint8_t lastEntry = 0;
    for (int y = 0; y < image.height; ++y) {
        for (int x = 0; x < image.width; ++x) {
            const std::size_t i = static_cast<std::size_t>(y) * image.width + x;
            const std::uint8_t* pixel = image.pixels.data() + 3 * i;
            if (palette_.exact) {
                if (packed(pixel) != lastColour) lastEntry = nearest(pixel[0], pixel[1], pixel[2]);
                lastColour = packed(pixel);
                entries[i] = lastEntry;
                continue;
            }
            const int shift = static_cast<int>(kDither * bayer(x, y));
            const auto moved = [&](int level) { return std::clamp(level + shift, 0, 255); };
            entries[i] = nearest(moved(pixel[0]), moved(pixel[1]), moved(pixel[2]));
        }
    }
    return entries;
}

}  // namespace vl
