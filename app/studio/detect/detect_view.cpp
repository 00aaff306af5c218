// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/detect/detect_view.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSettings>
#include <QStackedWidget>
#include <QToolButton>
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
    canvas_ = new BoxCanvas;
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto* column = new QVBoxLayout(main_);
    column->setContentsMargins(16, 0, 16, 6);
    column->setSpacing(0);
    column->addWidget(header_);
    column->addWidget(canvas_, 1);
    column->addWidget(makeStatusRow());
    column->addWidget(makeStripBlock());
    for (QWidget* page : {static_cast<QWidget*>(empty_), static_cast<QWidget*>(problem_), main_})
        pages_->addWidget(page);
    layout->addWidget(pages_);
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

QWidget* DetectView::makeStatusRow() {
    auto* row = new QWidget;
    row->setFixedHeight(28);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(makeLabel(tr("Pixel"), Type::Caption, Tone::Text2));
    layout->addWidget(pixel_ = makeLabel({}, Type::CaptionNumber));
    pixel_->setFixedWidth(84);
    layout->addWidget(under_ = new ElidedLabel({}, Type::Caption), 1);
    layout->addWidget(makeLabel(tr("zoom"), Type::Caption, Tone::Text2));
    layout->addWidget(zoom_ = makeLabel({}, Type::CaptionNumber));
    zoom_->setMinimumWidth(44);
    zoom_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    return row;
}

QWidget* DetectView::makeStripBlock() {
    stripBlock_ = new QWidget;
    auto* layout = new QVBoxLayout(stripBlock_);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    stripNote_ = makeLabel({}, Type::Caption, Tone::Text2);
    sort_ = new QToolButton;
    sort_->setText(tr("Worst first"));
    sort_->setCheckable(true);
    sort_->setToolTip(tr("Pictures with the most wrong objects stand first"));
    row->addWidget(makeLabel(tr("Images"), Type::SecondaryStrong));
    row->addWidget(stripNote_);
    row->addStretch();
    row->addWidget(sort_);
    row->addSpacing(8);
    row->addWidget(makeLabel(tr("previous, next"), Type::Caption, Tone::Text2));
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
    connect(canvas_, &BoxCanvas::zoomChanged, this,
            [this](double zoom) { zoom_->setText(tr("%1 %").arg(qRound(zoom * devicePixelRatioF() * 100))); });
    connect(canvas_, &BoxCanvas::cursorMoved, this, [this](const QPointF& point, bool inside) {
        pixel_->setText(inside ? tr("%1, %2").arg(int(point.x())).arg(int(point.y())) : QString());
    });
    ObjectTable& table = panel_->table();
    connect(&table, &ObjectTable::hoveredChanged, this, [this](int mark) { hover(mark, true); });
    connect(&table, &ObjectTable::selectedChanged, this, &DetectView::select);
    connect(&table, &ObjectTable::stepped, this, &DetectView::step);
    table.setContextMenuPolicy(Qt::CustomContextMenu);
    connect(&table, &QWidget::customContextMenuRequested, this, &DetectView::tableMenu);
    connect(strip_, &PictureStrip::chosen, this, &DetectView::showPicture);
    connect(sort_, &QToolButton::toggled, this, &DetectView::sortStrip);
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
        if (active_) refreshModel();
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
    canvas_->setFocus(Qt::OtherFocusReason);
}

void DetectView::waitForPictures() {
    loader_.wait();
    canvas_->layers().wait();
}

}  // namespace vl
