// SPDX-License-Identifier: Apache-2.0
#include "engine/data/animation.h"

#include "engine/core/error.h"

namespace vl::detail {

void checkAnimation(const Animation& animation) {
    constexpr int kMostSide = 16384;
    const bool sound = animation.frames > 0 && animation.frame && animation.width > 0 && animation.height > 0 &&
                       animation.width <= kMostSide && animation.height <= kMostSide &&
                       (animation.channels == 1 || animation.channels == 3);
    if (!sound) throw Error(ErrorCode::Usage, "There are no pictures to animate.", "Generate some first.");
    if (animation.framesPerSecond < 1 || animation.framesPerSecond > 100)
        throw Error(ErrorCode::Usage, "An animation cannot show " + std::to_string(animation.framesPerSecond) +
                    " frames a second.", "Choose 1 to 100.");
}

Image frameOf(const Animation& animation, std::size_t index) {
    Image image = animation.frame(index);
    if (image.width != animation.width || image.height != animation.height || image.channels != animation.channels ||
        image.pixels.size() != static_cast<std::size_t>(image.width) * image.height * image.channels)
        throw Error(ErrorCode::Usage, "The pictures of an animation differ in size.", "Generate the grid again.");
    return image;
}

void tell(const AnimationProgress& progress, double share) {
    if (progress && !progress(share)) throw Error(ErrorCode::Cancelled, "The animation was cancelled.");
}

}  // namespace vl::detail
