// SPDX-License-Identifier: Apache-2.0
// Stands in for animation_gif.cpp in builds without giflib.
#include "engine/core/error.h"
#include "engine/data/animation.h"

namespace vl {

void writeGif(const std::filesystem::path&, const Animation&, const AnimationProgress&) {
    throw Error(ErrorCode::Unsupported, "This build has no giflib and cannot write GIF files.",
                "Choose .png or .mp4, or build with giflib (libgif-dev).");
}

}  // namespace vl
