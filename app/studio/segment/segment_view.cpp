// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/segment/segment_view.h"

#include <QCheckBox>
#include <QLabel>
#include <QPushButton>
#include <QSettings>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "app/studio/shell/engine_link.h"
#include "app/studio/shell/run_store.h"
#include "app/studio/shell/selection.h"
#include "app/studio/shell/studio_settings.h"
#include "engine/core/resource_paths.h"
#include "widgets/empty_view.h"
#include "widgets/marks.h"

namespace vl {
namespace {

constexpr std::uint64_t kIdBase = std::uint64_t{6} << 32;  // other views count from other ones
constexpr int kQuestionMs = 120, kSaveMs = 250;

}  // namespace

View* makeSegmentView(StudioContext& context) { return new SegmentView(context); }

SegmentView::SegmentView(StudioContext& context, QWidget* parent)
    : View(context, parent),
      feed_(context.link.engine(), ModelTask::Segment, kIdBase),
      models_(context.runs, ModelTask::Segment, resourceFolder() / "demo"),
      panel_(new SegmentPanel) {
    build();
    setAcceptDrops(true);
    questionTimer_.setSingleShot(true);
    questionTimer_.setInterval(kQuestionMs);
    saveTimer_.setSingleShot(true);
    saveTimer_.setInterval(kSaveMs);
    connectParts();
    panel_->installEventFilter(this);
    loadChoices();
    models_.scan();
    refreshModel();
    refreshPages();
    refreshHeader();
    refreshSegment();
    refreshLegend();
    refreshFigures();
}

SegmentView::~SegmentView() {
    saveChoices();
    canvas_->disconnect(this);  // focus leaves late
    delete panel_;
}

void SegmentView::build() {
    pages_ = new QStackedWidget;
    empty_ = new EmptyView(QStringLiteral("image"), tr("Nothing segmented yet"),
                           tr("Drop or paste a picture, a folder of pictures or a video."));
    empty_->setTakesDrops(true);
    connect(empty_->addButton(tr("Try the demo"), QStringLiteral("play")), &QPushButton::clicked, this,
            &SegmentView::tryDemo);
    connect(empty_->addButton(tr("Open picture"), QStringLiteral("image")), &QPushButton::clicked, this,
            &SegmentView::openByHand);
    connect(empty_->addButton(tr("Open folder"), QStringLiteral("folder")), &QPushButton::clicked, this,
            &SegmentView::openFolderByHand);
    problem_ = new EmptyView(QStringLiteral("warning"), {}, {});
    problem_->setTakesDrops(true);
    connect(problem_->addButton(tr("Open picture"), QStringLiteral("image")), &QPushButton::clicked, this,
            &SegmentView::openByHand);
    header_ = new SegmentHeader;
    progress_ = new ThinProgress;
    progress_->keepItsPlace();
    note_ = new ProblemRow(Tone::Warning);
    note_->hide();
    canvas_ = new LabelCanvas;
    facts_ = new FactLine;
    main_ = new QWidget;
    auto* column = new QVBoxLayout(main_);
    column->setContentsMargins(16, 0, 16, 8);
    column->setSpacing(0);
    column->addWidget(progress_);
    column->addWidget(note_);
    column->addWidget(canvas_, 1);
    column->addSpacing(2);
    column->addWidget(facts_);
    column->addWidget(makeStripBlock());
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto* top = new QWidget;
    auto* head = new QVBoxLayout(top);
    head->setContentsMargins(16, 0, 16, 0);
    head->addWidget(header_);
    layout->addWidget(top);
    layout->addWidget(pages_, 1);
    for (QWidget* page : {static_cast<QWidget*>(empty_), static_cast<QWidget*>(problem_), main_})
        pages_->addWidget(page);
}

QWidget* SegmentView::makeStripBlock() {
    stripBlock_ = new QWidget;
    auto* column = new QVBoxLayout(stripBlock_);
    column->setContentsMargins(0, 4, 0, 0);
    column->setSpacing(4);
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    stripNote_ = new ElidedLabel({}, Type::Secondary, Tone::Text2);
    sort_ = new SegmentedControl({tr("Worst first"), tr("In order")});
    sort_->setAccessibleName(tr("Order of the pictures"));
    strip_ = new PictureStrip;
    row->addWidget(makeLabel(tr("Images"), Type::SecondaryStrong));
    row->addWidget(stripNote_, 1);
    row->addWidget(sort_);
    row->addSpacing(8);
    row->addWidget(makeLabel(tr("previous, next"), Type::Secondary, Tone::Text2));
    row->addWidget(new KeyCap(QStringLiteral("P")));
    row->addWidget(new KeyCap(QStringLiteral("N")));
    column->addLayout(row);
    column->addWidget(strip_);
    return stripBlock_;
}

void SegmentView::connectParts() {
    connect(&feed_, &DenseFeed::changed, this, &SegmentView::onLook);
    connect(&feed_, &DenseFeed::answered, this, &SegmentView::onAnswer);
    connect(&models_, &DenseModels::changed, this, &SegmentView::refreshModel);
    connect(&saveTimer_, &QTimer::timeout, this, &SegmentView::saveChoices);
    connect(&questionTimer_, &QTimer::timeout, this, &SegmentView::askAboutMap);
    connect(&thumbs_, &SegmentThumbs::made, this, [this](int index, const QImage& thumb) {
        if (index >= std::ssize(entries_)) return;
        entries_[static_cast<std::size_t>(index)].thumb = thumb;
        const auto place = std::ranges::find(order_, index);
        if (place != order_.end()) strip_->setThumb(static_cast<int>(place - order_.begin()), thumb);
    });
    connect(strip_, &PictureStrip::chosen, this,
            [this](int place) { showPicture(order_[static_cast<std::size_t>(place)]); });
    connect(sort_, &SegmentedControl::currentChanged, this, [this] { reorder(); });
    connect(header_, &SegmentHeader::sideChosen, this,
            [this](int side) { setSide(static_cast<LabelCanvas::Side>(side)); });
    connect(header_, &SegmentHeader::cancelRequested, this, &SegmentView::cancel);
    connect(header_, &SegmentHeader::exportRequested, this, &SegmentView::saveByHand);
    connect(note_, &ProblemRow::actionTriggered, this, [this] {
        if (picture_) open(picture_->file);
    });
    connect(canvas_, &LabelCanvas::cursorMoved, this, &SegmentView::onCursor);
    connect(canvas_, &LabelCanvas::regionChanged, this, &SegmentView::onRegion);
    connect(canvas_, &LabelCanvas::zoomChanged, this, [this] { onCursor(pixel_, inside_); });
    connect(canvas_, &LabelCanvas::stepped, this, &SegmentView::stepPicture);
    connect(canvas_, &LabelCanvas::toggled, this, &SegmentView::onToggled);
    connect(canvas_, &LabelCanvas::muteAsked, this, &SegmentView::toggleMute);
    connect(canvas_, &LabelCanvas::soloAsked, this, &SegmentView::toggleSolo);
    connect(&canvas_->layers(), &LabelLayers::counted, this, &SegmentView::refreshLegend);
    ClassLegend& legend = panel_->legend();
    connect(&legend, &ClassLegend::muteToggled, this, &SegmentView::toggleMute);
    connect(&legend, &ClassLegend::soloToggled, this, &SegmentView::toggleSolo);
    connect(&legend, &ClassLegend::hovered, canvas_, &LabelCanvas::setClass);
    connect(&panel_->confusion(), &ConfusionGrid::chosen, this, &SegmentView::filterPictures);
    connect(panel_, &SegmentPanel::choicesChanged, this, &SegmentView::onChoices);
    connect(panel_, &SegmentPanel::segmentRequested, this, &SegmentView::segment);
    connect(panel_, &SegmentPanel::modelChosen, this, [this](int at) {
        model_ = at < 0 ? std::filesystem::path() : models_.models()[static_cast<std::size_t>(at)].info.file;
        refreshModel();
        if (feed_.asked()) segment();
    });
    connect(panel_, &SegmentPanel::weightsChosen, this, &SegmentView::segment);
    connect(&context_.selection, &Selection::checkpointChanged, this, &SegmentView::onCheckpointChosen);
    connect(&context_.link, &EngineLink::statusChanged, this, [this] {
        if (!active_) return;
        refreshModel();
        feed_.follow(context_.link.status());
    });
}

void SegmentView::loadChoices() {
    const auto settings = openStudioSettings();
    SegmentChoices choices;
    choices.opacity = settings->value(QStringLiteral("segment/opacity"), choices.opacity).toDouble();
    choices.threshold = settings->value(QStringLiteral("segment/confidence"), choices.threshold).toDouble();
    choices.outline = settings->value(QStringLiteral("segment/outline"), choices.outline).toBool();
    panel_->setChoices(choices);
    refreshLook();
}

void SegmentView::saveChoices() const {
    if (!panel_) return;
    const auto settings = openStudioSettings();
    settings->setValue(QStringLiteral("segment/opacity"), panel_->choices().opacity);
    settings->setValue(QStringLiteral("segment/confidence"), panel_->choices().threshold);
    settings->setValue(QStringLiteral("segment/outline"), panel_->choices().outline);
}

void SegmentView::setActive(bool active) {
    const bool was = active_;
    View::setActive(active);
    if (was && !active) saveChoices();
    if (!active || was) return;
    models_.scan();
    refreshModel();
    refreshSegment();
    feed_.follow(context_.link.status());
    canvas_->setFocus(Qt::OtherFocusReason);
}

bool SegmentView::isEmpty() const { return pages_->currentWidget() == empty_; }

void SegmentView::refreshPages() {
    const DenseLook& look = feed_.look();
    if (!look.problem.empty() && !picture_)
        problem_->setText(QString::fromStdString(look.problem), QString::fromStdString(look.advice));
    pages_->setCurrentWidget(!look.problem.empty() && !picture_ ? static_cast<QWidget*>(problem_)
                             : feed_.asked()                    ? main_
                                                                : static_cast<QWidget*>(empty_));
    stripBlock_->setVisible(look.all > 1 || entries_.size() > 1);
    // The keyboard waited at the view while there was no picture to take it.
    if (pages_->currentWidget() == main_ && window()->focusWidget() == this) canvas_->setFocus(Qt::OtherFocusReason);
}

}  // namespace vl
