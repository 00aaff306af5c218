// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/shell/run_bar.h"

#include <algorithm>

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPainter>
#include <QPushButton>
#include <QToolButton>

#include "app/studio/shell/action_registry.h"
#include "app/studio/shell/view.h"
#include "engine/api/engine.h"
#include "widgets/buttons.h"
#include "widgets/labels.h"
#include "widgets/marks.h"

namespace vl {
namespace {

constexpr int kHeight = 48, kLabelReserve = 44;
constexpr int kRoomForProgress = 1200;  // narrower windows keep the chip and drop the bar first

}  // namespace

RunBar::RunBar(ActionRegistry& actions, QWidget* parent) : QWidget(parent), actions_(actions) {
    setFixedHeight(kHeight);
    run_ = control(QStringLiteral("run.start"), QStringLiteral("play"), QStringLiteral("Run"));
    pause_ = control(QStringLiteral("run.pause"), QStringLiteral("pause"), QStringLiteral("Pause"));
    stop_ = control(QStringLiteral("run.stop"), QStringLiteral("stop"), QStringLiteral("Stop"));
    checkpoint_ = control(QStringLiteral("run.checkpoint"), QStringLiteral("flag"), QStringLiteral("Checkpoint"));

    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(8, 0, 16, 0);
    row->setSpacing(4);
    // Labels change ("Pausing…"); the room kept for the longest makes the tabs stay where they are.
    auto* controls = new QWidget(this);
    auto* controlRow = new QHBoxLayout(controls);
    controlRow->setContentsMargins(0, 0, 0, 0);
    controlRow->setSpacing(4);
    int width = 0;
    for (QPushButton* button : {run_, pause_, stop_, checkpoint_}) {
        width += button->sizeHint().width() + 4;
        controlRow->addWidget(button);
    }
    controlRow->addStretch(1);
    controls->setFixedWidth(width + kLabelReserve);
    row->addWidget(controls);
    QFrame* line = makeSeparator(Qt::Vertical, this);
    line->setFixedHeight(24);
    row->addWidget(line);
    row->addSpacing(20);
    tabRow_ = new QHBoxLayout;
    tabRow_->setSpacing(20);
    row->addLayout(tabRow_);
    row->addStretch(1);

    tabs_ = new QButtonGroup(this);
    tabs_->setExclusive(true);
    progress_ = new ThinProgress(this);
    progress_->setFixedWidth(104);
    progress_->setTone(Tone::Good);
    percent_ = makeLabel({}, Type::Number, Tone::Text2, this);
    percent_->setFixedWidth(QFontMetrics(typeFont(Type::Number)).horizontalAdvance(QStringLiteral("100 %")));
    percent_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    chip_ = new StateChip(this);
    detail_ = makeLabel({}, Type::Secondary, Tone::Text2, this);
    step_ = makeLabel({}, Type::Number, Tone::Text, this);
    for (QWidget* each : std::initializer_list<QWidget*>{progress_, percent_, chip_, detail_, step_}) {
        row->addWidget(each);
        row->addSpacing(each == percent_ || each == chip_ ? 4 : 0);
    }
}

QPushButton* RunBar::control(const QString& actionId, const QString& icon, const QString& label) {
    QPushButton* button = makeButton(label, icon, ButtonKind::Normal, this);
    button->setObjectName(actionId);
    connect(button, &QPushButton::clicked, this, [this, actionId] { actions_.find(actionId)->trigger(); });
    return button;
}

void RunBar::addTab(const View& view, const QKeySequence& key) {
    auto* tab = new QToolButton(this);
    tab->setProperty("kind", "tab");
    tab->setText(view.title());
    tab->setCheckable(true);
    tab->setFixedHeight(kHeight - 1);
    tab->setObjectName(QStringLiteral("tab.") + view.id());
    tab->setToolTip(QStringLiteral("%1 (%2)").arg(view.title(), key.toString(QKeySequence::NativeText)));
    tabs_->addButton(tab);
    tabRow_->addWidget(tab);
    connect(tab, &QToolButton::clicked, this, [this, id = view.id()] { Q_EMIT tabChosen(id); });
}

void RunBar::setCurrentTab(const QString& viewId) {
    tabs_->setExclusive(false);  // Start has no tab: then none is chosen
    for (QAbstractButton* tab : tabs_->buttons()) tab->setChecked(tab->objectName() == QStringLiteral("tab.") + viewId);
    tabs_->setExclusive(true);
}

void RunBar::show(QPushButton* button, const ControlState& state) {
    button->setText(state.label);
    button->setEnabled(state.whyNot.isEmpty());
    const QAction* action = actions_.find(button->objectName());
    const QString key = action ? action->shortcut().toString(QKeySequence::NativeText) : QString();
    const QString name = key.isEmpty() ? state.label : QStringLiteral("%1 (%2)").arg(state.label, key);
    button->setToolTip(state.whyNot.isEmpty() ? name : name + QLatin1Char('\n') + state.whyNot);
}

void RunBar::show(const RunStatus& status, const RunControls& controls) {
    show(run_, controls.run);
    show(pause_, controls.pause);
    show(stop_, controls.stop);
    show(checkpoint_, controls.checkpoint);

    chip_->setState(status.state);
    const QString detail = stateDetail(status);
    const qsizetype at = detail.lastIndexOf(QLatin1Char(' ')) + 1;
    const bool hasStep = at > 0 && detail[at].isDigit();
    detail_->setText(hasStep ? detail.left(at).trimmed() : detail);
    step_->setText(hasStep ? detail.mid(at) : QString());
    step_->setVisible(hasStep);

    const bool room = width() == 0 || width() >= kRoomForProgress;
    const bool known = status.totalSteps > 0 && status.state != RunState::Idle && room;
    progress_->setVisible(known);
    percent_->setVisible(known);
    if (!known) return;
    const double share = std::clamp(double(status.step) / double(status.totalSteps), 0.0, 1.0);
    progress_->setShare(share);
    progress_->setTone(status.state == RunState::Failed ? Tone::Error
                       : status.state == RunState::Paused || status.state == RunState::Pausing ? Tone::Warning
                                                                                               : Tone::Good);
    percent_->setText(QStringLiteral("%1 %").arg(int(share * 100)));
}

void RunBar::paintEvent(QPaintEvent*) {
    const Tokens& t = Theme::instance().tokens();
    QPainter painter(this);
    painter.fillRect(rect(), t.window);
    painter.fillRect(0, height() - 1, width(), 1, t.line);
}

void RunBar::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    const bool room = width() >= kRoomForProgress && chip_->state() != RunState::Idle;
    progress_->setVisible(room);
    percent_->setVisible(room);
}

}  // namespace vl
