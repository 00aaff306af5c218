// SPDX-License-Identifier: Apache-2.0
// Stands in for animation_video.cpp in builds without OpenCV's video part.
#include "engine/core/error.h"
#include "engine/data/animation.h"

namespace vl {

void writeMp4(const std::filesystem::path&, const Animation&, const AnimationProgress&) {
    throw Error(ErrorCode::Unsupported, "This build cannot write MPEG-4 video.",
                "Choose .gif or .png, or build with OpenCV (libopencv-dev).");
}

}  // namespace vl
