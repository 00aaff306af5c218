// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "engine/train/film_keeper.h"
#include "engine/train/train_task.h"

namespace vl {

/// The film of a dense run: overlays of the first validation pictures, the same ones at every evaluation.
class OverlayFilm {
public:
    OverlayFilm(std::filesystem::path runFolder, int shown) : film_(std::move(runFolder)), shown_(shown) {}

    bool wants(std::int64_t picture) const { return picture < shown_; }
    /// Fits `overlay` into a square cell.
    void add(const Image& overlay);
    /// The cells since the last one become the frame of this evaluation.
    void finish(const RunPoint& at);
    /// Drops cells of an evaluation that was given up.
    void discard() { cells_.clear(); }
    std::vector<std::shared_ptr<const FilmFrame>> take() { return film_.take(); }
    void resumeAt(std::int64_t step) { film_.resumeAt(step); }

private:
    FilmKeeper film_;
    int shown_;
    std::vector<Image> cells_;
};

}  // namespace vl
