// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/schedules/schedule_header.h"

#include <algorithm>
#include <array>

#include <QHBoxLayout>
#include <QUndoStack>

namespace vl {
namespace {

constexpr std::array<const char*, 4> presetNames{"standard", "constant", "linear", "piecewise"};

}  // namespace

ScheduleHeader::ScheduleHeader(QUndoStack& undo, QWidget* parent)
    : QWidget(parent),
      detail_(new ElidedLabel({}, Type::Secondary, Tone::Text2)),
      presets_(new SegmentedControl({tr("Standard"), tr("Constant"), tr("Linear"), tr("Custom")})) {
    setFixedHeight(48);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    detail_->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    presets_->setAccessibleName(tr("Schedule"));
    const QString tips[] = {tr("The start value for the whole run"), tr("The start value until the cut-off, then 0"),
                            tr("From the start value to 0 at the last step before the cut-off"),
                            tr("Nodes set by hand")};
    for (int i = 0; i < 4; ++i)
        presets_->button(i)->setToolTip(tips[i]);
    auto* back = makeIconButton(QStringLiteral("undo"), tr("Undo (Ctrl+Z)"));
    auto* forth = makeIconButton(QStringLiteral("redo"), tr("Redo (Ctrl+Shift+Z)"));
    auto* save = makeButton(tr("Export"), QStringLiteral("download"));
    layout->addWidget(makeLabel(tr("Soft mask"), Type::ViewTitle));
    layout->addSpacing(4);
    layout->addWidget(detail_, 1);
    layout->addWidget(presets_);
    layout->addSpacing(12);
    layout->addWidget(back);
    layout->addWidget(forth);
    layout->addSpacing(12);
    layout->addWidget(save);
    back->setEnabled(undo.canUndo());
    forth->setEnabled(undo.canRedo());
    connect(&undo, &QUndoStack::canUndoChanged, back, &QWidget::setEnabled);
    connect(&undo, &QUndoStack::canRedoChanged, forth, &QWidget::setEnabled);
    connect(back, &QToolButton::clicked, &undo, &QUndoStack::undo);
    connect(forth, &QToolButton::clicked, &undo, &QUndoStack::redo);
    connect(save, &QPushButton::clicked, this, &ScheduleHeader::exportRequested);
    connect(presets_, &SegmentedControl::currentChanged, this, [this](int index) {
        if (!setting_) Q_EMIT presetChosen(presetNames[index]);
    });
}

void ScheduleHeader::setDetail(const QString& detail) { detail_->setText(detail); }

void ScheduleHeader::setPreset(const std::string& schedule) {
    setting_ = true;
    const auto at = std::ranges::find(presetNames, schedule);
    presets_->setCurrent(at == presetNames.end() ? 0 : static_cast<int>(at - presetNames.begin()));
    setting_ = false;
}

}  // namespace vl
