// SPDX-License-Identifier: GPL-3.0-or-later
// The part of the Train view that only runs of denoisers have: the film and the loss by time.
#include "app/studio/shell/engine_link.h"
#include "app/studio/shell/image_conversion.h"
#include "app/studio/shell/run_store.h"
#include "app/studio/shell/selection.h"
#include "app/studio/train/film_reader.h"
#include "app/studio/train/film_strip.h"
#include "app/studio/train/train_charts.h"
#include "app/studio/train/train_view.h"
#include "engine/data/fashion_mnist.h"

namespace vl {

void TrainView::connectFilm() {
    filmReader_ = new FilmReader(this);
    connect(filmReader_, &FilmReader::ready, this, [this](const FilmBand::Film& film) {
        film_->band().setEmptyText(tr("This run keeps no film: it drew no samples while it trained."));
        film_->setFilm(film);
    });
    connect(&context_.link, &EngineLink::filmAdded, this, &TrainView::onFilm);
    connect(&film_->band(), &FilmBand::pointed, this, &TrainView::showFilmFrame);
    connect(film_, &FilmStrip::opened, this, &TrainView::openSample);
    connect(&charts_->stack().axis(), &ChartAxis::cursorChanged, this, [this] {
        if (!pointing_ && denoiser_) film_->band().setCursorStep(charts_->cursorStep());
    });
}

void TrainView::refreshSide() {
    validation_->setVisible(!denoiser_);
    tableBox_->setVisible(!denoiser_ && wide_);
    film_->setVisible(denoiser_);
}

void TrainView::onFilm() {
    if (asleep() || !denoiser_ || !run_ || !run_->live) return;
    refreshFilm();
}

void TrainView::refreshFilm() {
    if (!run_ || !denoiser_) {
        filmFolder_.clear();
        filmReader_->forget();
        film_->setFilm({});
        return;
    }
    film_->setClassNames(classNamesOf(*run_));
    refreshEvaluations();
    const RunRows rows = rowsOf(context_, *run_);
    if (run_->live) {
        filmFolder_.clear();
        filmReader_->forget();
        film_->band().setEmptyText(rows.settings.generate.filmClasses > 0
                                       ? tr("The first evaluation draws samples here; every later one adds a column.")
                                       : tr("This run draws no samples: its film classes are 0."));
        film_->setFilm(context_.link.film());
        return;
    }
    if (filmFolder_ == run_->folder && filmEvals_ == rows.evals->size()) return;
    if (filmFolder_ != run_->folder) {
        film_->band().setEmptyText(tr("Reading the film…"));
        film_->setFilm({});
    }
    filmFolder_ = run_->folder;
    filmEvals_ = rows.evals->size();
    filmReader_->read(run_->folder);
}

void TrainView::refreshEvaluations() {
    const std::vector<EvalMetrics>& evals = *rowsOf(context_, *run_).evals;
    const EvalMetrics* found[2] = {nullptr, nullptr};
    int count = 0;
    for (auto row = evals.rbegin(); row != evals.rend() && count < 2; ++row)
        if (!row->bucketLoss.empty()) found[count++] = &*row;
    film_->setEvaluations(found[0], found[1], run_->series);
}

QStringList TrainView::classNamesOf(const StoredRun& run) const {
    std::vector<std::string> names;
    if (!run.record.checkpoints.empty()) names = run.record.checkpoints.front().classNames;
    if (names.empty() && rowsOf(context_, run).settings.data.dataset == "fashion-mnist") names = fashionMnistClasses();
    QStringList out;
    for (const std::string& name : names)
        out << QString::fromStdString(name);
    return out;
}

void TrainView::showFilmFrame(int frame) {
    const auto& film = film_->band().film();
    pointing_ = true;
    if (frame >= 0 && frame < int(film.size()))
        charts_->showStep(film[std::size_t(frame)]->step);
    else
        charts_->stack().axis().setCursor(std::nullopt);
    pointing_ = false;
}

void TrainView::openSample() {
    const QImage picture = film_->band().picture();
    if (picture.isNull()) return;
    SelectedImage image;
    image.name = film_->band().words();
    image.image = fromQImage(picture);
    context_.selection.setImage(std::move(image));
    context_.showView("inspect");
}

}  // namespace vl
