// SPDX-License-Identifier: Apache-2.0
#include "engine/data/latent_picture.h"

#include <algorithm>
#include <cmath>

#include "engine/core/error.h"
#include "engine/data/resize.h"

namespace vl {
namespace {

/// Enlarging the short side of a longer strip would make more pixels than any picture has.
constexpr int kLongestStrip = 64;

}  // namespace

Image latentPicture(const Image& image, int size) {
    if (image.empty() || size < 1)
        throw Error(ErrorCode::Usage, "There is no picture to encode.", "Choose another picture.");
    if (std::max(image.width, image.height) / std::min(image.width, image.height) > kLongestStrip)
        throw Error(ErrorCode::BadFile,
                    "A strip of " + std::to_string(image.width) + " x " + std::to_string(image.height) +
                        " pixels cannot be cropped to a square.",
                    "Crop it first.");
    Image picture = convertChannels(image, 3);
    while (std::min(picture.width, picture.height) >= 2 * size)
        picture = resizeByBox(picture, picture.width / 2, picture.height / 2);
    const double scale = static_cast<double>(size) / std::min(picture.width, picture.height);
    // Half to even, as the published pipeline rounds.
    const auto scaled = [&](int side) { return std::max(size, static_cast<int>(std::nearbyint(side * scale))); };
    picture = resizeImage(picture, scaled(picture.width), scaled(picture.height));
    return cropImage(picture, (picture.width - size) / 2, (picture.height - size) / 2, size, size);
}

Image mirrored(const Image& image) {
    Image result = image;
    const auto channels = static_cast<std::ptrdiff_t>(image.channels), row = image.width * channels;
    for (std::ptrdiff_t y = 0; y < image.height; ++y)
        for (std::ptrdiff_t x = 0; x < image.width; ++x)
            std::copy_n(image.pixels.begin() + y * row + (image.width - 1 - x) * channels, channels,
                        result.pixels.begin() + y * row + x * channels);
    return result;
}

}  // namespace vl
