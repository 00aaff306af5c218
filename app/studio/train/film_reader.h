// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>

#include <QObject>
#include <QThreadPool>

#include "widgets/film_band.h"

namespace vl {

/// Reads the film of a run folder off the GUI thread; only the newest question is answered. A folder without a film, or
/// one that cannot be read, answers with none.
class FilmReader : public QObject {
    Q_OBJECT
public:
    explicit FilmReader(QObject* parent = nullptr);
    ~FilmReader() override;

    void read(const std::filesystem::path& folder);
    /// Drops the answer under way.
    void forget() { ++newest_; }
    void wait() { pool_.waitForDone(); }

Q_SIGNALS:
    void ready(const vl::FilmBand::Film& film);

private:
    std::uint64_t newest_ = 0;
    QThreadPool pool_;
};

}  // namespace vl
