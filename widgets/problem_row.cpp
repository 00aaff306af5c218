// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/problem_row.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>

#include "widgets/buttons.h"
#include "widgets/icons.h"
#include "widgets/labels.h"

namespace vl {

ProblemRow::ProblemRow(Tone tone, QWidget* parent) : QWidget(parent), tone_(tone) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(4 + 12, 6, 12, 6);
    row->setSpacing(12);
    icon_ = new QLabel;
    icon_->setFixedSize(16, 16);
    word_ = makeLabel({}, Type::SecondaryStrong, tone);
    message_ = new ElidedLabel({}, Type::SecondaryStrong, Tone::Text);
    advice_ = new ElidedLabel({}, Type::Secondary, Tone::Text2);
    action_ = makeButton({});
    close_ = makeIconButton("cross", tr("Dismiss"));

    auto* first = new QHBoxLayout;
    first->setSpacing(6);
    first->addWidget(word_);
    first->addWidget(message_, 1);
    auto* lines = new QVBoxLayout;
    lines->setSpacing(0);
    lines->addLayout(first);
    lines->addWidget(advice_);
    row->addWidget(icon_);
    row->addLayout(lines, 1);
    row->addWidget(action_);
    row->addWidget(close_);
    action_->hide();
    close_->hide();
    setMinimumHeight(48);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    connect(action_, &QPushButton::clicked, this, &ProblemRow::actionTriggered);
    connect(close_, &QToolButton::clicked, this, &ProblemRow::dismissed);
    connect(&Theme::instance(), &Theme::changed, this, &ProblemRow::retint);
    retint();
}

void ProblemRow::setProblem(Tone tone, const QString& word, const QString& message, const QString& advice) {
    tone_ = tone;
    word_->setText(word);
    word_->setVisible(!word.isEmpty());
    message_->setText(message);
    advice_->setText(advice);
    advice_->setVisible(!advice.isEmpty());
    setAccessibleName(word + ": " + message);
    setAccessibleDescription(advice);
    retint();
}

void ProblemRow::setAction(const QString& text) {
    action_->setText(text);
    action_->setVisible(!text.isEmpty());
}

void ProblemRow::setDismissable(bool dismissable) { close_->setVisible(dismissable); }

void ProblemRow::retint() {
    setTone(word_, tone_);
    const QString name = tone_ == Tone::Error ? "cross" : tone_ == Tone::Warning ? "warning" : "info";
    icon_->setPixmap(iconPixmap(name, 16, toneColour(Theme::instance().tokens(), tone_), devicePixelRatioF()));
    update();
}

void ProblemRow::paintEvent(QPaintEvent*) {
    const Tokens& t = Theme::instance().tokens();
    QPainter painter(this);
    painter.fillRect(rect(), tone_ == Tone::Error     ? t.errorTint
                             : tone_ == Tone::Warning ? t.warningTint
                                                      : t.accentTint);
    painter.fillRect(0, 0, 4, height(), toneColour(t, tone_));
}

}  // namespace vl
