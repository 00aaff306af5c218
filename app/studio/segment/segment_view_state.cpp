// SPDX-License-Identifier: GPL-3.0-or-later
#include <QLocale>

#include "app/studio/segment/segment_view.h"
#include "app/studio/shell/engine_link.h"
#include "app/studio/shell/studio_settings.h"
#include "widgets/marks.h"
#include "widgets/paint_helpers.h"

namespace vl {
namespace {

const QString kNone = QStringLiteral("–");

QString secondsText(double milliseconds) { return SegmentView::tr("%1 s").arg(fixedText(milliseconds / 1000, 2)); }

/// Empty for a picture nobody could read.
QString sizeText(const Image& image) {
    return image.width > 0 ? SegmentView::tr("%1 × %2").arg(image.width).arg(image.height) : QString();
}

}  // namespace

void SegmentView::refreshFigures() {
    const auto& scores = picture_ ? picture_->scores : std::optional<SegmentScores>();
    panel_->setFigures(scores ? fixedText(scores->meanIou, 3) : kNone,
                       scores ? fixedText(scores->pixelAccuracy, 3) : kNone);
    std::vector<ReadoutRows::Row> rows;
    if (picture_) {
        const QString size = sizeText(picture_->picture);
        rows = {{tr("Name"), QString::fromStdString(picture_->name), {}},
                {tr("Size"), size.isEmpty() ? tr("not known") : size, {}},
                {tr("Tiles"), QString::number(picture_->tiles), {}},
                {tr("Segmented in"), secondsText(picture_->milliseconds), {}},
                {tr("Truth"), picture_->truthClasses ? tr("known") : tr("not known"), {}}};
        if (scores) rows.push_back({tr("Mean accuracy"), fixedText(scores->meanAccuracy, 3), {}});
    }
    if (const auto& total = feed_.look().segmentScores) {
        rows.push_back({tr("All pictures: mean IoU"), fixedText(total->meanIou, 3), {}});
        rows.push_back({tr("All: mean accuracy"), fixedText(total->meanAccuracy, 3), {}});
        rows.push_back({tr("All: pixel accuracy"), fixedText(total->pixelAccuracy, 3), {}});
    }
    panel_->setPictureRows(std::move(rows));
}

void SegmentView::refreshHeader() {
    const DenseLook& look = feed_.look();
    QStringList detail;
    if (!look.modelName.empty()) detail << QString::fromStdString(look.modelName);
    if (picture_ && picture_->picture.width > 0) detail << sizeText(picture_->picture);
    header_->setPicture(picture_ ? QString::fromStdString(picture_->name) : tr("Segment"),
                        detail.join(QStringLiteral(", ")));
    header_->setProgress(feed_.progressText(), feed_.busy());
    progress_->setShare(feed_.share());
    progress_->setVisible(feed_.busy());
    header_->setExport(whyNoExport(true), whyNoExport(false));
}

bool SegmentView::reduced() const {
    return picture_ && picture_->problem.empty() && !picture_->classes && picture_->tiles > 0 &&
           picture_->tilesDone >= picture_->tiles;
}

void SegmentView::refreshNote() {
    note_->setAction({});
    if (picture_ && !picture_->problem.empty()) {
        note_->setProblem(Tone::Warning, tr("Not segmented"), QString::fromStdString(picture_->problem),
                          QString::fromStdString(picture_->advice));
    } else if (!feed_.look().problem.empty()) {
        note_->setProblem(Tone::Error, tr("Problem"), QString::fromStdString(feed_.look().problem),
                          QString::fromStdString(feed_.look().advice));
    } else if (reduced()) {
        note_->setProblem(Tone::Accent, tr("Small"), tr("Of a long list only the newest pictures are kept in full."),
                          tr("Segment this one alone to look at it."));
        if (!picture_->file.empty()) note_->setAction(tr("Segment this one"));
    } else {
        return note_->hide();
    }
    note_->show();
}

void SegmentView::refreshModel() {
    panel_->setModels(models_.models(), model_);
    panel_->setLivePossible(isActive(context_.link.status().state) ? QString() : tr("No training is running."));
    const DenseLook& look = feed_.look();
    std::vector<ReadoutRows::Row> rows;
    if (!look.modelName.empty())
        rows = {{tr("Preset"), QString::fromStdString(look.modelName), {}},
                {tr("From"), QString::fromStdString(look.modelSource), {}},
                {tr("Classes"), QString::number(look.classes.names.size()), {}},
                {tr("Layers"), look.layers > 0 ? QString::number(look.layers) : tr("without attention"), {}},
                {tr("Heads"), QString::number(look.heads), {}}};
    const int at = models_.find(model_);
    if (at >= 0) {
        const CheckpointInfo& info = models_.models()[static_cast<std::size_t>(at)].info;
        rows.push_back(
            {tr("Parameters"), QLocale(QLocale::English).toString(qlonglong(info.spec.parameterCount())), {}});
        rows.push_back({tr("Trained steps"), QLocale(QLocale::English).toString(qlonglong(info.step)), {}});
        if (!info.dataset.empty()) rows.push_back({tr("Data"), QString::fromStdString(info.dataset), {}});
        rows.push_back({tr("File"), fromPath(info.file.filename()), {}});
    }
    if (rows.empty()) rows.push_back({tr("Model"), tr("not loaded yet"), {}});
    panel_->setModelRows(std::move(rows));
}

void SegmentView::refreshSegment() {
    panel_->setSegment(whyNoSegment(), picture_ && picture_->milliseconds > 0
                                           ? tr("last %1").arg(secondsText(picture_->milliseconds))
                                           : QString());
}

}  // namespace vl
