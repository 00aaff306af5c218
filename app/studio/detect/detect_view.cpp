// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/detect/detect_view.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QPushButton>
#include <QSettings>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "app/studio/shell/action_registry.h"
#include "app/studio/shell/engine_link.h"
#include "app/studio/shell/run_store.h"
#include "app/studio/shell/selection.h"
#include "app/studio/shell/studio_settings.h"
#include "engine/core/resource_paths.h"
#include "widgets/empty_view.h"
#include "widgets/marks.h"

namespace vl {
namespace {

constexpr std::uint64_t kIdBase = std::uint64_t{7} << 32;  // other views count from other ones
constexpr int kAttentionMs = 120;  // a hand that only crosses objects asks for nothing
constexpr int kFigureMs = 250;

}  // namespace

View* makeDetectView(StudioContext& context) { return new DetectView(context); }

DetectView::DetectView(StudioContext& context, QWidget* parent)
    : View(context, parent),
      feed_(context.link.engine(), ModelTask::Detect, kIdBase),
      models_(context.runs, ModelTask::Detect, resourceFolder() / "demo"),
      panel_(new DetectPanel) {
    attentionTimer_.setSingleShot(true);
    attentionTimer_.setInterval(kAttentionMs);
    figureTimer_.setSingleShot(true);
    figureTimer_.setInterval(kFigureMs);
    saveTimer_.setSingleShot(true);
    saveTimer_.setInterval(kFigureMs);
    build();
    setAcceptDrops(true);
    connectParts();
    panel_->installEventFilter(this);
    loadChoices();
    models_.scan();
    onModels();
    refreshPages();
    refreshModel();
    refreshDetect();
    refreshFigures();
}

DetectView::~DetectView() {
    saveChoices();
    canvas_->disconnect(this);  // focus leaves late
    delete panel_;
}

void DetectView::build() {
    pages_ = new QStackedWidget;
    empty_ = new EmptyView(QStringLiteral("square"), tr("Drop a picture, a folder or a video"),
                           tr("It is searched as soon as it lands. A picture can also be pasted."));
    empty_->setTakesDrops(true);
    problem_ = new EmptyView(QStringLiteral("warning"), {}, {});
    problem_->setTakesDrops(true);
    main_ = new QWidget;
    header_ = new DetectHeader;
    progress_ = new ThinProgress;
    progress_->keepItsPlace();
    note_ = new ProblemRow(Tone::Warning);
    note_->hide();
    canvas_ = new BoxCanvas;
    facts_ = new FactLine;
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto* column = new QVBoxLayout(main_);
    column->setContentsMargins(16, 0, 16, 8);
    column->setSpacing(0);
    column->addWidget(progress_);
    column->addWidget(note_);
    column->addWidget(canvas_, 1);
    column->addSpacing(2);
    column->addWidget(facts_);
    column->addWidget(makeStripBlock());
    auto* top = new QWidget;
    auto* head = new QVBoxLayout(top);
    head->setContentsMargins(16, 0, 16, 0);
    head->addWidget(header_);
    layout->addWidget(top);
    for (QWidget* page : {static_cast<QWidget*>(empty_), static_cast<QWidget*>(problem_), main_})
        pages_->addWidget(page);
    layout->addWidget(pages_, 1);
    const auto action = [this](const char* id) {
        return [this, id] {
            if (QAction* found = context_.actions.find(QLatin1String(id))) found->trigger();
        };
    };
    connect(empty_->addButton(tr("Open picture"), QStringLiteral("image")), &QPushButton::clicked, this,
            action("detect.open"));
    connect(empty_->addButton(tr("Open folder"), QStringLiteral("folder")), &QPushButton::clicked, this,
            action("detect.openFolder"));
    connect(problem_->addButton(tr("Open model"), QStringLiteral("folder")), &QPushButton::clicked, this,
            action("detect.openModel"));
    connect(problem_->addButton(tr("Open picture"), QStringLiteral("image")), &QPushButton::clicked, this,
            action("detect.open"));
}

QWidget* DetectView::makeStripBlock() {
    stripBlock_ = new QWidget;
    auto* layout = new QVBoxLayout(stripBlock_);
    layout->setContentsMargins(0, 4, 0, 0);
    layout->setSpacing(4);
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    stripNote_ = new ElidedLabel({}, Type::Secondary, Tone::Text2);
    sort_ = new SegmentedControl({tr("Worst first"), tr("In order")});
    sort_->setAccessibleName(tr("Order of the pictures"));
    sort_->setToolTip(tr("Worst: the pictures with the most wrong objects"));
    sort_->setCurrent(1);
    row->addWidget(makeLabel(tr("Images"), Type::SecondaryStrong));
    row->addWidget(stripNote_, 1);
    row->addWidget(sort_);
    row->addSpacing(8);
    row->addWidget(makeLabel(tr("previous, next"), Type::Secondary, Tone::Text2));
    row->addWidget(new KeyCap(QStringLiteral("Alt+Left")));
    row->addWidget(new KeyCap(QStringLiteral("Alt+Right")));
    strip_ = new PictureStrip;
    layout->addLayout(row);
    layout->addWidget(strip_);
    stripBlock_->hide();
    return stripBlock_;
}

void DetectView::connectParts() {
    connect(&feed_, &DenseFeed::changed, this, &DetectView::onLook);
    connect(&feed_, &DenseFeed::answered, this, &DetectView::onAnswer);
    connect(&loader_, &PictureLoader::thumbMade, strip_, &PictureStrip::setThumb);
    connect(&loader_, &PictureLoader::fetched, this, [this](int index, std::shared_ptr<const DensePicture> whole) {
        fetching_ = -1;
        if (index != at_) return;
        whole_ = std::move(whole);
        takePicture();
    });
    connect(&loader_, &PictureLoader::failed, this, [this](int, const QString& problem, const QString& advice) {
        context_.report(QStringLiteral("warning"), problem, advice);
    });
    connect(canvas_, &BoxCanvas::hoveredChanged, this, [this](int mark) { hover(mark, false); });
    connect(canvas_, &BoxCanvas::selectedChanged, this, &DetectView::select);
    connect(canvas_, &BoxCanvas::stepped, this, &DetectView::step);
    connect(canvas_, &BoxCanvas::toggled, this, [this](const QString& what) {
        if (what != QLatin1String("truth")) return panel_->toggle(what);
        if (shown_.judged) setSide(filter_.side == ShownSide::Truth ? ShownSide::Both : ShownSide::Truth);
    });
    connect(canvas_, &BoxCanvas::zoomChanged, this, &DetectView::refreshCursor);
    connect(canvas_, &BoxCanvas::cursorMoved, this, [this](const QPointF& point, bool inside) {
        pixel_ = inside ? tr("%1, %2").arg(int(point.x())).arg(int(point.y())) : QString();
        refreshCursor();
    });
    ObjectTable& table = panel_->table();
    connect(&table, &ObjectTable::hoveredChanged, this, [this](int mark) { hover(mark, true); });
    connect(&table, &ObjectTable::selectedChanged, this, &DetectView::select);
    connect(&table, &ObjectTable::stepped, this, &DetectView::step);
    table.setContextMenuPolicy(Qt::CustomContextMenu);
    connect(&table, &QWidget::customContextMenuRequested, this, &DetectView::tableMenu);
    connect(strip_, &PictureStrip::chosen, this, &DetectView::showPicture);
    connect(sort_, &SegmentedControl::currentChanged, this, [this] { sortStrip(); });
    connect(header_, &DetectHeader::sideChosen, this, &DetectView::setSide);
    connect(header_, &DetectHeader::cancelRequested, this, &DetectView::cancel);
    connect(panel_, &DetectPanel::thresholdMoved, this, &DetectView::setThreshold);
    connect(panel_, &DetectPanel::choicesChanged, this, &DetectView::onChoices);
    connect(panel_, &DetectPanel::detectRequested, this, &DetectView::detect);
    connect(panel_, &DetectPanel::weightsChosen, this, &DetectView::detect);
    connect(panel_, &DetectPanel::modelChosen, this, [this](int index) {
        openModel(models_.models()[static_cast<std::size_t>(index)].info.file);
    });
    connect(&models_, &DenseModels::changed, this, &DetectView::onModels);
    connect(&attentionTimer_, &QTimer::timeout, this, &DetectView::askAttention);
    connect(&saveTimer_, &QTimer::timeout, this, &DetectView::saveChoices);
    connect(&figureTimer_, &QTimer::timeout, this, [this] {
        refreshStrip();
        sortStrip();
    });
    connect(&context_.selection, &Selection::checkpointChanged, this, &DetectView::onCheckpointChosen);
    connect(&context_.selection, &Selection::imageChanged, this, &DetectView::refreshDetect);
    connect(&context_.link, &EngineLink::statusChanged, this, [this] {
        if (!active_) return;
        refreshModel();
        feed_.follow(context_.link.status());
    });
}

void DetectView::loadChoices() {
    const auto settings = openStudioSettings();
    auto value = [&](const char* key, const QVariant& otherwise) {
        return settings->value(QStringLiteral("detect/") + QLatin1String(key), otherwise);
    };
    DetectPanel::Choices c;
    c.look = {value("masks", true).toBool(), value("boxes", true).toBool(), value("labels", true).toBool(),
              value("opacity", 0.45).toDouble()};
    panel_->setChoices(c);
    filter_.threshold = value("threshold", 0.3).toDouble();
    panel_->setThreshold(filter_.threshold);
    onChoices();
}

void DetectView::saveChoices() const {
    if (!panel_) return;
    const auto settings = openStudioSettings();
    const auto put = [&](const char* key, const QVariant& value) {
        settings->setValue(QStringLiteral("detect/") + QLatin1String(key), value);
    };
    const BoxCanvas::Look look = panel_->choices().look;
    put("masks", look.masks);
    put("boxes", look.boxes);
    put("labels", look.labels);
    put("opacity", look.opacity);
    put("threshold", filter_.threshold);
}

void DetectView::setActive(bool active) {
    const bool was = active_;
    View::setActive(active);
    if (!active && was) saveChoices();
    if (!active || was) return;
    models_.scan();
    refreshModel();
    refreshDetect();
    feed_.follow(context_.link.status());
    canvas_->setFocus(Qt::OtherFocusReason);
}

void DetectView::waitForPictures() {
    loader_.wait();
    canvas_->layers().wait();
}

}  // namespace vl
