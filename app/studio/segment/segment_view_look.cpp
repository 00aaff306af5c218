// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include <QLocale>

#include "app/studio/segment/segment_view.h"
#include "app/studio/shell/action_registry.h"
#include "app/studio/shell/studio_settings.h"
#include "widgets/marks.h"
#include "widgets/paint_helpers.h"

namespace vl {
namespace {

const QString kNone = QStringLiteral("–");

QString secondsText(double milliseconds) { return SegmentView::tr("%1 s").arg(fixedText(milliseconds / 1000, 2)); }

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
    if (feed_.look().request != request_) startRequest();
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
        entry.name = QString::fromStdString(picture->name);
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

void SegmentView::refreshFigures() {
    const auto& scores = picture_ ? picture_->scores : std::optional<SegmentScores>();
    panel_->setFigures(scores ? fixedText(scores->meanIou, 3) : kNone,
                       scores ? fixedText(scores->pixelAccuracy, 3) : kNone);
    std::vector<ReadoutRows::Row> rows;
    if (picture_) {
        rows = {{tr("Name"), QString::fromStdString(picture_->name), {}},
                {tr("Size"), tr("%1 × %2").arg(picture_->picture.width).arg(picture_->picture.height), {}},
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
    if (picture_) detail << tr("%1 × %2").arg(picture_->picture.width).arg(picture_->picture.height);
    header_->setPicture(picture_ ? QString::fromStdString(picture_->name) : tr("Segment"),
                        detail.join(QStringLiteral(", ")));
    QString text;
    double share = look.all > 0 ? double(look.done) / double(look.all) : 0;
    if (feed_.busy()) {
        const DensePicture* now = look.pictures.empty() ? nullptr : look.pictures.back().get();
        if (now && now->tilesDone < now->tiles && look.all > 0)
            share += double(now->tilesDone) / now->tiles / double(look.all);
        text = look.request == 0 || look.all == 0 ? tr("loading the model")
               : look.all > 1                     ? tr("%1 of %2").arg(look.done).arg(look.all)
               : now && now->tiles > 1            ? tr("tile %1 of %2").arg(now->tilesDone).arg(now->tiles)
                                                  : tr("segmenting");
    } else if (look.cancelled) {
        text = tr("cancelled at %1 of %2").arg(look.done).arg(look.all);
    }
    header_->setProgress(text, feed_.busy());
    progress_->setShare(share);
    progress_->setVisible(feed_.busy());
    header_->setExport(whyNoExport());
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
