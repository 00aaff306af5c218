// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include <QLocale>
#include <QPushButton>

#include "app/studio/generate/generate_view.h"
#include "app/studio/shell/action_registry.h"
#include "app/studio/shell/engine_link.h"
#include "app/studio/shell/studio_settings.h"

namespace vl {

void GenerateView::connectFeed() {
    connect(&feed_, &GenerationFeed::replaced, this, [this] {
        shown_ = {};
        takeShown();
    });
    connect(&feed_, &GenerationFeed::planned, this, &GenerateView::onPlan);
    connect(&feed_, &GenerationFeed::framesAdded, this, &GenerateView::onFrames);
    connect(&feed_, &GenerationFeed::statusChanged, this, &GenerateView::onStatus);
    connect(&feed_, &GenerationFeed::ended, this, &GenerateView::onEnded);
    connect(&feed_, &GenerationFeed::answered, this, [this] { panel_->sample().setAnswer(feed_.answer()); });
}

void GenerateView::generate() {
    if (!whyNoGenerate().isEmpty()) return;
    auto request = panel_->form().request(true);
    if (!request) return;
    request->resultsFolder = results_.folder();
    follow_ = true;
    feed_.ask(std::move(*request));
    context_.showView(id());
}

void GenerateView::onPlan() {
    if (!feed_.plan() || !feed_.request()) return;
    const GenerationPlan& plan = *feed_.plan();
    shown_ = {};
    shown_.live = true;
    shown_.record = recordOf(plan, *feed_.request());
    shown_.noise = plan.noise;
    shown_.classNames = plan.classNames;
    shown_.frames = feed_.frames();
    shown_.previewEvery = feed_.request()->previewEvery;
    follow_ = true;
    takeShown();
}

void GenerateView::onFrames() {
    if (!shown_.live) return;
    shown_.frames = feed_.frames();
    if (follow_ || frame_ < 0) frame_ = static_cast<int>(shown_.frames.size()) - 1;
    refreshFrame();
}

void GenerateView::onStatus() {
    const GenerationStatus& status = feed_.status();
    header_->setState(status.state);
    if (status.previewShare > 0) panel_->form().setPreviewShare(status.previewShare);
    refreshProgress();
    refreshPage();
    refreshGenerate();
    context_.actions.refresh();
}

void GenerateView::onEnded() {
    const GenerationStatus& status = feed_.status();
    if (shown_.live && !status.folder.empty()) {
        shown_.folder = status.folder;
        history_->setOpen(status.folder);
    }
    if (status.state == GenerationState::Failed)
        context_.report(QStringLiteral("error"), QString::fromStdString(status.problem),
                        QString::fromStdString(status.advice));
    else if (status.state == GenerationState::Stopped && !status.problem.empty())
        context_.report(QStringLiteral("info"), QString::fromStdString(status.problem),
                        QString::fromStdString(status.advice));
    if (status.state == GenerationState::Finished) results_.list();
    refreshFrame();
}

void GenerateView::refreshProgress() {
    const GenerationStatus& status = feed_.status();
    const auto here = [&]() -> QString {
        if (!shown_.live && !shown_.empty())
            return feed_.active() ? tr("another grid is being made") : fromPath(shown_.folder.filename());
        const QString left = status.secondsLeft > 0
                                 ? tr(", about %1 s left").arg(static_cast<int>(std::ceil(status.secondsLeft)))
                                 : QString();
        const QString at = tr("step %1 of %2").arg(status.step).arg(status.totalSteps);
        switch (status.state) {
            case GenerationState::Loading:
                return tr("Loading the model, %1 %").arg(static_cast<int>(status.share * 100));
            case GenerationState::Running:
                return at + left;
            case GenerationState::Paused:
                return tr("Paused at ") + at;
            case GenerationState::Saving:
                return tr("Saving…");
            case GenerationState::Finished:
                return status.folder.empty() ? tr("Done") : tr("Done, %1").arg(fromPath(status.folder.filename()));
            case GenerationState::Stopped:
                return tr("Stopped at ") + at;
            case GenerationState::Failed:
                return tr("Failed");
            default:
                return {};
        }
    };
    header_->setProgress(here());
    for (int row = 0; row < shown_.record.grid.rows; ++row) {
        const int cell = row * shown_.record.grid.columns, all = shown_.stepsOf(cell);
        const bool ended = status.state == GenerationState::Finished || status.state == GenerationState::Saving;
        const double share = !shown_.live || ended ? 1 : all > 0 ? std::min(1.0, double(status.step) / all) : 0;
        grid_->setRowShare(row, share, shown_.live);
    }
}

QString GenerateView::whyNoGenerate() const {
    if (models_.models().empty()) return tr("There is no model that makes pictures; train one or open a checkpoint.");
    if (panel_->form().cells() == 0)
        return panel_->form().problem().isEmpty() ? tr("Choose a model first.") : panel_->form().problem();
    return {};
}

void GenerateView::refreshGenerate() {
    SamplerForm& form = panel_->form();
    QString estimate;
    if (form.cells() > 0) {
        estimate =
            form.cells() == 1 ? tr("1 sample") : tr("%1 samples").arg(QLocale(QLocale::English).toString(form.cells()));
        const double seconds = feed_.secondsPerCellStep() * form.work();
        if (seconds > 0)
            estimate += seconds < 1 ? tr(", under a second") : tr(", about %1 s").arg(std::lround(seconds));
        if (feed_.active()) estimate += tr("; replaces this grid");
    }
    panel_->setGenerate(whyNoGenerate(), estimate);
    const bool ours =
        feed_.plan() && form.model() && feed_.request() && feed_.request()->model == form.model()->info.file;
    panel_->showModel(form.model(), ours ? QString::fromStdString(feed_.plan()->modelHash) : QString());
}

void GenerateView::pauseOrContinue() {
    if (feed_.status().state == GenerationState::Paused)
        context_.link.engine().continueGeneration();
    else
        context_.link.engine().pauseGeneration();
    feed_.stayAwake();
}

void GenerateView::step() {
    context_.link.engine().stepGeneration();
    feed_.stayAwake();
}

void GenerateView::stop() {
    context_.link.engine().stopGeneration();
    feed_.stayAwake();
}

}  // namespace vl
