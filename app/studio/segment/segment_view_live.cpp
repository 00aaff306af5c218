// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "app/studio/segment/segment_view.h"
#include "widgets/paint_helpers.h"

namespace vl {

void SegmentView::setSide(LabelCanvas::Side side) {
    canvas_->setSide(side);
    header_->setSide(static_cast<int>(side));
}

void SegmentView::toggleMute(int label) {
    if (label < 0 || label >= kNoClass) return;
    solo_ = -1;
    bool& muted = muted_[static_cast<std::size_t>(label)];
    muted = !muted;
    refreshLook();
    refreshLegend();
}

void SegmentView::toggleSolo(int label) {
    if (label < 0 || label >= kNoClass) return;
    if (solo_ == label) {
        solo_ = -1;
        muted_ = beforeSolo_;
    } else {
        if (solo_ < 0) beforeSolo_ = muted_;
        solo_ = label;
        muted_.fill(true);
        muted_[static_cast<std::size_t>(label)] = false;
    }
    refreshLook();
    refreshLegend();
}

void SegmentView::setChoices(const SegmentChoices& choices) {
    panel_->setChoices(choices);
    onChoices();
}

void SegmentView::onChoices() {
    saveTimer_.start();
    refreshLook();
    onMapOutdated();
    const auto show = panel_->choices().show;
    if (show == SegmentChoices::Show::Attention) panel_->setMapNote(tr("Point at a region."));
    if (show == SegmentChoices::Show::Errors) panel_->setMapNote(tr("Red: prediction and truth differ."));
    if (show == SegmentChoices::Show::Entropy) panel_->setMapNote(tr("Bright: the model cannot decide."));
}

void SegmentView::onMapOutdated() {
    askedRegion_ = -1;
    feed_.forgetAnswer();
    canvas_->setMap({});
    panel_->setMapNote({});
    questionTimer_.start();
}

void SegmentView::refreshLook() {
    const SegmentChoices& choices = panel_->choices();
    LabelLook look;
    look.map = choices.show == SegmentChoices::Show::Errors    ? LabelLook::Map::Errors
               : choices.show == SegmentChoices::Show::Entropy ? LabelLook::Map::Entropy
                                                               : LabelLook::Map::Classes;
    look.opacity = choices.opacity;
    look.threshold = choices.threshold;
    look.outline = choices.outline;
    look.colours = feed_.look().classes.colours;
    look.muted = muted_;
    canvas_->setLook(std::move(look));
}

void SegmentView::onToggled(const QString& key) {
    SegmentChoices next = panel_->choices();
    const auto flip = [&](SegmentChoices::Show show) {
        next.show = next.show == show ? SegmentChoices::Show::Classes : show;
        setChoices(next);
    };
    if (key == QLatin1String("side")) {
        if (picture_ && picture_->truthClasses)
            setSide(static_cast<LabelCanvas::Side>((static_cast<int>(canvas_->side()) + 1) % 3));
    } else if (key == QLatin1String("outline")) {
        next.outline = !next.outline;
        setChoices(next);
    } else if (key == QLatin1String("errors")) {
        if (picture_ && picture_->truthClasses) flip(SegmentChoices::Show::Errors);
    } else if (key == QLatin1String("entropy")) {
        flip(SegmentChoices::Show::Entropy);
    } else if (key == QLatin1String("attention") && feed_.look().layers > 0) {
        flip(SegmentChoices::Show::Attention);
    }
}

void SegmentView::onRegion(int region, int label) {
    panel_->legend().setHighlighted(label);
    if (panel_->choices().show == SegmentChoices::Show::Attention && region >= 0 && region != askedRegion_)
        questionTimer_.start();
}

void SegmentView::askAboutMap() {
    const SegmentChoices& choices = panel_->choices();
    if (!picture_ || !picture_->problem.empty() || at_ < 0 || picture_->tilesDone < picture_->tiles) return;
    RegionQuestion question;
    question.picture = at_;
    if (choices.show == SegmentChoices::Show::Features) {
        question.what = RegionQuestion::What::Features;
        question.level = choices.level;
        return feed_.question(question);
    }
    const int region = canvas_->region();
    if (choices.show != SegmentChoices::Show::Attention || region < 0 || region == askedRegion_) return;
    askedRegion_ = region;
    question.layer = choices.layer;
    question.head = choices.head;
    canvas_->layers().mask(region, [this, question](RunMask mask) mutable {
        if (question.picture != at_) return;
        question.region = std::move(mask);
        feed_.question(std::move(question));
    });
}

void SegmentView::onAnswer() {
    const auto answer = feed_.answer();
    if (!answer || answer->picture != at_) return;
    if (!answer->problem.empty()) return panel_->setMapNote(QString::fromStdString(answer->problem));
    canvas_->setMap({answer->rows, answer->columns, answer->values});
    panel_->setMapNote(QString::fromStdString(answer->what));
}

void SegmentView::onCursor(const QPoint& pixel, bool inside) {
    pixel_ = pixel;
    inside_ = inside;
    std::vector<FactLine::Part> parts;
    const auto share = [](std::uint8_t value) { return fixedText(value / 255.0, 2); };
    if (inside && picture_ && picture_->problem.empty()) {
        parts.push_back({tr("Pixel"), {}, tr("%1, %2").arg(pixel.x()).arg(pixel.y())});
        const auto place = [&](const PixelClasses& c) {
            return std::size_t(std::clamp(pixel.y(), 0, c.height - 1)) * std::size_t(c.width) +
                   std::size_t(std::clamp(pixel.x(), 0, c.width - 1));
        };
        const auto name = [&](std::uint8_t label) { return label == kNoClass ? tr("none") : className(label); };
        if (const auto& truth = picture_->truthClasses; truth && !truth->labels.empty())
            parts.push_back({tr("truth"), name(truth->labels[place(*truth)]), {}});
        if (const auto& found = picture_->classes; found && !found->labels.empty()) {
            const std::size_t at = place(*found);
            if (at < found->confidence.size())
                parts.push_back({tr("prediction"), name(found->labels[at]), share(found->confidence[at])});
            if (at < found->second.size() && at < found->secondConfidence.size())
                parts.push_back({tr("next"), name(found->second[at]), share(found->secondConfidence[at])});
        }
    } else if (picture_ && picture_->problem.empty()) {
        parts.push_back({tr("Point at the picture to read a pixel"), {}, {}});
    }
    const QString zoom = tr("%1 %").arg(std::lround(canvas_->zoom() * devicePixelRatioF() * 100));
    facts_->setParts(std::move(parts), picture_ && picture_->problem.empty() ? zoom : QString());
}

}  // namespace vl
