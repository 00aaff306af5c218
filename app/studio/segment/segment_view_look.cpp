// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "app/studio/segment/segment_view.h"
#include "app/studio/shell/action_registry.h"
#include "app/studio/shell/studio_settings.h"
#include "widgets/marks.h"
#include "widgets/paint_helpers.h"

namespace vl {
namespace {

bool isBackground(const std::string& name) {
    return QString::fromStdString(name).compare(QLatin1String("background"), Qt::CaseInsensitive) == 0;
}

}  // namespace

QString SegmentView::className(int label) const {
    const auto& names = feed_.look().classes.names;
    return label >= 0 && label < std::ssize(names) ? QString::fromStdString(names[static_cast<std::size_t>(label)])
                                                   : tr("class %1").arg(label);
}

void SegmentView::onLook() {
    const DenseLook& look = feed_.look();
    const bool samePictures = feed_.renewed() && look.pictures.size() == entries_.size();
    if (look.request != request_ && samePictures) {
        request_ = look.request;
        onMapOutdated();
    } else if (look.request != request_) {
        startRequest();
    }
    takePictures();
    refreshHeader();
    refreshNote();
    refreshPages();
    refreshSegment();
    refreshModel();
    context_.actions.refresh();
}

void SegmentView::startRequest() {
    request_ = feed_.look().request;
    thumbs_.forget();
    entries_.clear();
    order_.clear();
    strip_->setItems({});
    at_ = askedRegion_ = cellTruth_ = cellPrediction_ = -1;
    sideSeen_ = false;
    picture_.reset();
    canvas_->setPicture(nullptr);
    panel_->confusion().setChosen(-1, -1);
    // Figures of what stood there belong to another question.
    header_->setTruth(false);
    setSide(LabelCanvas::Side::Prediction);
    refreshFigures();
    onCursor(pixel_, false);
}

// Names, figures and thumbs of what is new; the picture on show when it is another one or has more tiles.
void SegmentView::takePictures() {
    const DenseLook& look = feed_.look();
    const auto& names = look.classes.names;
    if (names != names_ && !names.empty()) {
        names_ = names;
        solo_ = -1;
        muted_.fill(false);
        for (std::size_t i = 0; i < std::min<std::size_t>(names.size(), 256); ++i)
            muted_[i] = isBackground(names[i]);
        canvas_->setNames(names);
        refreshLook();
    }
    for (std::size_t i = 0; i < look.pictures.size(); ++i) {
        const auto& picture = look.pictures[i];
        const bool fresh = i >= entries_.size();
        if (fresh) entries_.emplace_back();
        Entry& entry = entries_[i];
        if (entry.seen == picture) continue;
        const bool keepsThumb = !picture->classes && !entry.thumb.isNull();  // a long list has dropped its pixels
        entry.seen = picture;
        entry.name = picture->file.empty() ? QString::fromStdString(picture->name) : fromPath(picture->file.stem());
        entry.failed = !picture->problem.empty();
        entry.iou = picture->scores ? picture->scores->meanIou : -1;
        entry.figure = entry.iou >= 0 ? fixedText(entry.iou, 2) : QString();
        const int index = static_cast<int>(i);
        if (!entry.failed && !keepsThumb && picture->tilesDone >= picture->tiles)
            thumbs_.make(index, picture, canvas_->look(), devicePixelRatioF());
        if (fresh) {
            order_.push_back(index);
            strip_->addItem({entry.name, entry.figure, {}, entry.failed});
        } else if (const auto place = std::ranges::find(order_, index); place != order_.end()) {
            strip_->setItem(static_cast<int>(place - order_.begin()), entry.figure, entry.failed);
        }
    }
    const auto& total = look.segmentScores;
    panel_->confusion().setCounts(total ? total->confusion : std::vector<std::int64_t>(), names);
    panel_->setConfusionNote({});
    if (!look.busy) reorder();
    if (at_ < 0 && !entries_.empty()) return showPicture(0);
    if (at_ >= 0 && entries_[static_cast<std::size_t>(at_)].seen != picture_) takePicture();
    refreshStripNote();
}

void SegmentView::showPicture(int index) {
    if (index < 0 || index >= std::ssize(entries_)) return;
    at_ = index;
    const auto place = std::ranges::find(order_, index);
    strip_->setCurrent(place == order_.end() ? -1 : static_cast<int>(place - order_.begin()));
    takePicture();
    refreshStripNote();
}

void SegmentView::stepPicture(int by) {
    if (order_.empty()) return;
    const auto place = std::ranges::find(order_, at_) - order_.begin();
    const auto next =
        std::clamp<std::ptrdiff_t>(place >= std::ssize(order_) ? 0 : place + by, 0, std::ssize(order_) - 1);
    showPicture(order_[static_cast<std::size_t>(next)]);
}

void SegmentView::takePicture() {
    picture_ = entries_[static_cast<std::size_t>(at_)].seen;
    const bool truth = picture_->truthClasses != nullptr;
    canvas_->setPicture(picture_);
    header_->setTruth(truth);
    if (!truth && canvas_->side() != LabelCanvas::Side::Prediction && picture_->classes)
        setSide(LabelCanvas::Side::Prediction);
    if (truth && !sideSeen_) {
        sideSeen_ = true;
        setSide(LabelCanvas::Side::Split);
    }
    panel_->setAbilities(feed_.look().layers, feed_.look().heads, truth);
    askedRegion_ = -1;
    feed_.forgetAnswer();
    panel_->setMapNote({});
    questionTimer_.start();
    refreshFigures();
    refreshHeader();
    refreshNote();
    refreshPages();
}

void SegmentView::sortByName(bool byName) { sort_->setCurrent(byName ? 1 : 0); }

void SegmentView::filterPictures(int truth, int prediction) {
    cellTruth_ = truth;
    cellPrediction_ = prediction;
    panel_->confusion().setChosen(truth, prediction);
    reorder();
    if (!order_.empty() && std::ranges::find(order_, at_) == order_.end()) showPicture(order_.front());
}

// Those behind the chosen cell of the grid, most of it first; else the worst first, what has no figure last.
void SegmentView::reorder() {
    const std::size_t n = feed_.look().classes.names.size();
    const auto inCell = [&](int index) -> std::int64_t {
        const auto& scores = entries_[static_cast<std::size_t>(index)].seen->scores;
        return scores && scores->confusion.size() == n * n
                   ? scores->confusion[static_cast<std::size_t>(cellTruth_) * n +
                                       static_cast<std::size_t>(cellPrediction_)]
                   : 0;
    };
    std::vector<int> order;
    for (int i = 0; i < std::ssize(entries_); ++i)
        if (cellTruth_ < 0 || inCell(i) > 0) order.push_back(i);
    if (cellTruth_ >= 0) {
        std::ranges::stable_sort(order, std::greater<>(), inCell);
    } else if (sort_->current() == 0) {
        std::ranges::stable_sort(order, std::less<>(), [&](int index) {
            const double iou = entries_[static_cast<std::size_t>(index)].iou;
            return iou < 0 ? 2 : iou;
        });
    }
    if (order != order_) {
        order_ = std::move(order);
        fillStrip();
    }
    refreshStripNote();
}

void SegmentView::fillStrip() {
    std::vector<PictureStrip::Item> items;
    for (const int index : order_) {
        const Entry& entry = entries_[static_cast<std::size_t>(index)];
        items.push_back({entry.name, entry.figure, entry.thumb, entry.failed});
    }
    strip_->setItems(std::move(items));
    const auto place = std::ranges::find(order_, at_);
    strip_->setCurrent(place == order_.end() ? -1 : static_cast<int>(place - order_.begin()));
}

void SegmentView::refreshStripNote() {
    const bool scored = std::ranges::any_of(entries_, [](const Entry& each) { return each.iou >= 0; });
    const auto place = std::ranges::find(order_, at_) - order_.begin();
    QString text = tr("%1 of %2").arg(std::min(place + 1, std::ssize(order_))).arg(order_.size());
    if (scored) text = tr("mean IoU beside each, ") + text;
    if (cellTruth_ >= 0) text = tr("%1 taken for %2, ").arg(className(cellTruth_), className(cellPrediction_)) + text;
    stripNote_->setText(text);
}

void SegmentView::refreshLegend() {
    const LabelLayers::Facts& facts = canvas_->layers().facts();
    std::int64_t all = 0;
    for (std::size_t i = 0; i < kNoClass; ++i)
        all += facts.found[i];
    const auto& classes = feed_.look().classes;
    const auto iou = [&](int label) {
        const bool known = picture_ && picture_->scores && label < std::ssize(picture_->scores->iou);
        const double value = known ? picture_->scores->iou[static_cast<std::size_t>(label)] : -1;
        return value >= 0 ? value : -1;  // NaN: in neither
    };
    std::vector<ClassLegend::Row> rows;
    for (int label = 0; label < std::min<int>(kNoClass, static_cast<int>(classes.names.size())); ++label) {
        const auto i = static_cast<std::size_t>(label);
        if (facts.found[i] == 0 && facts.real[i] == 0) continue;
        const Colour c = i < classes.colours.size() ? classes.colours[i] : Colour{};
        rows.push_back({label, className(label), QColor(c[0], c[1], c[2]),
                        all > 0 ? double(facts.found[i]) / double(all) : 0, iou(label), muted_[i], solo_ == label});
    }
    std::ranges::stable_sort(rows, [&](const auto& a, const auto& b) {
        const bool backA = isBackground(classes.names[std::size_t(a.label)]),
                   backB = isBackground(classes.names[std::size_t(b.label)]);
        return backA != backB ? backB : a.area > b.area;
    });
    panel_->legend().setRows(std::move(rows));
    panel_->confidence().setScores(facts.confidence);
}

}  // namespace vl
