// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/schedules/schedules_view.h"

#include <algorithm>
#include <cmath>

#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "app/studio/inspect/sample_picture.h"
#include "app/studio/shell/engine_link.h"
#include "app/studio/shell/run_store.h"
#include "app/studio/shell/selection.h"
#include "widgets/labels.h"

namespace vl {
namespace {

constexpr std::uint64_t idBase = std::uint64_t{2} << 32;  // the inspect view counts from another one

}  // namespace

SchedulesView::SchedulesView(StudioContext& context, QWidget* parent)
    : View(context, parent),
      header_(new ScheduleHeader(draft_.undoStack())),
      editor_(new CurveEditor),
      rate_(new LinePlot),
      kept_(new LinePlot),
      bottom_(new QWidget),
      mask_(new MaskPreview(bottom_)),
      bars_(new KeptMassBars(bottom_)),
      panel_(new SchedulePanel(draft_)) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto* top = new QWidget;
    auto* column = new QVBoxLayout(top);
    column->setContentsMargins(16, 0, 16, 0);
    column->setSpacing(0);
    column->addWidget(header_);
    column->addWidget(editor_, 10);
    column->addWidget(rate_, 4);
    auto* below = new QVBoxLayout;
    below->setContentsMargins(16, 12, 16, 8);
    below->addWidget(bottom_);
    layout->addWidget(top, 14);
    layout->addWidget(makeSeparator(Qt::Horizontal));
    layout->addLayout(below, 10);
    kept_->setParent(bottom_);
    kept_->setTitle(tr("Mean kept mass"), true);
    kept_->setMarkerDraggable(true);
    rate_->setMargins(CurveEditor::leftMargin, CurveEditor::rightMargin);
    rate_->setMarkerDraggable(true);
    connectParts();
    setRunDefaults(RunSettings{});
    marker_ = draft_.length() * 0.25;
    refresh();
}

SchedulesView::~SchedulesView() { delete panel_; }

void SchedulesView::connectParts() {
    connect(&draft_, &ScheduleDraft::changedState, this, &SchedulesView::refresh);
    connect(header_, &ScheduleHeader::presetChosen, this,
            [this](const std::string& preset) { draft_.choosePreset(preset); });
    connect(header_, &ScheduleHeader::exportRequested, this, [this] {
        const QString file = QFileDialog::getSaveFileName(this, tr("Export schedule"), QStringLiteral("soft-mask.png"),
                                                          tr("Picture (*.png);;Vector picture (*.svg);;Table (*.csv)"));
        if (!file.isEmpty() && !exportCurve(file))
            context_.report(QStringLiteral("error"), tr("%1 could not be written.").arg(file),
                            tr("Choose another folder, and an ending .png, .svg or .csv."));
    });
    connect(editor_, &CurveEditor::nodeMoved, this,
            [this](int i, double x, double y, int gesture) { draft_.moveNode(i, x, y, gesture); });
    connect(editor_, &CurveEditor::nodeRemoved, this, [this](int i) { draft_.removeNode(i); });
    connect(editor_, &CurveEditor::nodeSelected, this, [this](int i) { panel_->setSelected(i); });
    const auto add = [this](double x, double y) {
        const int index = draft_.addNode(x, y);
        if (index < 0) return;
        editor_->setSelected(index);
        panel_->setSelected(index);
    };
    connect(editor_, &CurveEditor::nodeAdded, this, add);
    connect(panel_, &SchedulePanel::addRequested, this, [this, add] { add(marker_, -1); });
    connect(panel_, &SchedulePanel::nodeSelected, editor_, &CurveEditor::setSelected);
    connect(panel_, &SchedulePanel::useRequested, this, &SchedulesView::use);
    connect(panel_, &SchedulePanel::sampleRequested, this, [this] { takeSamplePicture(context_, nextSample_); });
    for (auto* plot : {rate_, kept_})
        connect(plot, &LinePlot::markerDragged, this, &SchedulesView::setMarker);
    connect(editor_, &CurveEditor::markerMoved, this, &SchedulesView::setMarker);
    connect(mask_, &MaskPreview::queryHovered, bars_, &KeptMassBars::setHoveredQuery);
    connect(bars_, &KeptMassBars::queryHovered, mask_, &MaskPreview::setHoveredQuery);
    connect(&job_, &AnalysisJob::ready, this, &SchedulesView::refreshKept);
    connect(&context_.selection, &Selection::imageChanged, this, [this] {
        askAgain_ = true;
        askPrediction();
    });
    connect(&context_.selection, &Selection::modelChanged, this, [this] {
        askAgain_ = true;
        askPrediction();
    });
    connect(&context_.selection, &Selection::runChanged, this, &SchedulesView::onRunSelected);
    connect(&context_.link, &EngineLink::statusChanged, this, &SchedulesView::onStatus);
    connect(&context_.link, &EngineLink::eventsAdded, this, &SchedulesView::confirmFromEngine);
    connect(&context_.link, &EngineLink::inspectionChanged, this, &SchedulesView::onInspection);
    connect(&context_.link, &EngineLink::noticed, this, &SchedulesView::onNotice);
}

bool SchedulesView::running() const { return isActive(context_.link.status().state); }

void SchedulesView::setActive(bool active) {
    const bool was = active_;
    View::setActive(active);
    if (active && !was) {
        requested_ = answered_;  // whatever was under way may have been replaced by another view's question
        askAgain_ = true;
        if (const auto seen = context_.link.inspection(); seen && attentionProblem(*seen).empty()) startAnalysis(seen);
        onStatus();
        askPrediction();
        editor_->setFocus(Qt::OtherFocusReason);
    } else if (was && !active && context_.selection.model().live) {
        context_.link.engine().cancelInspect();
    }
}

void SchedulesView::setRunDefaults(const RunSettings& settings, std::int64_t stepsPerEpoch) {
    defaults_ = settings;
    defaultSteps_ = stepsPerEpoch;
    if (running()) return;
    if (draft_.changed())
        draft_.followBaseline(settings.softMask);
    else
        draft_.setBaseline(settings.softMask);
    draft_.setTraining(settings.train, stepsPerEpoch);
    setMarker(std::min(marker_, draft_.length()));
}

void SchedulesView::onRunSelected() {
    if (running() || draft_.changed()) return;
    const auto run = context_.runs.find(context_.selection.run());
    if (!run || run->live) return;
    const auto& record = run->record;
    std::int64_t perEpoch = 0;
    if (!record.steps.empty() && record.steps.back().epoch > 0)
        perEpoch = std::llround(static_cast<double>(record.steps.back().step) / record.steps.back().epoch);
    setRunDefaults(record.settings, perEpoch);
}

void SchedulesView::onStatus() {
    const bool now = running();
    const auto& status = context_.link.status();
    if (now != wasRunning_) {
        wasRunning_ = now;
        if (now) {
            const auto settings = context_.link.engine().settings();
            draft_.followBaseline(settings.softMask);
            draft_.setTraining(settings.train, status.stepsPerEpoch);
        } else {
            draft_.followBaseline(defaults_.softMask);
            draft_.setTraining(defaults_.train, defaultSteps_);
        }
        setMarker(std::min(marker_, draft_.length()));
    } else if (now && status.stepsPerEpoch > 0 && status.stepsPerEpoch != draft_.stepsPerEpoch()) {
        draft_.setTraining(context_.link.engine().settings().train, status.stepsPerEpoch);
    }
    const double at = now && status.stepsPerEpoch > 0
                          ? static_cast<double>(status.step) / static_cast<double>(status.stepsPerEpoch)
                          : std::nan("");
    editor_->setNow(at);
}

// The engine alone says what the run uses; the draft's buttons follow that, not the request.
void SchedulesView::confirmFromEngine() {
    if (!running()) return;
    const auto used = context_.link.engine().settings().softMask;
    if (sameSchedule(used, draft_.baseline())) return;
    sent_ = false;
    draft_.followBaseline(used);
}

void SchedulesView::use() {
    if (!draft_.changed()) return;
    const auto& next = draft_.settings();
    if (!running()) {
        defaults_.softMask = next;
        draft_.markUsed();
        Q_EMIT draftUsed(next);
        return;
    }
    // The parts first and the kind last: no step in between runs a half-changed schedule.
    auto& engine = context_.link.engine();
    const auto used = engine.settings().softMask;
    if (next.schedule == "piecewise") engine.edit("soft_mask.nodes", next.nodes);
    if (next.start != used.start) engine.edit("soft_mask.start", next.start);
    if (next.cutoffEpochs != used.cutoffEpochs) engine.edit("soft_mask.cutoff_epochs", next.cutoffEpochs);
    if (next.schedule != used.schedule) engine.edit("soft_mask.schedule", next.schedule);
    sent_ = true;
    refresh();
}

void SchedulesView::setMarker(double epoch) {
    marker_ = std::clamp(epoch, 0.0, draft_.length());
    refreshMarker();
    askPrediction();
}

void SchedulesView::askPrediction() {
    const auto& image = context_.selection.image();
    panel_->setPicture(image.image.empty() ? QString() : image.name, requested_ != answered_);
    if (!active_ || image.image.empty()) return;
    const double alpha = draft_.alphaAt(marker_);
    if (!askAgain_ && alpha == requestedAlpha_) return;
    if (requested_ != answered_) {  // one question at a time; the newest follows its answer
        askAgain_ = true;
        return;
    }
    askAgain_ = false;
    requestedAlpha_ = alpha;
    InspectRequest ask;
    ask.id = requested_ = idBase + ++serial_;
    ask.image = image.image;
    ask.imageName = image.name.toStdString();
    ask.live = context_.selection.model().live;
    ask.checkpoint = context_.selection.model().checkpoint;
    ask.alpha = alpha;
    panel_->setPicture(image.name, true);
    context_.link.engine().inspect(ask);
}

bool SchedulesView::ownAnswer() const { return shown_ && shown_->request == requested_ && requested_ != 0; }

void SchedulesView::onInspection() {
    const auto inspection = context_.link.inspection();
    if (!active_ || !inspection || inspection->request != requested_) return;
    answered_ = requested_;
    panel_->setProblem({});
    if (attentionProblem(*inspection).empty()) startAnalysis(inspection);
    panel_->prediction().setPredictions(inspection->predictions, context_.selection.image().label);
    askPrediction();
}

void SchedulesView::onNotice(const Notice& notice) {
    if (notice.kind == Notice::Kind::Info) return;
    if (notice.request == requested_ && requested_ != 0) {
        answered_ = requested_;
        panel_->setPicture(context_.selection.image().name, false);
        panel_->setProblem(QString::fromStdString(notice.message + ' ' + notice.hint));
    } else if (notice.request == 0 && sent_) {
        sent_ = false;  // an edit was refused; the problem row says why
        refresh();
    }
}

void SchedulesView::startAnalysis(std::shared_ptr<const Inspection> inspection) {
    shown_ = std::move(inspection);
    job_.start(shown_, true, false);
}

}  // namespace vl
