// SPDX-License-Identifier: Apache-2.0
#include "engine/data/animation.h"
#include "engine/data/video_recorder.h"

namespace vl {

void writeMp4(const std::filesystem::path& file, const Animation& animation, const AnimationProgress& progress) {
    detail::checkAnimation(animation);
    VideoRecorder recorder(file, animation.width, animation.height, animation.framesPerSecond);
    Image last;
    for (std::size_t i = 0; i < animation.frames; ++i) {
        detail::tell(progress, static_cast<double>(i) / static_cast<double>(animation.frames));
        last = detail::frameOf(animation, i);
        recorder.add(last);
    }
    const int held = static_cast<int>(animation.holdLast * animation.framesPerSecond);
    for (int i = 0; i < held; ++i)
        recorder.add(last);
    recorder.finish();
    detail::tell(progress, 1);
}

}  // namespace vl
