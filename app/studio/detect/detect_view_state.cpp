// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include <QStackedWidget>

#include "app/studio/detect/anchor_strides.h"
#include "app/studio/detect/detect_view.h"
#include "app/studio/shell/engine_link.h"
#include "widgets/empty_view.h"
#include "widgets/marks.h"
#include "widgets/paint_helpers.h"

namespace vl {
namespace {

QString secondsText(double milliseconds) {
    return milliseconds > 0 ? DetectView::tr("%1 s").arg(fixedText(milliseconds / 1000, 2)) : QString();
}

/// Empty for a picture nobody could read.
QString sizeText(const Image& image) {
    return image.width > 0 ? DetectView::tr("%1 × %2").arg(image.width).arg(image.height) : QString();
}

}  // namespace

void DetectView::refreshFigures() {
    const auto& scores = feed_.look().detectScores;
    if (scores && scores->boxes.ap >= 0)
        return panel_->setFigures(tr("Box AP"), fixedText(scores->boxes.ap, 3), tr("Box AP50"),
                                  fixedText(scores->boxes.ap50, 3));
    const QString none = QStringLiteral("–");
    const int all = picture_ ? static_cast<int>(picture_->objects.size()) : 0;
    panel_->setFigures(all > 0 ? tr("Objects of %1 found").arg(all) : tr("Objects found"),
                       picture_ ? QString::number(shown_.found) : none, tr("Best score"),
                       all > 0 ? fixedText(picture_->objects.front().score, 2) : none);
}

void DetectView::refreshHeader() {
    const DenseLook& look = feed_.look();
    QStringList detail;
    if (!look.modelName.empty()) detail << QString::fromStdString(look.modelName);
    const QString size = picture_ ? sizeText(canvas_->picture()->picture) : QString();
    if (!size.isEmpty()) detail << size;
    header_->setPicture(picture_ ? QString::fromStdString(picture_->name) : tr("Detect"),
                        detail.join(QStringLiteral(", ")));
    header_->setProgress(feed_.progressText(), feed_.busy());
    progress_->setShare(feed_.share());
    progress_->setVisible(feed_.busy());
    header_->setExport(whyNoExport(true), whyNoExport(false));
    std::vector<ReadoutRows::Row> rows;
    if (picture_) {
        const auto& truth = picture_->truthObjects;
        rows = {{tr("Name"), QString::fromStdString(picture_->name), {}},
                {tr("Size"), size.isEmpty() ? tr("not known") : size, {}},
                {tr("Objects kept"), QString::number(picture_->objects.size()), {}},
                {tr("True objects"), truth ? QString::number(truth->size()) : tr("not known"), {}},
                {tr("Searched in"), secondsText(picture_->milliseconds), {}}};
        if (truth) {
            rows.push_back({tr("Hits"), QString::number(shown_.counts[0]), {}});
            rows.push_back({tr("Missed"), QString::number(shown_.counts[1]), {}});
            rows.push_back({tr("False"), QString::number(shown_.counts[2]), {}});
            rows.push_back({tr("Confused"), QString::number(shown_.counts[3]), {}});
        }
    }
    panel_->setPicture(std::move(rows));
}

void DetectView::refreshModel() {
    const DenseLook& look = feed_.look();
    panel_->setModelChosen(models_.find(model_));
    std::vector<ReadoutRows::Row> rows{
        {tr("Preset"), look.modelName.empty() ? tr("none yet") : QString::fromStdString(look.modelName), {}},
        {tr("From"),
         !look.modelSource.empty() ? QString::fromStdString(look.modelSource)
         : model_.empty()          ? tr("the demo")
                                   : QString::fromStdString(model_.filename().string()),
         {}}};
    if (!classes_.names.empty()) rows.push_back({tr("Classes"), QString::number(classes_.names.size()), {}});
    if (look.layers > 0) {
        rows.push_back({tr("Layers"), QString::number(look.layers), {}});
        rows.push_back({tr("Heads"), QString::number(look.heads), {}});
    }
    panel_->setModel(std::move(rows));
    panel_->setLivePossible(isActive(context_.link.status().state) ? QString()
                                                                   : tr("No training is running."));
}

void DetectView::refreshDetect() {
    const DensePicture* shown = picture_.get();
    panel_->setDetect(whyNoDetect(), shown && shown->milliseconds > 0
                                         ? tr("last %1").arg(secondsText(shown->milliseconds))
                                         : QString());
}

void DetectView::refreshPages() {
    const DenseLook& look = feed_.look();
    const std::string& problem = !look.problem.empty() ? look.problem : picture_ ? picture_->problem : look.problem;
    const std::string& advice = !look.problem.empty() ? look.advice : picture_ ? picture_->advice : look.advice;
    const bool alone = !problem.empty() && (look.pictures.size() <= 1 || !look.problem.empty());
    if (alone) problem_->setText(QString::fromStdString(problem), QString::fromStdString(advice));
    const bool asked = feed_.asked();
    if (asked && !alone && !picture_)
        empty_->setText(look.cancelled ? tr("Cancelled before the first picture") : tr("Loading the model"),
                        look.cancelled ? tr("Drop a picture, a folder or a video to search it.")
                                       : tr("The first picture appears as soon as it is searched."));
    refreshNote();
    pages_->setCurrentWidget(alone ? static_cast<QWidget*>(problem_) : picture_ ? main_ : empty_);
    // The keyboard waited at the view while there was no picture to take it.
    if (pages_->currentWidget() == main_ && window()->focusWidget() == this) canvas_->setFocus(Qt::OtherFocusReason);
}

// A picture that could not be read is named above its empty place; the others go on.
void DetectView::refreshNote() {
    const bool failed = picture_ && !picture_->problem.empty();
    if (failed)
        note_->setProblem(Tone::Warning, tr("Not searched"), QString::fromStdString(picture_->problem),
                          QString::fromStdString(picture_->advice));
    note_->setVisible(failed);
}

void DetectView::refreshCursor() {
    std::vector<FactLine::Part> parts;
    if (!pixel_.isEmpty() && picture_ && picture_->problem.empty()) parts.push_back({tr("Pixel"), {}, pixel_});
    const int at = canvas_->hovered() >= 0 ? canvas_->hovered() : canvas_->selected();
    if (at >= 0 && at < std::ssize(canvas_->marks())) {
        const ObjectMark& mark = canvas_->marks()[static_cast<std::size_t>(at)];
        const QRectF box = rectOf(mark.box);
        parts.push_back({{}, mark.name, mark.score < 0 ? QString() : fixedText(mark.score, 2)});
        if (!mark.fate.isEmpty()) parts.push_back({mark.fate, {}, {}});
        parts.push_back({tr("size"), {}, tr("%1 × %2").arg(qRound(box.width())).arg(qRound(box.height()))});
        if (const auto answer = feed_.answer(); choices_.attention && answer && askedMark_ == at)
            parts.push_back({QString::fromStdString(answer->problem.empty() ? answer->what : answer->problem), {}, {}});
    } else if (picture_ && picture_->problem.empty() && pixel_.isEmpty()) {
        parts.push_back({tr("Point at an object to read it"), {}, {}});
    }
    const QString zoom = tr("%1 %").arg(qRound(canvas_->zoom() * devicePixelRatioF() * 100));
    facts_->setParts(std::move(parts), picture_ && picture_->problem.empty() ? zoom : QString());
}

std::optional<ModelSpec> DetectView::spec() const {
    if (const int at = models_.find(model_); at >= 0) return models_.models()[static_cast<std::size_t>(at)].info.spec;
    const auto presets = presetsFor(ModelTask::Detect);
    const auto found = std::ranges::find(presets, feed_.look().modelName, &ModelSpec::name);
    return found == presets.end() ? std::nullopt : std::optional(*found);
}

void DetectView::refreshAnchors() {
    if (!choices_.anchors || !canvas_->picture()) return canvas_->setAnchorStrides({});
    const Image& image = canvas_->picture()->picture;
    const auto model = spec();
    canvas_->setAnchorStrides(anchorStrides(model ? &*model : nullptr, image.width, image.height));
}

}  // namespace vl
