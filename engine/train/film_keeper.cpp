// SPDX-License-Identifier: Apache-2.0
#include "engine/train/film_keeper.h"

#include <utility>

#include "engine/api/run_folder.h"
#include "engine/data/film_file.h"

namespace vl {

FilmKeeper::FilmKeeper(std::filesystem::path runFolder) : folder_(std::move(runFolder)) {}

void FilmKeeper::add(FilmFrame frame) {
    frame.file = appendFilmFrame(folder_, frame);
    news_.push_back(std::make_shared<const FilmFrame>(std::move(frame)));
}

std::vector<std::shared_ptr<const FilmFrame>> FilmKeeper::take() { return std::exchange(news_, {}); }

void FilmKeeper::resumeAt(std::int64_t step) {
    cutFilm(folder_, step);
    news_.clear();
    for (FilmFrame& frame : readFilm(folder_))
        news_.push_back(std::make_shared<const FilmFrame>(std::move(frame)));
}

}  // namespace vl
