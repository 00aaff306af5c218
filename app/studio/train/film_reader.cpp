// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/train/film_reader.h"

#include <exception>
#include <utility>

#include "engine/api/run_folder.h"

namespace vl {

FilmReader::FilmReader(QObject* parent) : QObject(parent) { pool_.setMaxThreadCount(1); }

FilmReader::~FilmReader() {
    pool_.clear();
    pool_.waitForDone();
}

void FilmReader::read(const std::filesystem::path& folder) {
    const std::uint64_t number = ++newest_;
    pool_.start([this, number, folder] {
        FilmBand::Film film;
        try {
            for (FilmFrame& frame : readFilm(folder))
                film.push_back(std::make_shared<const FilmFrame>(std::move(frame)));
        } catch (const std::exception&) {
            film.clear();  // moved or unmounted: the charts already say what is known of the run
        }
        QMetaObject::invokeMethod(this, [this, number, film = std::move(film)] {
            if (number == newest_) Q_EMIT ready(film);
        });
    });
}

}  // namespace vl
