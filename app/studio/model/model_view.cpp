// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/model/model_view.h"

#include <QComboBox>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "app/studio/shell/action_registry.h"
#include "app/studio/shell/engine_link.h"
#include "app/studio/shell/selection.h"
#include "app/studio/shell/studio_settings.h"
#include "engine/core/resource_paths.h"
#include "widgets/empty_view.h"

namespace vl {
namespace {

constexpr std::uint64_t idBase = std::uint64_t{3} << 32;  // other views count from other ones

}  // namespace

View* makeModelView(StudioContext& context) { return new ModelView(context); }

ModelView::ModelView(StudioContext& context, QWidget* parent)
    : View(context, parent),
      pages_(new QStackedWidget),
      empty_(new EmptyView(QStringLiteral("layers"), tr("No checkpoint yet"),
                           tr("Drop a .pth, .pt, .bin or .safetensors file here, or the .safetensors.index.json of shards."))),
      message_(new EmptyView(QStringLiteral("info"), {}, {})),
      main_(new QWidget),
      header_(new ModelHeader),
      pane_(new TensorPane),
      panel_(new ModelPanel) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(pages_);
    auto* column = new QVBoxLayout(main_);
    column->setContentsMargins(16, 0, 16, 0);
    column->setSpacing(0);
    column->addWidget(header_);
    column->addSpacing(8);
    column->addWidget(pane_, 1);
    for (QWidget* page : {static_cast<QWidget*>(empty_), static_cast<QWidget*>(message_), main_})
        pages_->addWidget(page);
    empty_->setTakesDrops(true);
    message_->setTakesDrops(true);
    const auto open = [this] {
        if (QAction* action = context_.actions.find(QStringLiteral("file.openCheckpoint"))) action->trigger();
    };
    connect(empty_->addButton(tr("Open checkpoint"), QStringLiteral("folder")), &QPushButton::clicked, this, open);
    connect(empty_->addButton(tr("Look at the demo model"), QStringLiteral("layers")), &QPushButton::clicked, this,
            &ModelView::openDemo);
    openAnother_ = message_->addButton(tr("Open another checkpoint"), QStringLiteral("folder"));
    connect(openAnother_, &QPushButton::clicked, this, open);
    giveUp_ = message_->addButton(tr("Cancel"));
    connect(giveUp_, &QPushButton::clicked, this, [this] { context_.link.engine().cancelCheckpoint(); });
    connectParts();
}

ModelView::~ModelView() { delete panel_; }

void ModelView::connectParts() {
    connect(&context_.selection, &Selection::checkpointChanged, this, [this] {
        averaged_ = false;
        preset_.clear();
        stale_ = true;
        if (active_) ask();
    });
    connect(&context_.link, &EngineLink::checkpointChanged, this, &ModelView::onLook);
    connect(&job_, &TensorJob::ready, this, &ModelView::onLines);
    connect(pane_, &TensorPane::queryChanged, this, [this] {
        if (report_) job_.start(report_, pane_->query());
    });
    connect(pane_, &TensorPane::cancelRequested, this, [this] { context_.link.engine().cancelCheckpoint(); });
    connect(pane_, &TensorPane::readRequested, this, [this] { ask(); });
    connect(&pane_->table(), &TensorTable::currentItemChanged, this, &ModelView::showTensor);
    connect(panel_, &ModelPanel::averagedChosen, this, [this](bool averaged) {
        averaged_ = averaged;
        ask();
    });
    connect(panel_, &ModelPanel::presetChosen, this, [this](const QString& preset) {
        preset_ = preset;
        ask();
    });
    connect(panel_, &ModelPanel::tensorChosen, this, &ModelView::goTo);
    connect(&header_->inspectButton(), &QPushButton::clicked, this, &ModelView::lookAtPictures);
}

bool ModelView::showsTensors() const { return pages_->currentWidget() == main_; }

void ModelView::setActive(bool active) {
    const bool was = active_;
    View::setActive(active);
    if (!active || was) return;
    if (stale_)
        ask();
    else
        onLook();  // what came while nobody looked
    if (showsTensors()) pane_->table().setFocus(Qt::OtherFocusReason);
}

void ModelView::ask(bool statistics) {
    stale_ = false;
    const std::filesystem::path file = context_.selection.checkpoint();
    if (file.empty()) return;
    file_ = file;
    CheckpointRequest request;
    request.id = requested_ = idBase + ++serial_;
    request.file = file;
    request.options.averaged = averaged_;
    request.options.preset = preset_.toStdString();
    request.options.statistics = statistics;
    if (!shown_) showMessage(fromPath(file.filename()), tr("Listing its tensors…"), false);
    context_.link.engine().lookAtCheckpoint(request);
}

void ModelView::onLook() {
    const CheckpointLook& look = context_.link.checkpoint();
    if (!active_ || look.request != requested_ || requested_ == 0) return;
    if (!look.problem.empty()) return onProblem(look);
    if (look.report && look.report != report_) {
        report_ = look.report;
        job_.start(report_, pane_->query());
    }
    if (look.cancelled && !look.report && !shown_)
        return showMessage(fromPath(file_.filename()), tr("Cancelled before it was listed."), true);
    pane_->setLook(look);
}

void ModelView::onProblem(const CheckpointLook& look) {
    const QString problem = QString::fromStdString(look.problem), advice = QString::fromStdString(look.advice);
    requested_ = 0;  // told once
    if (!shown_) return showMessage(problem, advice, true);
    // What was shown stays: a bad file takes nothing away.
    context_.report(QStringLiteral("error"), problem, advice);
    if (look.report == nullptr && file_ != shown_->report->file) {
        stale_ = false;
        const QSignalBlocker quiet(&context_.selection);
        context_.selection.setCheckpoint(shown_->report->file);
    }
    CheckpointLook rest;
    rest.report = report_;
    pane_->setLook(rest);
}

void ModelView::onLines(const std::shared_ptr<const TensorList>& list, const std::vector<int>& order) {
    auto before = std::exchange(shown_, list);
    const bool fresh = before != list;
    const CheckpointLook& look = context_.link.checkpoint();
    const bool reading = look.request == requested_ && look.busy;
    if (fresh) {
        header_->show(*list, reading);
        panel_->setList(list, averaged_);
        const bool other = !before || before->report->file != list->report->file;
        if (other) panel_->presets().setCurrentIndex(0);
    }
    pane_->setLines(list, order);
    if (pendingItem_ >= 0) pane_->table().setCurrentItem(std::exchange(pendingItem_, -1));
    pages_->setCurrentWidget(main_);
    if (fresh) {
        context_.actions.refresh();
        job_.release(std::move(before));
    }
}

void ModelView::showTensor(int item) {
    const CheckpointLook& look = context_.link.checkpoint();
    panel_->setTensor(item, look.request == requested_ && look.busy);
}

void ModelView::goTo(int item) {
    const auto& order = pane_->table().lines().order();
    if (std::find(order.begin(), order.end(), item) != order.end()) return pane_->table().setCurrentItem(item);
    pendingItem_ = item;
    pane_->resetFilter();
}

void ModelView::showMessage(const QString& title, const QString& text, bool failed) {
    messageText_ = title + QLatin1Char('\n') + text;
    openAnother_->setVisible(failed);
    giveUp_->setVisible(!failed);
    message_->setText(title, text);
    pages_->setCurrentWidget(message_);
}

void ModelView::lookAtPictures() {
    if (!shown_) return;
    context_.selection.setModel({false, shown_->report->file});
    context_.showView(QStringLiteral("inspect"));
}

void ModelView::openDemo() { context_.selection.setCheckpoint(demoCheckpoint("illama_micro")); }

}  // namespace vl
