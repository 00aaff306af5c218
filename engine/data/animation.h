// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>

#include "engine/api/types.h"

namespace vl {

/// Pictures of one size, shown one after the other.
struct Animation {
    int width = 0, height = 0, channels = 1;
    std::size_t frames = 0;
    std::function<Image(std::size_t)> frame;  ///< asked for in order, by writeGif twice
    int framesPerSecond = 10;
    double holdLast = 1.5;                    ///< seconds the last frame stays longer than the others
};

/// Told the share done; false cancels.
using AnimationProgress = std::function<bool(double)>;

/// Writes over `file`, which may remain incomplete after an error. Loops for ever. Grey pictures are exact, colours too
/// while the film has at most 256 of them; more are reduced to one palette for the whole film and dithered by place,
/// so that what stands still does not flicker. Only what changed is stored. Throws Error(Unsupported) in builds without
/// giflib, Error(Cancelled | BadFile | Usage).
void writeGif(const std::filesystem::path& file, const Animation& animation, const AnimationProgress& progress = {});
/// The same as MPEG-4 video (.mp4); odd sizes grow by a pixel. Throws Error(Unsupported) in builds without OpenCV's
/// video part or where it has no encoder.
void writeMp4(const std::filesystem::path& file, const Animation& animation, const AnimationProgress& progress = {});

namespace detail {
/// Throws Error(Usage) for an animation without pictures, a rate outside 1..100 or sizes outside 1..16384.
void checkAnimation(const Animation& animation);
/// The frame, if it is of the announced size. Throws Error(Usage).
Image frameOf(const Animation& animation, std::size_t index);
/// Throws Error(Cancelled) when told to.
void tell(const AnimationProgress& progress, double share);
}  // namespace detail

}  // namespace vl
