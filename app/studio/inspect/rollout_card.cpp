// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/inspect/rollout_card.h"

#include <QLabel>
#include <QPainter>
#include <QVBoxLayout>

#include "widgets/icons.h"
#include "widgets/labels.h"

namespace vl {

RolloutCard::RolloutCard(QWidget* parent)
    : QWidget(parent), message_(makeLabel({}, Type::Secondary)), action_(new QLabel) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(36, 8, 12, 8);
    layout->setSpacing(4);
    message_->setWordWrap(true);
    action_->setFont(typeFont(Type::Secondary));
    action_->setTextInteractionFlags(Qt::LinksAccessibleByKeyboard | Qt::LinksAccessibleByMouse);
    action_->setFocusPolicy(Qt::StrongFocus);
    layout->addWidget(message_);
    layout->addWidget(action_);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    connect(action_, &QLabel::linkActivated, this, &RolloutCard::toggled);
    connect(&Theme::instance(), &Theme::changed, this, [this] {
        showAction();
        update();
    });
}

void RolloutCard::setState(bool on, bool sumsToOne, int layers, bool computing) {
    refused_ = !on && !sumsToOne;
    QString message, action;
    if (on && computing) {
        message = tr("Multiplying %n layers…", nullptr, layers);
        action = tr("Back to single layers");
    } else if (on) {
        message = sumsToOne
                      ? tr("Rollout to layer %1, heads averaged, half of each row kept in place.").arg(layers)
                      : tr("Renormalised rollout to layer %1: rows of ½ A + ½ I divided by their sum, heads averaged.")
                            .arg(layers);
        action = tr("Back to single layers");
    } else if (refused_) {
        message = tr("Rollout is off: masked rows do not sum to one.");
        action = tr("Use renormalised rollout");
    } else {
        message = tr("Rollout follows attention through the layers.");
        action = tr("Use rollout");
    }
    message_->setText(message);
    actionText_ = action;
    showAction();
    setAccessibleName(message);
    update();
}

// Rich text keeps the colour it was made with, so that a link has to be made again for another theme.
void RolloutCard::showAction() {
    action_->setText(QStringLiteral("<a href=\"#\" style=\"color:%1; text-decoration:none\">%2</a>")
                         .arg(Theme::instance().tokens().accent.name(), actionText_.toHtmlEscaped()));
    action_->setAccessibleName(actionText_);
}

QString RolloutCard::message() const { return message_->text(); }
QString RolloutCard::action() const { return action_->accessibleName(); }

void RolloutCard::paintEvent(QPaintEvent*) {
    const auto& t = Theme::instance().tokens();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(t.raised);
    painter.drawRoundedRect(rect(), 6, 6);
    if (!t.dark) {
        painter.setPen(QPen(t.line, 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
    }
    paintIcon(painter, QRect(12, 9, 16, 16), refused_ ? QStringLiteral("warning") : QStringLiteral("layers"),
              refused_ ? t.warning : t.text2);
}

}  // namespace vl
