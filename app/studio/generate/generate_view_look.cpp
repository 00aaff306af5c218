// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <map>

#include <QLabel>
#include <QSlider>
#include <QToolButton>

#include "app/studio/generate/generate_view.h"
#include "app/studio/shell/action_registry.h"
#include "widgets/icons.h"
#include "widgets/labels.h"
#include "widgets/paint_helpers.h"

namespace vl {

void GenerateView::takeShown() {
    if (!shown_.live && player_.isActive()) togglePlay();
    frame_ = static_cast<int>(shown_.frames.size()) - 1;
    const int selected = grid_->selected();
    grid_->setCells(shown_.rows(), shown_.columns());
    grid_->setPictures({});
    grid_->setSelected(shown_.empty() ? -1 : std::clamp(selected, 0, shown_.cells() - 1));
    QString detail;
    if (!shown_.empty()) {
        const GridRecipe& recipe = shown_.record.recipe;
        QStringList parts{QString::fromStdString(shown_.record.modelName)};
        if (recipe.rows != Vary::Nothing) parts << tr("%1 by row").arg(QString::fromLatin1(toString(recipe.rows)));
        if (recipe.columns != Vary::Nothing)
            parts << tr("%1 by column").arg(QString::fromLatin1(toString(recipe.columns)));
        detail = parts.join(QStringLiteral(", "));
    }
    header_->setDetail(detail);
    history_->setOpen(shown_.folder);
    std::vector<NoiseChart::Line> lines;
    std::map<const void*, bool> seen;
    for (int row = 0; row < shown_.record.grid.rows && !shown_.noise.empty(); ++row) {
        const auto cell = static_cast<std::size_t>(row * shown_.record.grid.columns);
        if (cell >= shown_.noise.size() || !shown_.noise[cell] || seen.count(shown_.noise[cell].get())) continue;
        seen[shown_.noise[cell].get()] = true;
        lines.push_back({shown_.rowName(row), shown_.noise[cell]});
    }
    if (lines.size() == 1) lines.front().name = tr("all rows");
    panel_->chart().setLines(std::move(lines));
    panel_->sample().setUnavailable(shown_.live || shown_.empty()
                                        ? QString()
                                        : tr("Use these settings and generate again to see how the model attends."));
    refreshProgress();
    refreshPage();
    refreshFrame();
    context_.actions.refresh();
}

void GenerateView::setFrame(int frame) {
    const int last = static_cast<int>(shown_.frames.size()) - 1;
    frame_ = std::clamp(frame, std::min(0, last), last);
    follow_ = frame_ == last;
    refreshFrame();
}

void GenerateView::setClean(bool clean) {
    clean_ = clean;
    header_->setClean(clean);
    refreshFrame();
}

void GenerateView::togglePlay() {
    if (player_.isActive()) {
        player_.stop();
    } else if (shown_.frames.size() > 1) {
        if (frame_ + 1 >= std::ssize(shown_.frames)) setFrame(0);
        player_.start();
    }
    play_->setIcon(icon(player_.isActive() ? QStringLiteral("pause") : QStringLiteral("play")));
}

void GenerateView::refreshFrame() {
    header_->setSaving(whyNoExport());
    const int expected = static_cast<int>(shown_.expectedSteps().size());
    setting_ = true;
    scrub_->setEnabled(shown_.frames.size() > 1);
    scrub_->setRange(0, std::max(1, expected - 1));
    scrub_->setValue(std::max(0, frame_));
    setting_ = false;
    if (!active_) return;  // a hidden view draws nothing
    if (frame_ >= 0 && frame_ < std::ssize(shown_.frames)) {
        const auto& frame = shown_.frames[static_cast<std::size_t>(frame_)];
        std::vector<QImage> pictures;
        for (int cell = 0; cell < shown_.cells(); ++cell)
            pictures.push_back(frameImage(frame, cell, clean_));
        grid_->setPictures(std::move(pictures));
        panel_->chart().setStep(frame->step);
        panel_->setChartNote(panel_->chart().lines().empty() ? tr("not stored with a result")
                                                             : tr("at step %1").arg(frame->step));
    } else {
        panel_->chart().setStep(-1);
        panel_->setChartNote(shown_.empty() ? tr("once a grid is made") : QString());
    }
    refreshStrip();
    refreshSelected();
}

void GenerateView::refreshStrip() {
    const int cell = grid_->selected();
    std::vector<FrameStrip::Frame> frames;
    if (cell >= 0) {
        const int own = shown_.stepsOf(cell);
        const std::vector<int> steps = shown_.expectedSteps();
        for (std::size_t i = 0; i < steps.size(); ++i) {
            frames.push_back({std::min(steps[i], own), i < shown_.frames.size() ? static_cast<int>(i) : -1});
            if (own > 0 && steps[i] >= own) break;  // the chain has ended; what follows repeats its result
        }
    }
    strip_->setFrames(std::move(frames), [shown = shown_.frames, cell, clean = clean_](int index) {
        return frameImage(shown[static_cast<std::size_t>(index)], cell, clean);
    });
    strip_->setCurrent(frame_);
    if (cell < 0) return;
    const int row = cell / std::max(1, shown_.record.grid.columns);
    stripCell_->setText(tr("%1, %2").arg(shown_.className(cell), shown_.rowName(row)));
    stripStep_->setText(frame_ < 0 ? QString()
                                   : tr("shown %1").arg(shown_.frames[static_cast<std::size_t>(frame_)]->step));
}

void GenerateView::refreshSelected() {
    const int cell = grid_->selected();
    if (cell < 0 || shown_.empty()) return panel_->setSelected({}, {}, {});
    const CellSettings& settings = shown_.settings(cell);
    QStringList lines{tr("seed %1").arg(settings.seed)};
    QImage picture;
    int step = 0;
    if (frame_ >= 0) {
        const auto& frame = shown_.frames[static_cast<std::size_t>(frame_)];
        step = std::min(frame->step, settings.steps);
        picture = frameImage(frame, cell, clean_);
    }
    const auto at = static_cast<std::size_t>(cell);
    if (at < shown_.noise.size() && shown_.noise[at] && step < std::ssize(*shown_.noise[at]))
        lines << tr("noise %1").arg(fixedText((*shown_.noise[at])[static_cast<std::size_t>(step)], 2));
    lines << tr("step %1 / %2").arg(step).arg(settings.steps);
    panel_->setSelected(picture, shown_.className(cell), lines);
    panel_->sample().show(shown_, cell, static_cast<std::size_t>(std::max(frame_, 0)));
}

}  // namespace vl
