// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "engine/api/types.h"

namespace vl {

/// Whether a file's name ends as those of videos do (.mp4, .avi, .mkv, .gif ...).
bool isVideoName(const std::filesystem::path& file);

/// The pictures of a video one after the other. For one thread.
class VideoFrames {
public:
    /// Throws Error(NotFound | BadFile), Error(Unsupported) in builds without OpenCV's video part. `maxPixels` guards
    /// against frames that fill the memory.
    static VideoFrames open(const std::filesystem::path& file, std::int64_t maxPixels = 100'000'000);

    /// RGB; nothing after the last one. A damaged or truncated file gives what it has, and problem() then says so.
    std::optional<Image> next();
    /// Passes over a frame without keeping it; false after the last one.
    bool skip();
    /// As the file announces; 0: unknown. Files without an index estimate it from their length.
    std::int64_t frames() const { return frames_; }
    double framesPerSecond() const { return rate_; }  ///< 0: unknown
    std::int64_t given() const { return given_; }     ///< frames passed so far, skipped ones included
    /// One sentence once the end came well before the announced one; empty otherwise.
    const std::string& problem() const { return problem_; }

private:
    VideoFrames() = default;
    bool fetch();

    std::filesystem::path file_;
    std::shared_ptr<void> reader_;
    std::int64_t frames_ = 0, given_ = 0, maxPixels_ = 0;
    double rate_ = 0;
    std::optional<Image> first_;  ///< read by open(), so that what cannot be decoded is refused there
    Image frame_;
    bool ended_ = false;
    std::string problem_;
};

}  // namespace vl
