// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/generate/generate_header.h"

#include <QHBoxLayout>

namespace vl {

GenerateHeader::GenerateHeader(QWidget* parent)
    : QWidget(parent),
      detail_(new ElidedLabel({}, Type::Secondary, Tone::Text2)),
      progress_(new ElidedLabel({}, Type::Number, Tone::Text2)),
      view_(new SegmentedControl({tr("Noisy"), tr("Predicted")})),
      pause_(makeIconButton(QStringLiteral("pause"), tr("Pause"))),
      step_(makeIconButton(QStringLiteral("chevron-right"), tr("One step"))),
      stop_(makeIconButton(QStringLiteral("stop"), tr("Stop"))),
      save_(makeButton(tr("Save grid"), QStringLiteral("download"))) {
    setFixedHeight(48);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    detail_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);  // gives way first
    progress_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    view_->setAccessibleName(tr("Picture"));
    view_->button(0)->setToolTip(tr("What the chain has after this step (X)"));
    view_->button(1)->setToolTip(tr("The result the model predicts at this step (X)"));
    layout->addWidget(makeLabel(tr("Samples"), Type::ViewTitle));
    layout->addSpacing(4);
    layout->addWidget(detail_, 1);
    layout->addWidget(progress_);
    layout->addSpacing(8);
    for (QToolButton* each : {pause_, step_, stop_})
        layout->addWidget(each);
    layout->addSpacing(8);
    layout->addWidget(view_);
    layout->addSpacing(8);
    layout->addWidget(save_);
    connect(pause_, &QToolButton::clicked, this, &GenerateHeader::pauseRequested);
    connect(step_, &QToolButton::clicked, this, &GenerateHeader::stepRequested);
    connect(stop_, &QToolButton::clicked, this, &GenerateHeader::stopRequested);
    connect(save_, &QPushButton::clicked, this, &GenerateHeader::saveRequested);
    connect(view_, &SegmentedControl::currentChanged, this, [this](int index) {
        if (!setting_) Q_EMIT cleanChosen(index == 1);
    });
    setState(GenerationState::Idle);
}

void GenerateHeader::setState(GenerationState state) {
    const bool paused = state == GenerationState::Paused, active = isActive(state);
    const bool chain = paused || state == GenerationState::Running || state == GenerationState::Loading;
    const QString none = tr("Nothing is being made.");
    const auto set = [&](QToolButton* button, bool on, const QString& name, const QString& whyNot) {
        button->setEnabled(on);
        button->setToolTip(on ? name : name + QLatin1Char('\n') + whyNot);
        button->setAccessibleName(name);
    };
    pause_->setIcon(icon(paused ? QStringLiteral("resume") : QStringLiteral("pause")));
    set(pause_, chain, paused ? tr("Continue making samples") : tr("Pause making samples"), none);
    set(step_, paused, tr("One step"), active ? tr("Pause first.") : none);
    set(stop_, active, tr("Stop; what is there so far stays to be looked at, nothing is saved"), none);
}

void GenerateHeader::setClean(bool clean) {
    setting_ = true;
    view_->setCurrent(clean ? 1 : 0);
    setting_ = false;
}

void GenerateHeader::setSaving(const QString& whyNot) {
    save_->setEnabled(whyNot.isEmpty());
    save_->setToolTip(whyNot.isEmpty() ? tr("Save as PNG, GIF or MP4") : whyNot);
}

}  // namespace vl
