// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/empty_view.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>

#include "widgets/buttons.h"
#include "widgets/labels.h"

namespace vl {

EmptyView::EmptyView(const QString& iconName, const QString& title, const QString& text, QWidget* parent)
    : QWidget(parent), iconName_(iconName) {
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(16, 16, 16, 16);
    card_ = new QWidget;
    auto* row = new QHBoxLayout(card_);
    row->setContentsMargins(24, 16, 32, 16);
    row->setSpacing(16);
    icon_ = new QLabel;
    icon_->setFixedSize(32, 32);
    row->addWidget(icon_);
    auto* column = new QVBoxLayout;
    column->setSpacing(4);
    title_ = makeLabel(title, Type::ControlStrong);
    text_ = makeLabel(text, Type::Secondary, Tone::Text2);
    buttons_ = new QWidget;
    auto* buttonRow = new QHBoxLayout(buttons_);
    buttonRow->setContentsMargins(0, 6, 0, 0);
    buttonRow->setSpacing(8);
    buttonRow->addStretch();
    column->addWidget(title_);
    column->addWidget(text_);
    column->addWidget(buttons_);
    buttons_->hide();
    row->addLayout(column);
    outer->addStretch();
    outer->addWidget(card_, 0, Qt::AlignCenter);
    outer->addStretch();
    const auto tint = [this] {
        icon_->setPixmap(iconPixmap(iconName_, 32, Theme::instance().tokens().controlLine, devicePixelRatioF()));
        update();
    };
    tint();
    connect(&Theme::instance(), &Theme::changed, this, tint);
}

QPushButton* EmptyView::addButton(const QString& text, const QString& iconName) {
    auto* layout = static_cast<QHBoxLayout*>(buttons_->layout());
    const int already = layout->count() - 1;
    QPushButton* button = makeButton(text, iconName, already == 0 ? ButtonKind::Normal : ButtonKind::Quiet);
    layout->insertWidget(already, button);
    buttons_->show();
    return button;
}

void EmptyView::setTakesDrops(bool takes) {
    takesDrops_ = takes;
    update();
}

void EmptyView::setDropActive(bool active) {
    dropActive_ = active;
    update();
}

void EmptyView::setText(const QString& title, const QString& text) {
    title_->setText(title);
    text_->setText(text);
}

void EmptyView::paintEvent(QPaintEvent*) {
    if (!takesDrops_) return;
    const Tokens& t = Theme::instance().tokens();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QPen pen(dropActive_ ? t.accent : t.controlLine, 1);
    pen.setDashPattern({3, 3});
    painter.setPen(pen);
    painter.drawRoundedRect(QRectF(rect()).adjusted(8.5, 8.5, -8.5, -8.5), 6, 6);
}

}  // namespace vl
