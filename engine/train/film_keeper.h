// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "engine/api/types.h"

namespace vl {

/// Samples of a run over its training time: one picture file a frame in <run>/samples, listed in samples/film.jsonl.
class FilmKeeper {
public:
    explicit FilmKeeper(std::filesystem::path runFolder);

    /// Writes the frame; its cells must be of one size, sorted by label. Sets its file. Throws Error(BadFile).
    void add(FilmFrame frame);
    /// Frames since the last call, those of earlier sessions first.
    std::vector<std::shared_ptr<const FilmFrame>> take();
    /// Later frames are void: the run will draw them again.
    void resumeAt(std::int64_t step);

private:
    std::filesystem::path folder_;
    std::vector<std::shared_ptr<const FilmFrame>> news_;
};

}  // namespace vl
