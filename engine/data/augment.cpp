// SPDX-License-Identifier: Apache-2.0
#include "engine/data/augment.h"

#include <algorithm>

#include "engine/api/types.h"

namespace vl {
Transform::Transform(const TransformOptions& options, int size, int channels) : options_(options), size_(size), channels_(channels) {
    const bool colours = options.imagenetColours && channels == 3;
    for (std::size_t channel = 0; channel < normalised_.size(); ++channel) {
        const double mean = colours ? kImagenetMean[channel] : options.mean;
        const double std = colours ? kImagenetStd[channel] : options.std;
        for (int value = 0; value < 256; ++value)
            normalised_[channel][static_cast<std::size_t>(value)] = static_cast<float>((value / 255.0 - mean) / std);
    }
}

void Transform::augmented(const std::uint8_t* pixels, float* out, const RandomStream& random, std::int64_t sample) const {
    const SampleDraws draws(random, sample);
    const auto shifts = static_cast<std::uint64_t>(2 * options_.pad + 1);
    const int left = static_cast<int>(draws.left(shifts)) - options_.pad;
    const int top = static_cast<int>(draws.top(shifts)) - options_.pad;
    const bool mirror = options_.flip && draws.mirror();
    apply(pixels, out, left, top, mirror);
}

void Transform::apply(const std::uint8_t* pixels, float* out, int left, int top, bool mirror) const {
    const int x0 = std::clamp(-left, 0, size_), x1 = std::clamp(size_ - left, x0, size_);
    for (int channel = 0; channel < channels_; ++channel) {
        const Table& normalised = normalised_[static_cast<std::size_t>(channel) % normalised_.size()];
        const float black = normalised[0];
        for (int y = 0; y < size_; ++y, out += size_) {
            const int row = y + top;
            if (row < 0 || row >= size_) {
                std::fill_n(out, size_, black);
                continue;
            }
            const auto* source = pixels + (static_cast<std::ptrdiff_t>(row) * size_ + left) * channels_ + channel;
            std::fill_n(out, x0, black);
            for (int x = x0; x < x1; ++x) out[x] = normalised[source[static_cast<std::ptrdiff_t>(x) * channels_]];
            std::fill(out + x1, out + size_, black);
            if (mirror) std::reverse(out, out + size_);
        }
    }
}

}  // namespace vl
