// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>

#include "engine/api/types.h"

namespace vl {

/// A frame of `classes` times `each` grey pictures of `pixels`: a disc that grows out of noise as the steps go, of
/// another size for every class and seed.
inline std::shared_ptr<const FilmFrame> madeUpFrame(std::int64_t step, int classes, int each, int pixels = 32) {
    auto frame = std::make_shared<FilmFrame>();
    frame->step = step;
    frame->epoch = double(step) / 100;
    frame->guidance = 4;
    const double sharp = std::min(1.0, double(step) / 1500);
    std::uint32_t noise = 7;
    for (int label = 0; label < classes; ++label)
        for (int seed = 0; seed < each; ++seed) {
            Image cell{pixels, pixels, 1, {}};
            const double radius = pixels * (0.18 + 0.025 * label + 0.03 * seed), middle = (pixels - 1) / 2.0;
            for (int y = 0; y < pixels; ++y)
                for (int x = 0; x < pixels; ++x) {
                    noise = noise * 1664525u + 1013904223u;
                    const double inside = std::hypot(x - middle, y - middle) < radius ? 210 - 8.0 * label : 0;
                    cell.pixels.push_back(std::uint8_t(sharp * inside + (1 - sharp) * double(noise >> 24)));
                }
            frame->cells.push_back(std::move(cell));
            frame->labels.push_back(label);
        }
    return frame;
}

}  // namespace vl
