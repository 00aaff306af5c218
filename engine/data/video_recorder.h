// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "engine/api/types.h"

namespace vl {

/// Writes pictures of one size into a video, MPEG-4 (.mp4) or Motion JPEG (.avi). Odd sizes grow by a pixel. Writes over
/// `file`, which is complete only after finish().
class VideoRecorder {
public:
    /// Throws Error(Unsupported) in builds without OpenCV's video part or where it has no encoder, Error(Usage) for
    /// sizes outside 1..16384 or a rate outside 1..1000.
    VideoRecorder(std::filesystem::path file, int width, int height, double framesPerSecond);
    /// Grey or RGB. Throws Error(Mismatch) for another size.
    void add(const Image& picture);
    /// Throws Error(BadFile) when nothing could be written.
    void finish();

private:
    std::filesystem::path file_;
    int width_, height_;
    std::shared_ptr<void> writer_;
    std::vector<std::uint8_t> even_;
};

}  // namespace vl
