// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "engine/api/data_source.h"
#include "engine/core/error.h"
#include "engine/data/resize.h"

namespace vl {
namespace {

/// A square picture hardly smaller than asked (28 px for 32) keeps its pixels and gets a black border: nothing is
/// blurred, and patches of 4 or 8 px fit.
bool wantsBorder(const Image& image, int size) {
    return image.width == image.height && image.width < size && (size - image.width) * 8 <= size;
}

}  // namespace

Image fitImage(const Image& image, int size, int channels, bool warp) {
    const auto expected = static_cast<std::size_t>(std::max(image.width, 0)) * std::max(image.height, 0) * std::max(image.channels, 0);
    if (image.empty() || image.pixels.size() != expected || size < 1)
        throw Error(ErrorCode::Usage, "There is no picture to fit.", "Choose another picture.");
    const auto converted = convertChannels(image, channels);
    if (image.width == size && image.height == size) return converted;
    if (warp) return resizeImage(converted, size, size);
    if (wantsBorder(converted, size)) {
        const int border = (size - image.width) / 2;
        return cropImage(converted, -border, -border, size, size);
    }
    const double scale = static_cast<double>(size) / std::min(image.width, image.height);
    // A strip a million pixels long must not be enlarged whole: cut what the centre crop would drop anyway.
    const int most = std::min(image.width, image.height) * 2 + 2;
    const int width = std::min(image.width, most), height = std::min(image.height, most);
    const auto middle = width == image.width && height == image.height
                            ? converted
                            : cropImage(converted, (image.width - width) / 2, (image.height - height) / 2, width, height);
    const auto scaled = [&](int side) { return std::max(size, static_cast<int>(std::lround(side * scale))); };
    const auto resized = resizeImage(middle, scaled(width), scaled(height));
    return cropImage(resized, (resized.width - size) / 2, (resized.height - size) / 2, size, size);
}

}  // namespace vl
