// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/form_row.h"

#include <QGridLayout>
#include <QHBoxLayout>

#include "widgets/icons.h"
#include "widgets/labels.h"
#include "widgets/number_field.h"

namespace vl {

FormRow::FormRow(const QString& label, QWidget* field, Badge* badge, QWidget* parent)
    : QWidget(parent), label_(new ElidedLabel(label, Type::Secondary, Tone::Text2)), field_(field), badge_(badge) {
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(0, 4, 0, 4);
    grid->setHorizontalSpacing(8);
    grid->setVerticalSpacing(2);
    label_->setFixedWidth(96);
    label_->setBuddy(field);
    label_->setAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    label_->setMinimumHeight(28);
    field->setAccessibleName(label);
    field->setMinimumWidth(80);
    grid->addWidget(label_, 0, 0);
    grid->addWidget(field, 0, 1);
    grid->setColumnStretch(1, 1);
    grid->setColumnMinimumWidth(2, badge ? 74 : 0);
    if (badge) grid->addWidget(badge, 0, 2, Qt::AlignLeft | Qt::AlignVCenter);

    problemRow_ = new QWidget;
    auto* row = new QHBoxLayout(problemRow_);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(4);
    problemIcon_ = new QLabel;
    problemText_ = makeLabel({}, Type::Caption, Tone::Error);
    problemText_->setWordWrap(true);
    row->addWidget(problemIcon_, 0, Qt::AlignTop);
    row->addWidget(problemText_, 1);
    grid->addWidget(problemRow_, 1, 1, 1, 2);
    problemRow_->hide();
    const auto tint = [this] {
        problemIcon_->setPixmap(iconPixmap("warning", 14, Theme::instance().tokens().error, devicePixelRatioF()));
    };
    tint();
    connect(&Theme::instance(), &Theme::changed, this, tint);
    if (auto* number = qobject_cast<NumberField*>(field))
        connect(number, &NumberField::problemChanged, this, &FormRow::setProblem);
}

void FormRow::setHelp(const QString& help) {
    label_->setToolTip(help);
    field_->setToolTip(help);
}

void FormRow::setProblem(const QString& problem) {
    problemText_->setText(problem);
    problemRow_->setVisible(!problem.isEmpty());
}

QString FormRow::problem() const { return problemText_->text(); }

void FormRow::setBadgeVisible(bool visible) {
    if (badge_) badge_->setVisible(visible);
}

}  // namespace vl
