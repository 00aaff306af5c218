// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "engine/api/types.h"
#include "engine/data/video_frames.h"

namespace vl::cli {

/// A picture that a command is to look at.
struct DenseInput {
    std::string name;   ///< as typed, or "clip.mp4 frame 12"
    std::string label;  ///< for file names: "cat", "clip-00012"
    Image picture;      ///< RGB
};

/// The pictures a person named one after the other: files, all of a folder by name, every n-th frame of a video.
class DenseInputs {
public:
    /// Throws Error(NotFound) for a path that is not there, Error(BadFile) for a folder without pictures.
    DenseInputs(const std::vector<std::string>& paths, int everyFrame);

    /// Throws Error for one that cannot be read; the next call goes on with the one after it.
    std::optional<DenseInput> next();
    /// How many there are in all, estimated for videos.
    std::int64_t count() const;
    /// How many were given or could not be read.
    std::int64_t taken() const { return taken_; }
    /// One picture file and nothing else.
    bool single() const { return single_; }
    /// The one video that was named, if nothing else was; its rate is that of what next() gives.
    bool film() const { return film_; }
    double framesPerSecond() const { return rate_; }

private:
    std::optional<DenseInput> nextFrame();

    std::vector<std::filesystem::path> files_;
    std::size_t at_ = 0;
    std::optional<VideoFrames> video_;
    std::filesystem::path videoFile_;
    int every_ = 1;
    std::int64_t taken_ = 0, videoPictures_ = 0, videoTaken_ = 0;
    bool single_ = false, film_ = false;
    double rate_ = 0;
};

/// Names of files in one folder, never one twice: "cat", "cat-2".
class UniqueNames {
public:
    std::string take(const std::string& label);

private:
    std::vector<std::string> taken_;
};

}  // namespace vl::cli
