// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/start/start_card.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLabel>
#include <QMouseEvent>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

#include "widgets/buttons.h"
#include "widgets/labels.h"
#include "widgets/marks.h"

namespace vl {
namespace {

constexpr int kInset = 16, kPictureHeight = 128, kHeight = 288;

}  // namespace

StartCard::StartCard(const QString& title, const QString& text, const QString& buttonText, const QString& icon, bool primary,
                     QWidget* parent)
    : QWidget(parent), primary_(primary), title_(makeLabel(title, Type::ViewTitle)),
      text_(makeLabel(text, Type::Secondary, Tone::Text2)),
      button_(makeButton(buttonText, icon, primary ? ButtonKind::Primary : ButtonKind::Normal)), footer_(new QWidget(this)) {
    setFixedHeight(kHeight);
    setMinimumWidth(232);
    setAccessibleName(title);
    text_->setWordWrap(true);
    text_->setMinimumHeight(36);
    text_->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    auto* foot = new QHBoxLayout(footer_);
    foot->setContentsMargins(0, 0, 0, 0);
    foot->addWidget(button_);
    foot->addStretch(1);
    auto* box = new QVBoxLayout(this);
    box->setContentsMargins(kInset, kInset + kPictureHeight + 12, kInset, kInset);
    box->setSpacing(4);
    box->addWidget(title_);
    box->addWidget(text_);
    box->addStretch(1);
    box->addWidget(footer_);
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void StartCard::setPicture(Painter painter) {
    picture_ = std::move(painter);
    update();
}

void StartCard::setAction(QAction* action) {
    if (!action) return;
    delete key_;
    key_ = new KeyCap(action->shortcut().toString(QKeySequence::NativeText), footer_);
    footer_->layout()->addWidget(key_);
    const auto follow = [this, action] {
        button_->setEnabled(action->isEnabled());
        button_->setToolTip(action->toolTip());
    };
    connect(button_, &QPushButton::clicked, action, &QAction::trigger);
    connect(action, &QAction::changed, this, follow);
    follow();
}

QRect StartCard::pictureRect() const { return {kInset, kInset, width() - 2 * kInset, kPictureHeight}; }

void StartCard::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton && pictureRect().contains(event->position().toPoint())) button_->click();
}

void StartCard::paintEvent(QPaintEvent*) {
    const Tokens& t = Theme::instance().tokens();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(primary_ ? t.accent : t.line);
    painter.setBrush(t.raised);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
    painter.setRenderHint(QPainter::Antialiasing, false);
    const QRect area = pictureRect();
    painter.setClipRect(area);
    painter.fillRect(area, t.canvas);
    if (picture_) picture_(painter, area);
    if (!t.dark) {  // white on white needs an edge
        painter.setPen(t.line);
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(area.adjusted(0, 0, -1, -1));
    }
}

}  // namespace vl
