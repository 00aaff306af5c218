// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <numeric>

#include <QLabel>
#include <QStackedWidget>
#include <QToolButton>

#include "app/studio/detect/detect_view.h"
#include "app/studio/detect/score_page.h"
#include "app/studio/shell/action_registry.h"
#include "app/studio/shell/engine_link.h"
#include "app/studio/shell/selection.h"
#include "widgets/empty_view.h"
#include "widgets/paint_helpers.h"

namespace vl {
namespace {

constexpr std::array<double, 5> kStrides{4, 8, 16, 32, 64};  // of Mask R-CNN's pyramid

QString secondsText(double milliseconds) {
    return milliseconds > 0 ? DetectView::tr("%1 s").arg(fixedText(milliseconds / 1000, 2)) : QString();
}

}  // namespace

std::shared_ptr<const DensePicture> DetectView::pictureAt(int index) const {
    const auto& all = feed_.look().pictures;
    return index >= 0 && index < std::ssize(all) ? all[static_cast<std::size_t>(index)] : nullptr;
}

void DetectView::onLook() {
    const DenseLook& look = feed_.look();
    if (!look.classes.names.empty()) classes_ = look.classes;
    if (look.request != request_) {
        request_ = look.request;
        loader_.forget();
        strip_->setItems({});
        thumbed_.clear();
        stripped_ = 0;
        fetching_ = -1;
        at_ = -1;
        picture_.reset();
        whole_.reset();
    }
    if (at_ < 0 && !look.pictures.empty()) at_ = 0;
    refreshStrip();
    // A long list lets go of pixels that are on the screen: what is shown stays.
    const auto newer = pictureAt(at_);
    const bool onlyDropped = newer && picture_ && newer->picture.empty() && !picture_->picture.empty() &&
                             picture_->tilesDone >= picture_->tiles;
    if (newer != picture_ && !onlyDropped) takePicture();
    panel_->setAttentionPossible(look.layers, look.heads);
    panel_->setScoresShown(look.detectScores.has_value());
    panel_->scores().setScores(look.detectScores, classes_);
    if (!look.busy) sortStrip();
    refreshFigures();
    refreshHeader();
    refreshModel();
    refreshDetect();
    refreshPages();
    context_.actions.refresh();
}

// Newer versions of a picture replace it while tiles come in; only then a small picture is made anew.
void DetectView::refreshStrip() {
    const DenseLook& look = feed_.look();
    for (int i = 0; i < std::ssize(look.pictures); ++i) {
        const auto& each = look.pictures[static_cast<std::size_t>(i)];
        if (!each) continue;
        const bool fresh = i >= std::ssize(thumbed_);
        if (fresh) {
            strip_->addItem({QString::fromStdString(each->name), {}, {}, false});
            thumbed_.push_back(nullptr);
        }
        const ShownObjects shown = shownObjects(*each, classes_, {filter_.threshold, ShownSide::Found, {}, {}});
        const bool complete = each->tilesDone >= each->tiles;
        const QString figure = !each->problem.empty() || !complete ? QString()
                               : shown.judged                      ? QString::number(shown.wrong())
                                                                   : QString::number(shown.found);
        strip_->setItem(i, figure, !each->problem.empty());
        auto& made = thumbed_[static_cast<std::size_t>(i)];
        // The pixels of a picture in a long list go later: what was made from them stays.
        if (complete && each->problem.empty() && made == nullptr) {
            made = each.get();
            loader_.makeThumb(i, each, classes_, filter_.threshold, devicePixelRatioF());
        }
    }
    const bool judged = picture_ && picture_->truthObjects;
    sort_->setVisible(judged);
    stripBlock_->setVisible(look.all > 1 || look.pictures.size() > 1);
    stripNote_->setText(tr("%1 beside each, %2 of %3")
                            .arg(judged ? tr("wrong objects") : tr("objects"))
                            .arg(at_ + 1)
                            .arg(std::max<qlonglong>(look.all, qlonglong(look.pictures.size()))));
}

void DetectView::sortStrip() {
    if (!sort_->isChecked()) return strip_->setOrder({});
    std::vector<int> order(static_cast<std::size_t>(strip_->count()));
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [this](int a, int b) {
        return strip_->item(a).figure.toInt() > strip_->item(b).figure.toInt();
    });
    strip_->setOrder(std::move(order));
}

void DetectView::showPicture(int index) {
    if (!pictureAt(index) || index == at_) return;
    at_ = index;
    whole_.reset();
    takePicture();
}

void DetectView::stepPicture(int by) {
    const int next = strip_->neighbour(at_, by);
    if (next >= 0) showPicture(next);
}

void DetectView::takePicture() {
    picture_ = pictureAt(at_);
    strip_->setCurrent(at_);
    askedMark_ = -1;
    feed_.forgetAnswer();
    const bool here = picture_ && !picture_->picture.empty();
    if (!here && picture_ && !picture_->file.empty() && picture_->problem.empty() && !whole_ && fetching_ != at_) {
        fetching_ = at_;
        loader_.fetch(at_, picture_);
    }
    canvas_->setPicture(here || !whole_ ? picture_ : whole_, (request_ << 20) + std::uint64_t(at_ + 1));
    std::vector<double> scores;
    if (picture_)
        for (const FoundObject& each : picture_->objects)
            scores.push_back(each.score);
    panel_->threshold().setScores(scores);
    const bool judged = picture_ && picture_->truthObjects;
    header_->setTruth(judged);
    if (!judged) filter_.side = ShownSide::Found;
    else if (followFirst_) filter_.side = ShownSide::Both;
    header_->setSide(filter_.side);
    refreshObjects();
    refreshStrip();
    refreshHeader();
    refreshPages();
}

void DetectView::refreshObjects() {
    const int selected = canvas_->selected();
    const ObjectMark kept = selected >= 0 ? canvas_->marks()[static_cast<std::size_t>(selected)] : ObjectMark();
    shown_ = picture_ ? shownObjects(*picture_, classes_, filter_) : ShownObjects();
    canvas_->setMarks(shown_.marks);
    canvas_->setTruth(shown_.truth);
    panel_->table().setMarks(shown_.marks);
    for (int i = 0; selected >= 0 && i < std::ssize(shown_.marks); ++i)
        if (shown_.marks[static_cast<std::size_t>(i)].same(kept)) {
            canvas_->setSelected(i);
            panel_->table().setSelected(i);
        }
    std::vector<BoxCanvas::Proposal> proposals;
    if (picture_ && choices_.proposals)
        for (const FoundObject& each : picture_->proposals)
            proposals.push_back({each.box, each.score});
    panel_->setProposalNote(!choices_.proposals     ? QString()
                            : proposals.empty()     ? tr("None are known for this picture.")
                                                    : tr("%1 proposals of this picture").arg(proposals.size()));
    canvas_->setProposals(std::move(proposals));
    panel_->setFates(shown_);
    refreshFigures();
    refreshCursor();
}

void DetectView::refreshFigures() {
    const auto& scores = feed_.look().detectScores;
    if (scores && scores->boxes.ap >= 0)
        return panel_->setFigures(tr("Box AP"), fixedText(scores->boxes.ap, 3), tr("Box AP50"),
                                  fixedText(scores->boxes.ap50, 3));
    const QString none = QStringLiteral("–");
    const int all = picture_ ? static_cast<int>(picture_->objects.size()) : 0;
    panel_->setFigures(tr("Objects of %1 found").arg(all), picture_ ? QString::number(shown_.found) : none,
                       tr("Best score"),
                       all > 0 ? fixedText(picture_->objects.front().score, 2) : none);
}

void DetectView::refreshHeader() {
    const DenseLook& look = feed_.look();
    QStringList detail;
    if (!look.modelName.empty()) detail << QString::fromStdString(look.modelName);
    if (picture_) detail << tr("%1 × %2").arg(canvas_->picture()->picture.width).arg(canvas_->picture()->picture.height);
    header_->setPicture(picture_ ? QString::fromStdString(picture_->name) : tr("Detect"), detail.join(QStringLiteral(", ")));
    QString progress;
    if (look.busy && picture_ && picture_->tiles > 1 && picture_->tilesDone < picture_->tiles)
        progress = tr("tile %1 of %2").arg(picture_->tilesDone).arg(picture_->tiles);
    else if (look.busy)
        progress = look.all > 1 ? tr("%1 of %2 searched").arg(look.done).arg(look.all) : tr("searching");
    else if (look.cancelled)
        progress = tr("cancelled at %1 of %2").arg(look.done).arg(look.all);
    header_->setProgress(progress, look.busy);
    header_->setExport(whyNoExport());
    std::vector<ReadoutRows::Row> rows;
    if (picture_) {
        rows = {{tr("Name"), QString::fromStdString(picture_->name), {}},
                {tr("Size"), tr("%1 × %2").arg(canvas_->picture()->picture.width).arg(canvas_->picture()->picture.height), {}},
                {tr("Objects kept"), QString::number(picture_->objects.size()), {}},
                {tr("True objects"),
                 picture_->truthObjects ? QString::number(picture_->truthObjects->size()) : tr("not known"), {}},
                {tr("Searched in"), secondsText(picture_->milliseconds), {}}};
        if (picture_->truthObjects) {
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
    panel_->setDetect(whyNoDetect(),
                      shown && shown->milliseconds > 0 ? tr("last %1").arg(secondsText(shown->milliseconds)) : QString());
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
    pages_->setCurrentWidget(alone ? static_cast<QWidget*>(problem_) : picture_ ? main_ : empty_);
}

void DetectView::refreshCursor() { under_->setText(cursorText()); }

QString DetectView::cursorText() const {
    if (picture_ && !picture_->problem.empty()) return QString::fromStdString(picture_->problem);
    const int at = canvas_->hovered() >= 0 ? canvas_->hovered() : canvas_->selected();
    if (at < 0 || at >= std::ssize(canvas_->marks())) return {};
    const ObjectMark& mark = canvas_->marks()[static_cast<std::size_t>(at)];
    const QRectF box = rectOf(mark.box);
    QStringList parts{mark.score < 0 ? mark.name : mark.name + QLatin1Char(' ') + fixedText(mark.score, 2)};
    if (!mark.fate.isEmpty()) parts << mark.fate;
    parts << tr("%1 × %2 px").arg(qRound(box.width())).arg(qRound(box.height()));
    if (choices_.attention && feed_.answer() && askedMark_ == at)
        parts << QString::fromStdString(feed_.answer()->problem.empty() ? feed_.answer()->what : feed_.answer()->problem);
    return parts.join(QStringLiteral("   "));
}

void DetectView::onChoices() {
    saveTimer_.start();
    const DetectPanel::Choices before = choices_;
    choices_ = panel_->choices();
    canvas_->setLook(choices_.look);
    canvas_->setAnchorStrides(choices_.anchors ? std::vector<double>(kStrides.begin(), kStrides.end())
                                               : std::vector<double>());
    if (choices_.fates != before.fates || choices_.proposals != before.proposals) {
        filter_.fates = choices_.fates;
        refreshObjects();
    }
    if (choices_.attention != before.attention || choices_.layer != before.layer || choices_.head != before.head) {
        askedMark_ = -1;
        if (choices_.attention)
            askAttention();
        else
            canvas_->setMap({});
    }
    // What the proposal network handed on is kept only when asked for.
    const bool missing = picture_ && picture_->proposals.empty() && !feed_.busy();
    if (choices_.proposals && !before.proposals && missing && whyNoDetect().isEmpty()) detect();
}

}  // namespace vl
