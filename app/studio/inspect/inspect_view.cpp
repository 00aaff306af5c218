// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/inspect/inspect_view.h"

#include <algorithm>
#include <cmath>

#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "app/studio/inspect/sample_picture.h"
#include "app/studio/shell/action_registry.h"
#include "app/studio/shell/engine_link.h"
#include "app/studio/shell/selection.h"
#include "widgets/empty_view.h"

namespace vl {
namespace {

constexpr std::uint64_t idBase = std::uint64_t{1} << 32;  // the schedules view counts from another one

}  // namespace

View* makeInspectView(StudioContext& context) { return new InspectView(context); }

InspectView::InspectView(StudioContext& context, QWidget* parent)
    : View(context, parent),
      pages_(new QStackedWidget),
      empty_(new EmptyView(QStringLiteral("image"), tr("No image yet"), tr("Drop one here, or take a sample."))),
      message_(new EmptyView(QStringLiteral("info"), {}, {})),
      main_(new QWidget),
      header_(new InspectHeader),
      body_(new InspectBody),
      panel_(new InspectPanel) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(pages_);
    auto* column = new QVBoxLayout(main_);
    column->setContentsMargins(16, 0, 16, 8);
    column->setSpacing(0);
    column->addWidget(header_);
    column->addWidget(body_, 1);
    for (QWidget* page : {static_cast<QWidget*>(empty_), static_cast<QWidget*>(message_), main_})
        pages_->addWidget(page);
    empty_->setTakesDrops(true);
    connect(empty_->addButton(tr("Take a sample"), QStringLiteral("grid")), &QPushButton::clicked, this,
            &InspectView::takeSample);
    connect(empty_->addButton(tr("Open image"), QStringLiteral("folder")), &QPushButton::clicked, this, [this] {
        if (QAction* open = context_.actions.find(QStringLiteral("file.openImage"))) open->trigger();
    });
    openCheckpoint_ = message_->addButton(tr("Open checkpoint"), QStringLiteral("flag"));
    connect(openCheckpoint_, &QPushButton::clicked, this, [this] {
        if (QAction* open = context_.actions.find(QStringLiteral("file.openCheckpoint"))) open->trigger();
    });
    panel_->setChoices(choices_);
    connectParts();
}

InspectView::~InspectView() { delete panel_; }

void InspectView::connectParts() {
    auto& canvas = body_->canvas();
    connect(&canvas, &AttentionCanvas::queryRequested, this, &InspectView::setQuery);
    connect(&canvas, &AttentionCanvas::pinToggled, this, &InspectView::togglePin);
    connect(&canvas, &AttentionCanvas::unpinAll, this, &InspectView::unpinAll);
    connect(&canvas, &AttentionCanvas::columnsRequested, this, [this](bool columns) {
        shift_ = columns;
        refresh();
    });
    connect(&canvas, &AttentionCanvas::layerStepped, this, [this](int by) {
        if (shown_)
            context_.selection.setLayerHead(std::clamp(layer() + by, 0, static_cast<int>(shown_->layers.size()) - 1),
                                            head());
    });
    connect(&canvas, &AttentionCanvas::headStepped, this, [this](int by) {
        if (shown_)
            context_.selection.setLayerHead(layer(), std::clamp(head() + by, 0, shown_->layers[layer()].heads - 1));
    });
    connect(&canvas, &AttentionCanvas::opacityStepped, this, [this](int by) {
        InspectChoices next = choices_;
        next.opacity = std::clamp(std::round(next.opacity * 20 + by) / 20, 0.0, 1.0);
        setChoices(next);
    });
    connect(&body_->grid(), &HeadGrid::chosen, this,
            [this](int layer, int head) { context_.selection.setLayerHead(layer, head); });
    connect(&body_->card(), &RolloutCard::toggled, this, [this] {
        InspectChoices next = choices_;
        next.rollout = !next.rollout;
        setChoices(next);
    });
    connect(header_, &InspectHeader::maskedChosen, this, [this](bool masked) {
        InspectChoices next = choices_;
        next.masked = masked;
        setChoices(next);
    });
    connect(header_, &InspectHeader::columnsChosen, this, [this](bool columns) {
        InspectChoices next = choices_;
        next.direction = columns ? AttentionDirection::AttendedBy : AttentionDirection::AttendsTo;
        setChoices(next);
    });
    connect(panel_, &InspectPanel::choicesChanged, this, &InspectView::setChoices);
    connect(panel_, &InspectPanel::unpin, this, [this](int slot) {
        pins_[slot] = -1;
        refresh();
    });
    connect(panel_, &InspectPanel::liveRequested, this, &InspectView::followRun);
    connect(&job_, &AnalysisJob::ready, this, [this] {
        refreshStats();
        if (choices_.rollout) refresh();
    });
    connect(&context_.selection, &Selection::imageChanged, this, &InspectView::request);
    connect(&context_.selection, &Selection::modelChanged, this, &InspectView::request);
    connect(&context_.selection, &Selection::layerHeadChanged, this, &InspectView::refresh);
    connect(&context_.link, &EngineLink::inspectionChanged, this, &InspectView::onInspection);
    connect(&context_.link, &EngineLink::noticed, this, &InspectView::onNotice);
    connect(&context_.link, &EngineLink::statusChanged, this, &InspectView::refreshHeader);
}

void InspectView::setActive(bool active) {
    const bool was = active_;
    View::setActive(active);
    if (active && stale_)
        request();
    else if (active)
        refreshHeader();
    if (active && !was) body_->canvas().setFocus(Qt::OtherFocusReason);
    // Nobody looks: live weights need not be looked at either. Coming back asks again.
    if (was && !active && context_.selection.model().live) {
        context_.link.engine().cancelInspect();
        stale_ = true;
    }
}

void InspectView::request() {
    stale_ = true;
    const auto& image = context_.selection.image();
    if (image.image.empty()) {
        shown_ = nullptr;
        pages_->setCurrentWidget(empty_);
        return;
    }
    if (!active_) return;
    const auto& model = context_.selection.model();
    if (!model.live) storedCheckpoint_ = model.checkpoint;
    InspectRequest ask;
    ask.id = requested_ = idBase + ++serial_;
    ask.image = image.image;
    ask.imageName = image.name.toStdString();
    ask.live = model.live;
    ask.checkpoint = model.checkpoint;
    stale_ = false;
    context_.link.engine().inspect(ask);
    if (shown_)
        refreshHeader();
    else
        showMessage(image.name, tr("Waiting for the model to look at it…"), false);
}

void InspectView::onInspection() {
    if (!active_) return;
    const auto inspection = context_.link.inspection();
    // An answer to an older or to somebody else's question is not ours to show.
    if (inspection && inspection->request == requested_) accept(inspection);
}

void InspectView::accept(std::shared_ptr<const Inspection> inspection) {
    const std::string problem = attentionProblem(*inspection);
    if (!problem.empty()) {
        shown_ = nullptr;
        return showMessage(tr("This attention cannot be drawn"), QString::fromStdString(problem), true);
    }
    const auto& g = inspection->geometry;
    const bool sameTokens =
        shown_ && shown_->geometry.tokens == g.tokens && shown_->geometry.classTokenIndex == g.classTokenIndex;
    shown_ = std::move(inspection);
    if (!sameTokens) {
        query_ = tokenOfPatch(g, g.queryRows / 2, g.queryCols / 2);
        pins_.fill(-1);
    }
    if (screenshot_) {
        screenshot_ = false;
        pins_ = {tokenOfPatch(g, 1, g.queryCols / 3), tokenOfPatch(g, g.queryRows * 5 / 8, g.queryCols * 5 / 8), -1,
                 -1};
        query_ = tokenOfPatch(g, g.queryRows * 3 / 8, g.queryCols / 2);
        context_.selection.setLayerHead(static_cast<int>(shown_->layers.size()) - 1, 0);
    }
    pages_->setCurrentWidget(main_);
    body_->canvas().setPicture(toQImage(shown_->input), g);
    startAnalysis();
    refresh();
    refreshStats();
    body_->place();
    context_.actions.refresh();
}

void InspectView::onNotice(const Notice& notice) {
    if (notice.request != requested_ || requested_ == 0 || notice.kind == Notice::Kind::Info) return;
    const QString message = QString::fromStdString(notice.message), hint = QString::fromStdString(notice.hint);
    if (!shown_)
        showMessage(message, hint, true);
    else
        header_->setTexts(context_.selection.image().name, message,
                          notice.kind == Notice::Kind::Error ? Tone::Error : Tone::Warning);
}

void InspectView::showMessage(const QString& title, const QString& text, bool failed) {
    openCheckpoint_->setVisible(failed);
    message_->setText(title, text);
    pages_->setCurrentWidget(message_);
}

bool InspectView::showsPicture() const { return pages_->currentWidget() == main_; }

void InspectView::setQuery(int token) {
    if (!shown_ || token < 0 || token >= shown_->geometry.tokens) return;
    query_ = token;
    refreshMaps();
}

void InspectView::togglePin(int token) {
    if (const auto at = std::ranges::find(pins_, token); at != pins_.end())
        *at = -1;
    else if (const auto free = std::ranges::find(pins_, -1); free != pins_.end())
        *free = token;
    else
        pins_.back() = token;  // a fifth takes the newest slot's place
    refresh();
}

void InspectView::unpinAll() {
    pins_.fill(-1);
    refresh();
}

void InspectView::setChoices(const InspectChoices& choices) {
    const bool analyse = choices.masked != choices_.masked || choices.rollout != choices_.rollout;
    choices_ = choices;
    panel_->setChoices(choices_);
    if (analyse && shown_) startAnalysis();
    refresh();
}

void InspectView::followRun(bool live) {
    SelectedModel model;
    model.live = live;
    if (!live) model.checkpoint = storedCheckpoint_;
    context_.selection.setModel(model);
}

void InspectView::takeSample() { takeSamplePicture(context_, nextSample_); }

}  // namespace vl
