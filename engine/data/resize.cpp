// SPDX-License-Identifier: Apache-2.0
#include "engine/data/resize.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "engine/core/error.h"

namespace vl {
namespace {

double cubic(double x) {
    constexpr double a = -0.5;
    x = std::abs(x);
    if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
    if (x < 2) return (((x - 5) * x + 8) * x - 4) * a;
    return 0;
}

/// Weights of the source pixels that make one target pixel.
struct Tap {
    int first = 0;
    std::vector<float> weights;
};

double box(double x) { return x > -0.5 && x <= 0.5 ? 1 : 0; }

/// A kernel and how far from its centre it reaches, in pixels of the smaller picture.
struct Kernel {
    double (*value)(double);
    double reach;
};
constexpr Kernel kBicubic{cubic, 2}, kBox{box, 0.5};

std::vector<Tap> makeTaps(int from, int to, const Kernel& kernel) {
    const double scale = static_cast<double>(from) / to;
    const double stretch = std::max(scale, 1.0);
    std::vector<Tap> taps(static_cast<std::size_t>(to));
    for (int i = 0; i < to; ++i) {
        const double centre = (i + 0.5) * scale;
        const int first = std::max(0, static_cast<int>(centre - kernel.reach * stretch + 0.5));
        const int last = std::min(from, static_cast<int>(centre + kernel.reach * stretch + 0.5));
        auto& tap = taps[static_cast<std::size_t>(i)];
        tap.first = first;
        double sum = 0;
        for (int j = first; j < last; ++j) {
            const double weight = kernel.value((j + 0.5 - centre) / stretch);
            tap.weights.push_back(static_cast<float>(weight));
            sum += weight;
        }
        for (auto& weight : tap.weights) weight = static_cast<float>(weight / sum);
    }
    return taps;
}

/// One pass along an axis. Rounding to bytes between the passes is part of the published behaviour.
/// `step`: distance of neighbours along the axis; `lines` x `inner` samples lie across it.
void resample(const std::uint8_t* from, std::uint8_t* to, const std::vector<Tap>& taps, std::size_t lines, std::size_t fromLine,
              std::size_t toLine, std::size_t step) {
    for (std::size_t line = 0; line < lines; ++line)
        for (std::size_t i = 0; i < taps.size(); ++i)
            for (std::size_t k = 0; k < step; ++k) {
                const auto& tap = taps[i];
                const auto* source = from + line * fromLine + static_cast<std::size_t>(tap.first) * step + k;
                float sum = 0.5f;
                for (std::size_t j = 0; j < tap.weights.size(); ++j) sum += tap.weights[j] * source[j * step];
                to[line * toLine + i * step + k] = static_cast<std::uint8_t>(std::clamp(sum, 0.0f, 255.0f));
            }
}

Image blank(int width, int height, int channels) {
    return {width, height, channels, std::vector<std::uint8_t>(static_cast<std::size_t>(width) * height * channels)};
}

Image resampled(const Image& image, int width, int height, const Kernel& kernel) {
    if (image.width < 1 || image.height < 1 || width < 1 || height < 1)
        throw Error(ErrorCode::Usage, "A picture without pixels cannot be resized.", "Choose another picture.");
    const auto channels = static_cast<std::size_t>(image.channels);
    Image across = image;
    if (width != image.width) {
        across = blank(width, image.height, image.channels);
        resample(image.pixels.data(), across.pixels.data(), makeTaps(image.width, width, kernel), static_cast<std::size_t>(image.height),
                 image.width * channels, width * channels, channels);
    }
    if (height == image.height) return across;
    Image down = blank(width, height, image.channels);
    resample(across.pixels.data(), down.pixels.data(), makeTaps(image.height, height, kernel), 1, 0, 0, width * channels);
    return down;
}

}  // namespace

Image resizeImage(const Image& image, int width, int height) { return resampled(image, width, height, kBicubic); }

Image resizeByBox(const Image& image, int width, int height) { return resampled(image, width, height, kBox); }

Image convertChannels(const Image& image, int channels) {
    if (image.channels == channels) return image;
    Image result = blank(image.width, image.height, channels);
    const std::size_t count = static_cast<std::size_t>(image.width) * image.height;
    if (image.channels == 1 && channels == 3) {
        for (std::size_t i = 0; i < count; ++i) std::memset(&result.pixels[3 * i], image.pixels[i], 3);
    } else if (image.channels == 3 && channels == 1) {
        for (std::size_t i = 0; i < count; ++i) {
            const auto* p = &image.pixels[3 * i];
            result.pixels[i] = static_cast<std::uint8_t>((299 * p[0] + 587 * p[1] + 114 * p[2] + 500) / 1000);
        }
    } else {
        throw Error(ErrorCode::Unsupported, "A picture with " + std::to_string(image.channels) + " channels cannot be given " + std::to_string(channels) + ".",
                    "Use a grey or RGB picture.");
    }
    return result;
}

Image cropImage(const Image& image, int left, int top, int width, int height) {
    Image result = blank(width, height, image.channels);
    const int x0 = std::max(0, -left), x1 = std::min(width, image.width - left);
    if (x1 <= x0) return result;
    for (int y = std::max(0, -top); y < std::min(height, image.height - top); ++y) {
        const auto from = (static_cast<std::size_t>(y + top) * image.width + (x0 + left)) * image.channels;
        const auto to = (static_cast<std::size_t>(y) * width + x0) * image.channels;
        std::memcpy(&result.pixels[to], &image.pixels[from], static_cast<std::size_t>(x1 - x0) * image.channels);
    }
    return result;
}

}  // namespace vl
