// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/segment/segment_header.h"

#include <QHBoxLayout>
#include <QMenu>

#include "widgets/marks.h"

namespace vl {

SegmentHeader::SegmentHeader(QWidget* parent)
    : QWidget(parent),
      name_(new ElidedLabel({}, Type::ViewTitle)),
      detail_(new ElidedLabel({}, Type::Secondary, Tone::Text2)),
      progress_(new ElidedLabel({}, Type::Number, Tone::Text2)),
      sides_(new SegmentedControl({tr("Prediction"), tr("Truth"), tr("Split")})),
      cancel_(makeIconButton(QStringLiteral("stop"), tr("Cancel; what is there so far stays (Esc)"))),
      export_(makeButton(tr("Export"), QStringLiteral("download"))) {
    setFixedHeight(48);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    detail_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);  // gives way first
    sides_->setAccessibleName(tr("What lies over the picture"));
    auto* hide = makeLabel(tr("hide"), Type::Secondary, Tone::Text2);
    auto* key = new KeyCap(QStringLiteral("H"));
    key->setToolTip(tr("Hides the overlay while held"));
    layout->addWidget(name_);
    layout->addWidget(detail_, 1);
    layout->addWidget(progress_);
    layout->addWidget(cancel_);
    layout->addWidget(sides_);
    layout->addSpacing(4);
    layout->addWidget(hide);
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
    add(tr("Overlay of this picture…"), DenseExport::Form::Overlay, false);
    add(tr("Mask of this picture…"), DenseExport::Form::IndexMask, false);
    add(tr("Figures of this picture as JSON…"), DenseExport::Form::Json, false);
    menu->addSeparator();
    add(tr("Overlays of all pictures…"), DenseExport::Form::Overlay, true);
    add(tr("Masks of all pictures…"), DenseExport::Form::IndexMask, true);
    add(tr("Figures of all pictures as JSON…"), DenseExport::Form::Json, true);
    export_->setMenu(menu);
    connect(cancel_, &QToolButton::clicked, this, &SegmentHeader::cancelRequested);
    connect(sides_, &SegmentedControl::currentChanged, this, [this](int side) {
        if (!setting_) Q_EMIT sideChosen(side);
    });
    cancel_->hide();
    setTruth(false);
}

void SegmentHeader::setPicture(const QString& name, const QString& detail) {
    name_->setText(name);
    detail_->setText(detail);
}

void SegmentHeader::setProgress(const QString& text, bool busy) {
    progress_->setText(text);
    progress_->setVisible(!text.isEmpty());
    cancel_->setVisible(busy);
}

void SegmentHeader::setTruth(bool there) {
    const QString why = tr("No truth is known for this picture.");
    for (const int side : {1, 2})
        sides_->setChoiceEnabled(side, there, why);
}

void SegmentHeader::setSide(int side) {
    setting_ = true;
    sides_->setCurrent(side);
    setting_ = false;
}

void SegmentHeader::setExport(const QString& whyNot, const QString& whyNotThis) {
    export_->setEnabled(whyNot.isEmpty());
    export_->setToolTip(whyNot.isEmpty() ? tr("Save overlays, masks or figures") : whyNot);
    for (QAction* action : savesThis_) {
        action->setEnabled(whyNotThis.isEmpty());
        action->setToolTip(whyNotThis);
    }
}

}  // namespace vl
