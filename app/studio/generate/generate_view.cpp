// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/generate/generate_view.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSlider>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include "app/studio/shell/action_registry.h"
#include "app/studio/shell/engine_link.h"
#include "app/studio/shell/run_store.h"
#include "app/studio/shell/selection.h"
#include "engine/core/resource_paths.h"
#include "widgets/empty_view.h"
#include "widgets/labels.h"

namespace vl {

View* makeGenerateView(StudioContext& context) { return new GenerateView(context); }

GenerateView::GenerateView(StudioContext& context, QWidget* parent)
    : View(context, parent),
      models_(context.runs, resourceFolder() / "demo"),
      results_(context.runs.runsFolder().parent_path() / "samples"),
      feed_(context.link.engine()),
      panel_(new GeneratePanel) {
    build();
    player_.setInterval(100);
    setAcceptDrops(true);
    connectParts();
    connectFeed();
    models_.scan();
    results_.list();
    onModels();
    takeShown();
}

GenerateView::~GenerateView() {
    for (QWidget* each : {static_cast<QWidget*>(grid_), static_cast<QWidget*>(history_)})
        each->disconnect(this);  // focus leaves late
    results_.wait();
    delete panel_;
}

void GenerateView::build() {
    pages_ = new QStackedWidget;
    empty_ = new EmptyView(QStringLiteral("grid"), tr("No model that makes pictures yet"),
                           tr("Train a denoiser (New run, task generate), or drop its checkpoint here."));
    empty_->setTakesDrops(true);
    start_ = new EmptyView(
        QStringLiteral("grid"), tr("Nothing generated yet"),
        tr("Choose a method and classes at the right, then generate. Drop a saved grid here to make it again."));
    start_->setTakesDrops(true);
    main_ = new QWidget;
    header_ = new GenerateHeader;
    grid_ = new SampleGrid;
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto* top = new QWidget;
    auto* head = new QVBoxLayout(top);
    head->setContentsMargins(16, 0, 16, 0);
    head->addWidget(header_);
    layout->addWidget(top);
    layout->addWidget(pages_, 1);
    auto* column = new QVBoxLayout(main_);
    column->setContentsMargins(16, 0, 12, 4);  // the selection's line needs 4 px beside the last column
    column->setSpacing(2);
    column->addWidget(grid_, 1);
    column->addWidget(makeScrubRow());
    column->addWidget(makeStripRow());
    for (QWidget* page : {static_cast<QWidget*>(empty_), static_cast<QWidget*>(start_), main_})
        pages_->addWidget(page);
    layout->addWidget(makeSeparator(Qt::Horizontal));
    layout->addWidget(makeHistoryRow());
    connect(empty_->addButton(tr("New run"), QStringLiteral("plus")), &QPushButton::clicked, this, [this] {
        if (QAction* action = context_.actions.find(QStringLiteral("run.new"))) action->trigger();
    });
    connect(empty_->addButton(tr("Open checkpoint"), QStringLiteral("folder")), &QPushButton::clicked, this,
            [this] { Q_EMIT panel_->form().openRequested(); });
    connect(start_->addButton(tr("Generate"), QStringLiteral("play")), &QPushButton::clicked, this,
            &GenerateView::generate);
}

QWidget* GenerateView::makeScrubRow() {
    auto* row = new QWidget;
    row->setFixedHeight(28);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 4, 0);
    layout->setSpacing(0);
    play_ = makeIconButton(QStringLiteral("play"), tr("Play the frames (Space)"));
    scrub_ = new QSlider(Qt::Horizontal);
    scrub_->setAccessibleName(tr("Frame"));
    scrub_->setPageStep(1);
    layout->addWidget(play_);
    layout->addSpacing(SampleGrid::labelWidth - 28);
    layout->addWidget(scrub_, 1);
    return row;
}

QWidget* GenerateView::makeStripRow() {
    auto* row = new QWidget;
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto* side = new QWidget;
    side->setFixedWidth(SampleGrid::labelWidth - 2);  // the strip leaves 2 px for the current frame's line
    auto* words = new QVBoxLayout(side);
    words->setContentsMargins(0, 2, 8, 0);
    words->setSpacing(2);
    stripCell_ = new ElidedLabel({}, Type::Caption, Tone::Text2);
    stripStep_ = new ElidedLabel({}, Type::Caption, Tone::Text2);
    words->addWidget(makeLabel(tr("Frames"), Type::Secondary));
    words->addWidget(stripCell_);
    words->addWidget(stripStep_);
    words->addStretch();
    strip_ = new FrameStrip(64);
    layout->addWidget(side);
    layout->addWidget(strip_, 1);
    return row;
}

QWidget* GenerateView::makeHistoryRow() {
    auto* row = new QWidget;
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(16, 2, 16, 2);
    layout->setSpacing(8);
    auto* side = new QWidget;
    side->setFixedWidth(SampleGrid::labelWidth - 10);
    auto* words = new QVBoxLayout(side);
    words->setContentsMargins(0, 0, 0, 0);
    words->setSpacing(2);
    filter_ = new QLineEdit;
    filter_->setPlaceholderText(tr("Filter"));
    filter_->setClearButtonEnabled(true);
    filter_->setAccessibleName(tr("Filter the history by model and settings"));
    filter_->setToolTip(filter_->accessibleName());
    words->addWidget(makeLabel(tr("History"), Type::Secondary));
    words->addWidget(filter_);
    history_ = new HistoryStrip;
    layout->addWidget(side);
    layout->addWidget(history_, 1);
    return row;
}

void GenerateView::connectParts() {
    connect(&models_, &DenoiserList::changed, this, &GenerateView::onModels);
    connect(&results_, &ResultStore::listed, this, [this] { history_->setResults(results_.results()); });
    connect(filter_, &QLineEdit::textChanged, history_, &HistoryStrip::setFilter);
    connect(history_, &HistoryStrip::opened, this, &GenerateView::openResult);
    connect(history_, &HistoryStrip::blinked, this, &GenerateView::blink);
    connect(history_, &HistoryStrip::menuRequested, this, &GenerateView::historyMenu);
    connect(header_, &GenerateHeader::pauseRequested, this, &GenerateView::pauseOrContinue);
    connect(header_, &GenerateHeader::stepRequested, this, &GenerateView::step);
    connect(header_, &GenerateHeader::stopRequested, this, &GenerateView::stop);
    connect(header_, &GenerateHeader::saveRequested, this, [this] { saveAs(-1); });
    connect(header_, &GenerateHeader::cleanChosen, this, &GenerateView::setClean);
    connect(grid_, &SampleGrid::selectedChanged, this, [this] {
        refreshStrip();
        refreshSelected();
    });
    connect(grid_, &SampleGrid::frameStepped, this, [this](int by) { setFrame(frame_ + by); });
    connect(grid_, &SampleGrid::playToggled, this, &GenerateView::togglePlay);
    connect(grid_, &SampleGrid::viewToggled, this, [this] { setClean(!clean_); });
    connect(grid_, &SampleGrid::blinkChanged, this, [this](bool held) {
        // Against the newest stored grid that is not the open one.
        for (int i = 0; i < std::ssize(history_->shown()); ++i)
            if (const auto& folder = history_->result(i).info.folder; folder != shown_.folder)
                return blink(folder, held);
    });
    connect(grid_, &SampleGrid::pressed, this, &GenerateView::prepareDrag);
    connect(grid_, &SampleGrid::dragStarted, this, &GenerateView::startDrag);
    connect(grid_, &SampleGrid::menuRequested, this, &GenerateView::cellMenu);
    connect(strip_, &FrameStrip::chosen, this, &GenerateView::setFrame);
    connect(play_, &QToolButton::clicked, this, &GenerateView::togglePlay);
    connect(scrub_, &QSlider::valueChanged, this, [this](int value) {
        if (!setting_) setFrame(value);
    });
    connect(&player_, &QTimer::timeout, this, [this] {
        if (frame_ + 1 < std::ssize(shown_.frames)) return setFrame(frame_ + 1);
        if (!feed_.active() || !shown_.live) togglePlay();
    });
    SamplerForm& form = panel_->form();
    connect(&form, &SamplerForm::edited, this, &GenerateView::refreshGenerate);
    connect(&form, &SamplerForm::modelChosen, this, [this] { wantedModel_.clear(); });
    connect(panel_, &GeneratePanel::generateRequested, this, &GenerateView::generate);
    connect(panel_, &GeneratePanel::interpolateRequested, this, &GenerateView::interpolate);
    connect(panel_, &GeneratePanel::keepSeed, this, &GenerateView::keepSeed);
    connect(&panel_->sample(), &SamplePage::asked, this, [this](const CellQuestion& question) {
        if (shown_.live) feed_.question(question);
    });
    connect(&context_.selection, &Selection::checkpointChanged, this, &GenerateView::onCheckpointChosen);
}

void GenerateView::setActive(bool active) {
    const bool was = active_;
    View::setActive(active);
    if (!active && player_.isActive()) togglePlay();
    if (!active || was) return;
    models_.scan();
    if (feed_.active()) feed_.stayAwake();
    refreshFrame();
    grid_->setFocus(Qt::OtherFocusReason);
}

void GenerateView::onModels() {
    const Denoiser* chosen = panel_->form().model();
    panel_->form().setModels(models_.models(), !wantedModel_.empty() ? wantedModel_
                                               : chosen              ? chosen->info.file
                                                                     : std::filesystem::path());
    refreshPage();
    refreshGenerate();
}

void GenerateView::refreshPage() {
    QWidget* page = !shown_.empty() ? main_ : models_.models().empty() ? static_cast<QWidget*>(empty_) : start_;
    const GenerationStatus& status = feed_.status();
    if (shown_.empty() && status.state == GenerationState::Loading)
        start_->setText(tr("Loading the model"), tr("%1 % read").arg(static_cast<int>(status.share * 100)));
    else if (shown_.empty() && status.state == GenerationState::Failed)
        start_->setText(QString::fromStdString(status.problem), QString::fromStdString(status.advice));
    pages_->setCurrentWidget(page);
}

}  // namespace vl
