// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/train/train_properties.h"

#include <QHBoxLayout>
#include <QScrollArea>
#include <QVBoxLayout>

#include "app/studio/shell/engine_link.h"
#include "app/studio/train/run_timeline.h"
#include "widgets/labels.h"

namespace vl {

TrainProperties::TrainProperties(StudioContext& context, SampleModel& samples, QWidget* parent)
    : QWidget(parent), context_(context) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    tabs_ = new TabRow({tr("Settings"), tr("Samples"), tr("Events")});
    pages_ = new QStackedWidget;
    form_ = new SettingsForm(SettingsForm::Mode::Live);
    auto* scroll = new QScrollArea;
    scroll->setWidget(form_);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn);
    auto* table = new SampleTable(samples);
    events_ = new EventList;
    pages_->addWidget(scroll);
    pages_->addWidget(table);
    pages_->addWidget(events_);
    pending_ = new PendingBar;

    again_ = new QWidget;
    auto* againRow = new QHBoxLayout(again_);
    againRow->setContentsMargins(16, 10, 16, 10);
    auto* againButton = makeButton(tr("New run with these settings"), "plus");
    againRow->addWidget(againButton);
    againRow->addStretch();
    again_->hide();

    hint_ = makeLabel(tr("Settings, samples and events of the selected run stand here."), Type::Secondary, Tone::Text3);
    hint_->setWordWrap(true);
    hint_->setContentsMargins(16, 16, 16, 16);
    hint_->setAlignment(Qt::AlignTop);
    layout->addWidget(hint_, 1);
    layout->addWidget(tabs_);
    layout->addWidget(pages_, 1);
    layout->addWidget(again_);
    layout->addWidget(pending_);
    setEmpty(true);
    connect(tabs_, &TabRow::currentChanged, pages_, &QStackedWidget::setCurrentIndex);
    connect(form_, &SettingsForm::changed, this,
            [this] { pending_->setEdits(live_ ? form_->edits() : std::vector<SettingsForm::Edit>(), form_->valid()); });
    connect(form_, &SettingsForm::curveRequested, this, [this] { context_.showView("schedules"); });
    connect(pending_, &PendingBar::applied, this, &TrainProperties::apply);
    connect(pending_, &PendingBar::reverted, form_, &SettingsForm::revert);
    connect(table, &SampleTable::chosen, this, &TrainProperties::sampleChosen);
    connect(events_, &EventList::stepChosen, this, &TrainProperties::stepChosen);
    connect(againButton, &QPushButton::clicked, this, [this] { Q_EMIT newRunRequested(form_->baseline()); });
    // A refused edit comes back as a notice: it waits again and can be corrected.
    connect(&context_.link, &EngineLink::noticed, this, [this] { pending_->setAsked(false); });
}

void TrainProperties::apply() {
    const auto edits = form_->edits();
    pending_->setAsked(true);
    for (const SettingsForm::Edit& edit : edits)
        context_.link.engine().edit(edit.key, edit.value);
}

void TrainProperties::setEmpty(bool empty) {
    hint_->setVisible(empty);
    tabs_->setVisible(!empty);
    pages_->setVisible(!empty);
    if (empty) again_->hide();
}

void TrainProperties::setRun(const RunRows& rows, bool live, bool keepEdits) {
    live_ = live && isActive(rows.state);
    form_->setMode(live_ ? SettingsForm::Mode::Live : SettingsForm::Mode::Ended);
    form_->setBaseline(rows.settings, keepEdits && live_);
    again_->setVisible(!live_);
    tabs_->setTabShown(Samples, taskOf(rows.settings) == ModelTask::Classify);
}

}  // namespace vl
