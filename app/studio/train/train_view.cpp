// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/train/train_view.h"

#include <QActionGroup>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QResizeEvent>
#include <QVBoxLayout>

#include "app/studio/shell/action_registry.h"
#include "app/studio/shell/engine_link.h"
#include "app/studio/shell/run_store.h"
#include "app/studio/shell/selection.h"
#include "app/studio/train/film_strip.h"
#include "app/studio/train/gallery_grid.h"
#include "app/studio/train/new_run_page.h"
#include "app/studio/train/sample_table.h"
#include "app/studio/train/train_charts.h"
#include "app/studio/train/train_header.h"
#include "app/studio/train/train_properties.h"
#include "engine/api/model_spec.h"
#include "engine/core/error.h"
#include "widgets/chart_export.h"
#include "widgets/empty_view.h"
#include "widgets/labels.h"

namespace vl {
namespace {

/// Width of the view in a window of 1920, both docks open: from here the pictures stand beside the charts.
constexpr int kWide = 1340;
constexpr double kDefaultSmoothing = 0.9;

}  // namespace

TrainView::TrainView(StudioContext& context, QWidget* parent) : View(context, parent) {
    samples_ = new SampleModel(this);
    panel_ = new TrainProperties(context, *samples_, this);
    panel_->hide();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    pages_ = new QStackedWidget;
    layout->addWidget(pages_);
    pages_->addWidget(makeEmptyPage());
    pages_->addWidget(makeRunPage());
    newRun_ = new NewRunPage(context);
    pages_->addWidget(newRun_);
    makeExportMenu();
    connectAll();
    header_->setSmoothing(kDefaultSmoothing);
}

TrainView::~TrainView() = default;

QWidget* TrainView::makeEmptyPage() {
    auto* empty = new EmptyView("chart", tr("No run selected"), tr("Start one, or open the folder of an earlier run."));
    connect(empty->addButton(tr("New run"), "plus"), &QPushButton::clicked, this, &TrainView::showNewRun);
    connect(empty->addButton(tr("Open run folder"), "folder"), &QPushButton::clicked, this, [this] {
        const QString folder = QFileDialog::getExistingDirectory(this, tr("Open run folder"));
        if (!folder.isEmpty()) context_.runs.open(folder.toStdString());
    });
    empty->setTakesDrops(true);
    return empty;
}

QWidget* TrainView::makeRunPage() {
    auto* page = new QWidget;
    auto* outer = new QVBoxLayout(page);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->setSpacing(0);
    header_ = new TrainHeader;
    charts_ = new TrainCharts(context_);
    charts_->setContentsMargins(16, 0, 16, 4);
    validation_ = makeValidation();
    separator_ = makeSeparator(Qt::Horizontal);
    tableBox_ = new QWidget;
    auto* tableLayout = new QVBoxLayout(tableBox_);
    tableLayout->setContentsMargins(16, 0, 16, 8);
    tableLayout->setSpacing(0);
    table_ = new SampleTable(*samples_);
    tableLayout->addWidget(makeSectionTitle(tr("Samples by loss")));
    tableLayout->addWidget(table_, 1);
    tableBox_->hide();
    side_ = new QWidget;
    auto* sideLayout = new QVBoxLayout(side_);
    sideLayout->setContentsMargins(0, 0, 0, 0);
    sideLayout->setSpacing(0);
    sideLayout->addWidget(separator_);
    sideLayout->addWidget(validation_);
    sideLayout->addWidget(tableBox_, 1);
    film_ = new FilmStrip;
    film_->hide();
    sideLayout->addWidget(film_, 1);
    outer->addWidget(header_);
    auto* box = new QWidget;
    body_ = new QBoxLayout(QBoxLayout::TopToBottom, box);
    body_->setContentsMargins(0, 0, 0, 0);
    body_->setSpacing(0);
    body_->addWidget(charts_, 1);
    body_->addWidget(side_);
    outer->addWidget(box, 1);
    return page;
}

QWidget* TrainView::makeValidation() {
    auto* box = new QWidget;
    box->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    auto* layout = new QVBoxLayout(box);
    layout->setContentsMargins(14, 0, 16, 6);
    layout->setSpacing(2);
    auto* head = new QHBoxLayout;
    head->setSpacing(8);
    head->setContentsMargins(2, 0, 0, 0);
    head->addWidget(makeSectionTitle(tr("Validation")));
    galleryPlace_ = new ElidedLabel({}, Type::Secondary, Tone::Text2);
    galleryCount_ = makeLabel({}, Type::Number, Tone::Text2);
    galleryCount_->setTextFormat(Qt::RichText);
    auto* all = makeButton(tr("All samples"), {}, ButtonKind::Quiet);
    head->addWidget(galleryPlace_, 1);
    head->addWidget(galleryCount_);
    head->addWidget(all);
    layout->addLayout(head);
    // The pictures follow at once.
    head->itemAt(0)->widget()->setFixedHeight(32);
    gallery_ = new GalleryGrid;
    layout->addWidget(gallery_);
    connect(all, &QPushButton::clicked, this, [this] { panel_->showTab(TrainProperties::Samples); });
    return box;
}

void TrainView::connectAll() {
    connect(header_, &TrainHeader::smoothingChanged, this, [this](double beta) {
        charts_->setSmoothing(beta);
        refreshNumbers();
        charts_->tick();
    });
    connect(header_, &TrainHeader::xModeChanged, this, [this](XMode mode) {
        charts_->setXMode(mode);
        charts_->tick();
    });
    const auto setLog = [this](bool log) {
        charts_->setLog(log);
        header_->setLog(log);
        charts_->tick();
    };
    connect(header_, &TrainHeader::logChanged, this, setLog);
    connect(charts_, &TrainCharts::logToggled, this, [this, setLog] { setLog(!charts_->log()); });
    connect(charts_, &TrainCharts::eventClicked, this, [this](int index) {
        panel_->showTab(TrainProperties::Events);
        panel_->events().reveal(index);
    });
    connect(gallery_, &GalleryGrid::chosen, this, &TrainView::chooseSample);
    connect(gallery_, &GalleryGrid::opened, this, [this] { context_.showView("inspect"); });
    connect(table_, &SampleTable::chosen, this, &TrainView::chooseSample);
    connect(panel_, &TrainProperties::sampleChosen, this, &TrainView::chooseSample);
    connect(panel_, &TrainProperties::stepChosen, this, [this](qint64 step) { charts_->showStep(step); });
    connect(panel_, &TrainProperties::newRunRequested, this, &TrainView::newRunFrom);
    connectFilm();
    connect(newRun_, &NewRunPage::left, this, [this] {
        wantsNewRun_ = false;
        changeRun();
    });
    connect(newRun_, &NewRunPage::started, this, [this] { wantsNewRun_ = false; });

    EngineLink& link = context_.link;
    connect(&link, &EngineLink::metricsAdded, this, &TrainView::onMetrics);
    connect(&link, &EngineLink::statusChanged, this, &TrainView::onStatus);
    connect(&link, &EngineLink::eventsAdded, this, &TrainView::onEvents);
    connect(&link, &EngineLink::galleryChanged, this, &TrainView::onGallery);
    connect(&link, &EngineLink::runReplaced, this, [this] {
        // A run that just started is what people want to see.
        wantsNewRun_ = false;
        if (!context_.link.status().folder.empty()) context_.selection.setRun(context_.link.status().folder);
        run_.reset();
        changeRun();
    });
    connect(&context_.selection, &Selection::runChanged, this, [this] {
        wantsNewRun_ = false;
        changeRun();
    });
    connect(&context_.runs, &RunStore::runAdded, this, &TrainView::changeRun);
    connect(&context_.runs, &RunStore::runChanged, this, &TrainView::changeRun);
}

void TrainView::useSchedule(const SoftMaskSettings& schedule) {
    RunSettings settings = newRun_->form().baseline();
    try {
        settings = newRun_->settings();
    } catch (const Error&) {
        // Half-typed fields do not keep the curve out; they go back to what they were.
    }
    settings.softMask = schedule;
    newRun_->setSettings(settings, {});
}

void TrainView::resizeEvent(QResizeEvent* event) {
    View::resizeEvent(event);
    arrange();
}

void TrainView::arrange() {
    const bool wide = width() >= kWide;
    if (wide != wide_) {
        wide_ = wide;
        body_->setDirection(wide ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
        separator_->setVisible(!wide);
        gallery_->setRows(wide ? 2 : 1);
        film_->setWide(wide);
        charts_->setRoomy(wide);
        refreshSide();
    }
    // Six pictures of 100 and the margins, more where the window is very wide.
    body_->invalidate();
    side_->setMinimumWidth(0);
    side_->setMaximumWidth(QWIDGETSIZE_MAX);
    if (wide) side_->setFixedWidth(std::max(516, width() * 32 / 100));
}

void TrainView::makeExportMenu() {
    QMenu* menu = header_->exportMenu();
    const auto add = [&](const QString& text, const QString& suffix) {
        connect(menu->addAction(text), &QAction::triggered, this, [this, suffix] { chooseExport(suffix); });
    };
    add(tr("PDF for print…"), "pdf");
    add(tr("SVG drawing…"), "svg");
    add(tr("PNG picture, 300 dpi…"), "png");
    add(tr("CSV values…"), "csv");
    menu->addSeparator();
    QMenu* sizes = menu->addMenu(tr("Width"));
    auto* group = new QActionGroup(sizes);
    for (const double cm : {8.5, 12.0, 16.0, 24.0}) {
        QAction* action = sizes->addAction(tr("%1 cm").arg(cm));
        action->setCheckable(true);
        action->setChecked(cm == exportWidthCm_);
        group->addAction(action);
        connect(action, &QAction::triggered, this, [this, cm] { exportWidthCm_ = cm; });
    }
}

void TrainView::chooseExport(const QString& suffix) {
    const QString name = (run_ ? run_->name : QStringLiteral("chart")) + '.' + suffix;
    const QString file = QFileDialog::getSaveFileName(this, tr("Export charts"), name, '*' + ('.' + suffix));
    if (!file.isEmpty()) exportTo(QFileInfo(file).suffix().isEmpty() ? file + '.' + suffix : file);
}

void TrainView::exportTo(const QString& file) {
    try {
        exportChart(chartDocument(charts_->stack(), run_ ? run_->name : QString()), file, {exportWidthCm_, 0, 300});
        context_.report("info", tr("Charts written to %1.").arg(file), {});
    } catch (const Error& error) {
        context_.report("error", QString::fromStdString(error.message()), QString::fromStdString(error.hint()));
    }
}

void TrainView::registerActions() {
    ActionRegistry& actions = context_.actions;
    const QString section = tr("Train");
    const auto needsRun = [this] { return run_ ? QString() : tr("No run is selected."); };
    actions.add(
        "train.export", tr("Export charts as PDF…"), section, QKeySequence("Ctrl+E"), [this] { chooseExport("pdf"); },
        needsRun, "download");
    actions.add(
        "train.exportCsv", tr("Export values as CSV…"), section, {}, [this] { chooseExport("csv"); }, needsRun,
        "download");
    actions.add(
        "train.log", tr("Log or linear loss"), section, {}, [this] { header_->setLog(!charts_->log()); }, needsRun,
        "chart");
    actions.add(
        "train.resetZoom", tr("Show the whole run"), section, {}, [this] { charts_->resetZoom(); }, needsRun,
        "zoom-reset");
    actions.add(
        "train.smoothMore", tr("Smooth more"), section, {},
        [this] { header_->setSmoothing(smoothingAt(smoothingPosition(header_->smoothing()) + 10)); }, needsRun,
        "sliders");
    actions.add(
        "train.smoothLess", tr("Smooth less"), section, {},
        [this] { header_->setSmoothing(smoothingAt(smoothingPosition(header_->smoothing()) - 10)); }, needsRun,
        "sliders");
    actions.addCanvasKey("train.canvasLog", tr("Log or linear scale of the loss"), section, "L");
    actions.addCanvasKey("train.canvasReset", tr("Show the whole run (also double click)"), section, "0");
    actions.addCanvasKey("train.canvasLeft", tr("Move the chart cursor left"), section, "Left");
    actions.addCanvasKey("train.canvasRight", tr("Move the chart cursor right"), section, "Right");
    actions.addCanvasKey("train.filmLeft", tr("Film: the frame before"), section, "Left");
    actions.addCanvasKey("train.filmRight", tr("Film: the next frame"), section, "Right");
    actions.addCanvasKey("train.filmRow", tr("Film: another class"), section, "Up / Down");
    actions.addCanvasKey("train.filmClass", tr("Film: one class large, or all"), section, "Enter");
    actions.addCanvasKey("train.filmPlay", tr("Film: play or stop"), section, "Space");
    actions.addCanvasKey("train.filmUnpin", tr("Film: back to the newest frame"), section, "Esc");
}

void TrainView::prepareForScreenshot() {
    changeRun();
    onGallery();
    ChartAxis& axis = charts_->stack().axis();
    const double end = axis.now().value_or(axis.upper());
    axis.setCursor(axis.lower() + (end - axis.lower()) * 0.8);
    charts_->tick();
}

}  // namespace vl
