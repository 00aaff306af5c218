// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/api/dense.h"

namespace vl {

/// A video being read, frame by frame.
struct FrameReader {
    std::function<std::optional<Image>()> next;
    std::function<bool()> skip;           ///< passes over a frame; false at the end
    std::int64_t frames = 0;              ///< 0: unknown
    std::function<std::string()> problem; ///< one sentence after a premature end; empty otherwise
};

/// How pictures come into the program; tests bring their own.
struct PictureReaders {
    std::function<Image(const std::filesystem::path&)> picture;
    std::function<bool(const std::filesystem::path&)> isVideo;
    std::function<FrameReader(const std::filesystem::path&)> video;
};
/// The real ones.
PictureReaders pictureReaders();

/// The pictures of a request one after the other: a pasted one, a file, a folder's in the order of their names, or the
/// frames of a video. For one thread.
class PictureSource {
public:
    struct Item {
        std::string name;
        std::filesystem::path file;       ///< empty: pasted or a frame
        Image image;                      ///< RGB; empty: it could not be read
        std::string problem, advice;
    };

    /// Throws Error(NotFound | BadFile | Usage) when there is nothing to read at all.
    PictureSource(const DenseRequest& request, PictureReaders readers);
    /// Pictures to come and gone, as far as it is known: 0 for a video that does not say.
    std::int64_t all() const { return all_; }
    /// A picture that cannot be read says so in its item; nothing after the last one.
    std::optional<Item> next();

private:
    std::optional<Item> nextFrame();

    PictureReaders readers_;
    std::optional<Item> pasted_;
    std::vector<std::filesystem::path> files_;
    std::size_t at_ = 0;
    FrameReader video_;
    int step_ = 1;
    std::int64_t frame_ = 0, all_ = 0;
};

}  // namespace vl
