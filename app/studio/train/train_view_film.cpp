// SPDX-License-Identifier: GPL-3.0-or-later
// The part of the Train view that runs of all but classifiers have: the film, and the loss by time or the score by class.
#include "app/studio/shell/engine_link.h"
#include "app/studio/shell/image_conversion.h"
#include "app/studio/shell/run_store.h"
#include "app/studio/shell/selection.h"
#include "app/studio/train/film_reader.h"
#include "app/studio/train/film_strip.h"
#include "app/studio/train/task_score.h"
#include "app/studio/train/train_charts.h"
#include "app/studio/train/train_view.h"
#include "engine/data/fashion_mnist.h"

namespace vl {

void TrainView::connectFilm() {
    filmReader_ = new FilmReader(this);
    connect(filmReader_, &FilmReader::ready, this, [this](const FilmBand::Film& film) {
        film_->band().setEmptyText(tr("This run keeps no film: it drew no pictures while it trained."));
        film_->setFilm(film);
    });
    connect(&context_.link, &EngineLink::filmAdded, this, &TrainView::onFilm);
    connect(&film_->band(), &FilmBand::pointed, this, &TrainView::showFilmFrame);
    connect(film_, &FilmStrip::opened, this, &TrainView::openSample);
    connect(&charts_->stack().axis(), &ChartAxis::cursorChanged, this, [this] {
        if (!pointing_ && filmed_) film_->band().setCursorStep(charts_->cursorStep());
    });
}

void TrainView::refreshSide() {
    validation_->setVisible(!filmed_);
    tableBox_->setVisible(!filmed_ && wide_);
    film_->setVisible(filmed_);
}

void TrainView::onFilm() {
    if (asleep() || !filmed_ || !run_ || !run_->live) return;
    refreshFilm();
}

void TrainView::refreshFilm() {
    if (!run_ || !filmed_) {
        filmFolder_.clear();
        filmReader_->forget();
        film_->setFilm({});
        return;
    }
    film_->setTask(shownTask(), classNamesOf(*run_));
    refreshEvaluations();
    const RunRows rows = rowsOf(context_, *run_);
    if (run_->live) {
        filmFolder_.clear();
        filmReader_->forget();
        const bool draws = shownTask() == ModelTask::Generate ? rows.settings.generate.filmClasses > 0
                                                              : rows.settings.dense.shown > 0;
        film_->band().setEmptyText(draws
                                       ? tr("The first evaluation draws pictures here; every later one adds a column.")
                                         : tr("This run draws no pictures: it was told to show none."));
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
        if (!partsOf(shownTask(), *row).empty()) found[count++] = &*row;
    film_->setEvaluations(shownTask(), found[0], found[1], run_->series);
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
