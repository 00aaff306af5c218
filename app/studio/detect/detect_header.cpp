// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/detect/detect_header.h"

#include <QHBoxLayout>
#include <QMenu>

#include "widgets/marks.h"

namespace vl {

DetectHeader::DetectHeader(QWidget* parent)
    : QWidget(parent),
      name_(new ElidedLabel({}, Type::ViewTitle)),
      detail_(new ElidedLabel({}, Type::Secondary, Tone::Text2)),
      progress_(new ElidedLabel({}, Type::Number, Tone::Text2)),
      sides_(new SegmentedControl({tr("Prediction"), tr("Truth"), tr("Both")})),
      cancel_(makeIconButton(QStringLiteral("stop"), tr("Cancel the search (Esc)"))),
      export_(makeButton(tr("Export"), QStringLiteral("download"))) {
    setFixedHeight(48);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    detail_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);  // gives way first
    progress_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    sides_->setAccessibleName(tr("Boxes shown"));
    layout->addWidget(name_);
    layout->addWidget(detail_, 1);
    layout->addWidget(progress_);
    layout->addWidget(cancel_);
    layout->addWidget(sides_);
    layout->addSpacing(4);
    layout->addWidget(makeLabel(tr("hide"), Type::Secondary, Tone::Text2));
    auto* key = new KeyCap(QStringLiteral("H"));
    key->setToolTip(tr("Hides boxes and masks while held"));
    layout->addWidget(key);
    layout->addSpacing(8);
    layout->addWidget(export_);
    auto* menu = new QMenu(export_);
    menu->setToolTipsVisible(true);
    const auto add = [&](const QString& text, DenseExport::Form form, bool all) {
        QAction* action = menu->addAction(text);
        if (!all) savesThis_ << action;
        connect(action, &QAction::triggered, this, [this, form, all] { Q_EMIT exportRequested(form, all); });
    };
    add(tr("Overlay of this picture (PNG)…"), DenseExport::Form::Overlay, false);
    add(tr("Overlays of all pictures…"), DenseExport::Form::Overlay, true);
    menu->addSeparator();
    add(tr("Objects of all pictures (JSON)…"), DenseExport::Form::Json, true);
    add(tr("Results in COCO's form…"), DenseExport::Form::Coco, true);
    export_->setMenu(menu);
    connect(cancel_, &QToolButton::clicked, this, &DetectHeader::cancelRequested);
    connect(sides_, &SegmentedControl::currentChanged, this, [this](int index) {
        if (!setting_) Q_EMIT sideChosen(static_cast<ShownSide>(index));
    });
    setProgress({}, false);
}

void DetectHeader::setPicture(const QString& name, const QString& detail) {
    name_->setText(name);
    detail_->setText(detail);
}

void DetectHeader::setProgress(const QString& text, bool busy) {
    progress_->setText(text);
    progress_->setVisible(!text.isEmpty());
    cancel_->setVisible(busy);
}

void DetectHeader::setTruth(bool there) {
    const QString why = tr("There is no truth for this picture.");
    sides_->setChoiceEnabled(1, there, why);
    sides_->setChoiceEnabled(2, there, why);
}

void DetectHeader::setSide(ShownSide side) {
    setting_ = true;
    sides_->setCurrent(static_cast<int>(side));
    setting_ = false;
}

void DetectHeader::setExport(const QString& whyNot, const QString& whyNotThis) {
    export_->setEnabled(whyNot.isEmpty());
    export_->setToolTip(whyNot.isEmpty() ? tr("Save overlays, JSON or COCO results") : whyNot);
    for (QAction* action : savesThis_) {
        action->setEnabled(whyNotThis.isEmpty());
        action->setToolTip(whyNotThis);
    }
}

}  // namespace vl
