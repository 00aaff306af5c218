// SPDX-License-Identifier: Apache-2.0
#include "engine/data/placement.h"

#include <algorithm>
#include <cmath>
#include <type_traits>

namespace vl {
namespace {

/// Which source pixels a column or row of the result mixes.
struct Tap {
    std::size_t first = 0, second = 0;
    float share = 0;  ///< of the second
};

int rounded(double value) { return std::max(1, static_cast<int>(std::floor(value + 0.5))); }

/// Places in the source of each column (or row) of the result.
std::vector<double> sourceCentres(int count, double scale, double offset, bool mirrored) {
    std::vector<double> centres(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i)
        centres[static_cast<std::size_t>(i)] = ((mirrored ? count - 1 - i : i) + 0.5) / scale + offset;
    return centres;
}

std::vector<Tap> taps(int count, double scale, double offset, bool mirrored, int source) {
    std::vector<Tap> result;
    for (const double centre : sourceCentres(count, scale, offset, mirrored)) {
        const double at = std::clamp(centre - 0.5, 0.0, source - 1.0);
        const auto first = static_cast<std::size_t>(at);
        result.push_back({first, std::min(first + 1, static_cast<std::size_t>(source - 1)),
                          static_cast<float>(at - static_cast<double>(first))});
    }
    return result;
}

std::vector<std::size_t> nearest(int count, double scale, double offset, bool mirrored, int source) {
    std::vector<std::size_t> result;
    for (const double centre : sourceCentres(count, scale, offset, mirrored))
        result.push_back(static_cast<std::size_t>(std::clamp(std::floor(centre), 0.0, source - 1.0)));
    return result;
}

/// One row of the result from one of the source, interleaved channels. Their number is a type for colour pictures, so
/// that the compiler unrolls the loop over them.
template <class Count>
void mixColumns(const std::vector<float>& line, const std::vector<Tap>& columns, Count channels, std::uint8_t* out) {
    for (const Tap& column : columns) {
        const float* first = line.data() + column.first * channels;
        const float* second = line.data() + column.second * channels;
        for (std::size_t c = 0; c < channels; ++c)
            *out++ = static_cast<std::uint8_t>(first[c] + column.share * (second[c] - first[c]) + 0.5f);
    }
}

}  // namespace

Placement scaledPlacement(int width, int height, double factor) {
    Placement place;
    place.width = rounded(width * factor);
    place.height = rounded(height * factor);
    place.scaleX = static_cast<double>(place.width) / width;
    place.scaleY = static_cast<double>(place.height) / height;
    return place;
}

Placement cropped(Placement from, int x, int y, int width, int height) {
    from.left += x / from.scaleX;
    from.top += y / from.scaleY;
    from.width = width;
    from.height = height;
    return from;
}

Placement rescaled(Placement from, double factor) {
    const int width = rounded(from.width * factor), height = rounded(from.height * factor);
    from.scaleX *= static_cast<double>(width) / from.width;
    from.scaleY *= static_cast<double>(height) / from.height;
    from.width = width;
    from.height = height;
    return from;
}

Image placePicture(const Image& picture, const Placement& place, int canvasWidth, int canvasHeight,
                   std::span<const std::uint8_t> colour) {
    const auto channels = static_cast<std::size_t>(picture.channels);
    const auto stride = static_cast<std::size_t>(canvasWidth) * channels;
    Image canvas{canvasWidth, canvasHeight, picture.channels,
                 std::vector<std::uint8_t>(stride * static_cast<std::size_t>(canvasHeight))};
    for (std::size_t i = 0; i < canvas.pixels.size(); ++i)
        canvas.pixels[i] = colour[i % channels];
    const std::vector<Tap> columns = taps(place.width, place.scaleX, place.left, place.mirrored, picture.width);
    const std::vector<Tap> rows = taps(place.height, place.scaleY, place.top, false, picture.height);
    const auto sourceStride = static_cast<std::size_t>(picture.width) * channels;
    std::vector<float> line(sourceStride);  // of the source, at the height of one row of the result
    for (std::size_t y = 0; y < rows.size(); ++y) {
        const std::uint8_t* upper = picture.pixels.data() + rows[y].first * sourceStride;
        const std::uint8_t* lower = picture.pixels.data() + rows[y].second * sourceStride;
        const float share = rows[y].share;
        for (std::size_t i = 0; i < sourceStride; ++i) {
            const auto a = static_cast<float>(upper[i]);
            line[i] = a + share * (static_cast<float>(lower[i]) - a);
        }
        std::uint8_t* out = canvas.pixels.data() + y * stride;
        if (channels == 3)
            mixColumns(line, columns, std::integral_constant<std::size_t, 3>(), out);
        else
            mixColumns(line, columns, channels, out);
    }
    return canvas;
}

std::vector<std::uint8_t> placeLabels(std::span<const std::uint8_t> labels, int width, int height,
                                      const Placement& place, int canvasWidth, int canvasHeight, std::uint8_t rest) {
    std::vector<std::uint8_t> canvas(static_cast<std::size_t>(canvasWidth) * static_cast<std::size_t>(canvasHeight),
                                     rest);
    const auto columns = nearest(place.width, place.scaleX, place.left, place.mirrored, width);
    const auto rows = nearest(place.height, place.scaleY, place.top, false, height);
    for (std::size_t y = 0; y < rows.size(); ++y)
        for (std::size_t x = 0; x < columns.size(); ++x)
            canvas[y * static_cast<std::size_t>(canvasWidth) + x] =
                labels[rows[y] * static_cast<std::size_t>(width) + columns[x]];
    return canvas;
}

}  // namespace vl
