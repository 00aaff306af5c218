// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/inspect/inspect_header.h"

#include <QHBoxLayout>

namespace vl {

InspectHeader::InspectHeader(QWidget* parent)
    : QWidget(parent),
      title_(new ElidedLabel({}, Type::ViewTitle)),
      detail_(new ElidedLabel({}, Type::Secondary, Tone::Text2)),
      mask_(new SegmentedControl({tr("Softmax"), tr("Softmax × mask")})),
      direction_(new SegmentedControl({tr("Attends to"), tr("Attended by")})) {
    setFixedHeight(48);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    title_->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Preferred);
    detail_->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    layout->addWidget(title_);
    layout->addWidget(detail_, 1);
    layout->addWidget(makeLabel(tr("Show"), Type::Secondary, Tone::Text2));
    layout->addWidget(mask_);
    layout->addSpacing(12);
    layout->addWidget(direction_);
    mask_->setAccessibleName(tr("Which values"));
    direction_->setAccessibleName(tr("Which direction"));
    direction_->setToolTip(tr("Hold Shift while hovering to switch for a moment"));
    connect(mask_, &SegmentedControl::currentChanged, this, [this](int i) {
        if (!setting_) Q_EMIT maskedChosen(i == 1);
    });
    connect(direction_, &SegmentedControl::currentChanged, this, [this](int i) {
        if (!setting_) Q_EMIT columnsChosen(i == 1);
    });
}

void InspectHeader::setTexts(const QString& title, const QString& detail, Tone tone) {
    title_->setText(title);
    detail_->setText(detail);
    setTone(detail_, tone);
    detail_->setAccessibleName(detail);
}

void InspectHeader::setMasked(bool masked, const QString& whyNot) {
    setting_ = true;
    mask_->setCurrent(masked ? 1 : 0);
    mask_->setChoiceEnabled(1, whyNot.isEmpty(), whyNot);
    setting_ = false;
}

void InspectHeader::setColumns(bool columns) {
    setting_ = true;
    direction_->setCurrent(columns ? 1 : 0);
    setting_ = false;
}

}  // namespace vl
