// SPDX-License-Identifier: GPL-3.0-or-later
// What the Train view shows: which run, its numbers, its pictures. How it is laid out stands in train_view.cpp.
#include "app/studio/train/train_view.h"

#include <cmath>
#include <utility>

#include "app/studio/shell/engine_link.h"
#include "app/studio/shell/run_store.h"
#include "app/studio/shell/selection.h"
#include "app/studio/train/gallery_grid.h"
#include "app/studio/train/new_run_page.h"
#include "app/studio/train/sample_table.h"
#include "app/studio/train/task_score.h"
#include "app/studio/train/train_charts.h"
#include "app/studio/train/train_header.h"
#include "app/studio/train/train_properties.h"
#include "engine/api/model_spec.h"
#include "engine/core/error.h"

namespace vl {

bool TrainView::asleep() {
    if (active_) return false;
    stale_ = true;
    return true;
}

void TrainView::setActive(bool active) {
    View::setActive(active);
    if (active && stale_) {
        changeRun();
        onGallery();
    }
}

QWidget* TrainView::properties() { return panel_; }

TrainView::Page TrainView::page() const { return Page(pages_->currentIndex()); }
void TrainView::showPage(Page page) { pages_->setCurrentIndex(int(page)); }

std::shared_ptr<StoredRun> TrainView::shownRun() const {
    if (auto chosen = context_.runs.find(context_.selection.run()); chosen && !context_.selection.run().empty())
        return chosen;
    for (const auto& run : context_.runs.runs())
        if (run->live) return run;
    return nullptr;
}

ModelTask TrainView::shownTask() const {
    return run_ ? taskOf(rowsOf(context_, *run_).settings) : ModelTask::Classify;
}

void TrainView::changeRun() {
    if (asleep()) return;
    stale_ = false;
    const auto next = shownRun();
    const bool same = next == run_;
    run_ = next;
    const bool before = std::exchange(filmed_, run_ && shownTask() != ModelTask::Classify);
    if (!same || before != filmed_ || side_->isHidden() == (run_ && (run_->live || filmed_))) onGallery();
    refreshFilm();
    if (run_) {
        charts_->rebuild(run_);
        refreshHeader();
        refreshNumbers();
        refreshProperties(same);
        charts_->tick();
    }
    showPage(wantsNewRun_ ? Page::NewRun : run_ ? Page::Run : Page::Empty);
    panel_->setEmpty(run_ == nullptr);
}

void TrainView::onMetrics(std::size_t firstStep, std::size_t firstEval) {
    if (asleep()) return;
    charts_->appendLive(firstStep, firstEval);
    refreshNumbers();
    if (filmed_ && run_ && run_->live) refreshEvaluations();
    charts_->tick();
}

void TrainView::onStatus() {
    if (asleep()) return;
    if (!run_ && shownRun()) return changeRun();
    if (!run_ || !run_->live) return;
    refreshHeader();
    refreshNumbers();
    const bool live = isActive(context_.link.status().state);
    if (live != panel_->property("live").toBool()) refreshProperties(true);
}

void TrainView::onEvents(std::size_t first) {
    if (asleep() || !run_ || !run_->live) return;
    charts_->refreshEvents();
    panel_->setEvents(context_.link.events());
    const auto& events = context_.link.events();
    for (std::size_t i = first; i < events.size(); ++i)
        if (events[i].kind == RunEventKind::Edit) {
            // The engine's own word that an edit took effect: the form now measures against what it says.
            panel_->pending().setAsked(false);
            refreshProperties(true);
            break;
        }
    charts_->tick();
}

void TrainView::refreshProperties(bool keepEdits) {
    if (!run_) return;
    const RunRows rows = rowsOf(context_, *run_);
    panel_->setRun(rows, run_->live, keepEdits);
    panel_->setEvents(*rows.events);
    panel_->setProperty("live", run_->live && isActive(rows.state));
}

void TrainView::refreshHeader() {
    const RunRows rows = rowsOf(context_, *run_);
    header_->setRun(
        run_->name,
        tr("%1, seed %2").arg(QString::fromStdString(rows.settings.model.preset)).arg(rows.settings.train.seed));
}

void TrainView::refreshNumbers() {
    if (!run_) return;
    using H = TrainHeader;
    const RunRows rows = rowsOf(context_, *run_);
    const QString none = QStringLiteral("–");
    const auto loss = charts_->smoothedLoss();
    header_->setNumber(H::Loss, loss ? QString::number(*loss, 'f', 3) : none, {});
    const TaskScore score = taskScore(shownTask());
    const QString reached = scoreText(shownTask(), *rows.evals);
    header_->setNumberName(H::Accuracy, score.name);
    header_->setNumber(H::Accuracy, reached, reached == none ? QString() : score.unit);
    const bool any = !rows.steps->empty();
    const StepMetrics last = any ? rows.steps->back() : StepMetrics();
    const double speed = run_->live && context_.link.status().imagesPerSecond > 0
                             ? context_.link.status().imagesPerSecond
                             : last.imagesPerSecond;
    header_->setNumber(H::Throughput, speed > 0 ? countText(speed) : none, speed > 0 ? tr("img/s") : QString());
    const double stepMs = speed > 0 ? rows.settings.data.batch / speed * 1000 : 0;
    header_->setNumber(H::StepTime, stepMs > 0 ? QString::number(stepMs, 'f', stepMs < 10 ? 1 : 0) : none,
                       stepMs > 0 ? tr("ms") : QString());
    const double epochs =
        rows.stepsPerEpoch > 0 ? double(rows.totalSteps) / double(rows.stepsPerEpoch) : rows.settings.train.epochs;
    header_->setNumber(H::Epoch, any ? QString::number(last.epoch, 'f', 1) : none,
                       epochs > 0 ? tr("of %1").arg(epochs, 0, 'f', epochs == std::floor(epochs) ? 0 : 1) : QString());
    const double left = run_->live && isActive(rows.state) ? context_.link.status().secondsLeft : 0;
    header_->setNumber(H::TimeLeft, left > 0 ? durationText(left) : none,
                       left <= 0      ? QString()
                       : left >= 3600 ? tr("h, est.")
                                      : tr("min, est."));
    header_->setNumber(H::GradientNorm, any ? QString::number(last.gradNorm, 'f', 3) : none, {});
    const double memory = context_.link.engine().machine().memoryUsedGb;
    header_->setNumber(H::Memory, memory > 0 ? QString::number(memory, 'f', 1) : none,
                       memory > 0 ? tr("GB") : QString());
    if (speed > 0) {
        try {
            newRun_->setPace(MeasuredPace{speed, findPreset(rows.settings.model.preset).macs(),
                                          QString::fromStdString(rows.settings.model.preset)});
        } catch (const Error&) {
            // A run of a model this program no longer knows gives no pace to go by.
        }
    }
}

void TrainView::onGallery() {
    if (asleep()) return;
    // The pictures are the live run's; beside another run they would mislead.
    const bool live = run_ && run_->live;
    const auto gallery = live && !filmed_ ? context_.link.gallery() : nullptr;
    side_->setVisible(live || filmed_);
    refreshSide();
    gallery_->setGallery(gallery);
    samples_->setGallery(gallery);
    if (!gallery) {
        galleryPlace_->clear();
        galleryCount_->clear();
        return;
    }
    galleryPlace_->setText(
        tr("step %1, epoch %2: wrong first").arg(countText(double(gallery->step))).arg(gallery->epoch, 0, 'f', 1));
    galleryCount_->setText(
        tr("%1 wrong of %2").arg(countText(double(gallery->wrong)), countText(double(gallery->total))));
}

void TrainView::chooseSample(int index) {
    const auto gallery = samples_->gallery();
    if (!gallery || index < 0 || index >= int(gallery->samples.size())) return;
    const GallerySample& sample = gallery->samples[std::size_t(index)];
    SelectedImage image;
    image.name = tr("test/%1").arg(sample.index, 5, 10, QLatin1Char('0'));
    image.image = sample.image;
    image.label = sample.label;
    image.labelName = className(*gallery, sample.label);
    context_.selection.setImage(std::move(image));
}

void TrainView::showNewRun() {
    wantsNewRun_ = true;
    newRun_->refresh();
    showPage(Page::NewRun);
}

void TrainView::newRunFrom(const RunSettings& settings) {
    showNewRun();
    newRun_->setSettings(settings, tr("Settings of %1").arg(QString::fromStdString(settings.name)));
}

}  // namespace vl
