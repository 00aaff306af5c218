// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <numeric>

#include "app/studio/detect/detect_view.h"
#include "app/studio/detect/score_page.h"
#include "app/studio/shell/action_registry.h"
#include "app/studio/shell/studio_settings.h"
#include "widgets/marks.h"

namespace vl {
std::shared_ptr<const DensePicture> DetectView::pictureAt(int index) const {
    const auto& all = feed_.look().pictures;
    return index >= 0 && index < std::ssize(all) ? all[static_cast<std::size_t>(index)] : nullptr;
}

void DetectView::onLook() {
    const DenseLook& look = feed_.look();
    if (!look.classes.names.empty()) classes_ = look.classes;
    if (look.request != request_ && feed_.renewed()) {
        request_ = look.request;
        thumbed_.assign(thumbed_.size(), nullptr);
        whole_.reset();
    } else if (look.request != request_) {
        request_ = look.request;
        loader_.forget();
        strip_->setItems({});
        thumbed_.clear();
        stripped_ = 0;
        fetching_ = -1;
        at_ = -1;
        whole_.reset();
        takePicture();  // none: what stood there belongs to another question
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
            const bool stem = !each->file.empty();
            strip_->addItem({stem ? fromPath(each->file.stem()) : QString::fromStdString(each->name), {}, {}, false});
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
    if (sort_->current() == 1) return strip_->setOrder({});
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
    refreshAnchors();
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
    panel_->setProposalNote(!choices_.proposals ? QString()
                            : proposals.empty() ? tr("None are known for this picture.")
                                                : tr("%1 proposals of this picture").arg(proposals.size()));
    canvas_->setProposals(std::move(proposals));
    panel_->setFates(shown_);
    refreshFigures();
    refreshCursor();
}

void DetectView::onChoices() {
    saveTimer_.start();
    const DetectPanel::Choices before = choices_;
    choices_ = panel_->choices();
    canvas_->setLook(choices_.look);
    refreshAnchors();
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
