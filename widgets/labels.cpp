// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/labels.h"

#include <QPainter>
#include <QStyle>

namespace vl {

QFont typeFont(Type type) {
    switch (type) {
        case Type::StartTitle: return Theme::uiFont(24, QFont::DemiBold);
        case Type::BigNumber: return Theme::monoFont(20, QFont::Medium);
        case Type::ViewTitle: return Theme::uiFont(15, QFont::DemiBold);
        case Type::Control: return Theme::uiFont(13);
        case Type::ControlStrong: return Theme::uiFont(13, QFont::Medium);
        case Type::Section: return Theme::uiFont(12, QFont::DemiBold);
        case Type::Secondary: return Theme::uiFont(12);
        case Type::SecondaryStrong: return Theme::uiFont(12, QFont::Medium);
        case Type::Number: return Theme::monoFont(12);
        case Type::Caption: return Theme::uiFont(11);
        case Type::CaptionNumber: return Theme::monoFont(11);
    }
    return Theme::uiFont(13);
}

QLabel* makeLabel(const QString& text, Type type, Tone tone, QWidget* parent) {
    auto* label = new QLabel(text, parent);
    label->setFont(typeFont(type));
    setTone(label, tone);
    return label;
}

void setTone(QLabel* label, Tone tone) {
    if (label->property("tone").toString() == QLatin1String(toneName(tone))) return;
    label->setProperty("tone", QString::fromLatin1(toneName(tone)));
    label->style()->unpolish(label);
    label->style()->polish(label);
}

QFrame* makeSeparator(Qt::Orientation orientation, QWidget* parent) {
    auto* line = new QFrame(parent);
    line->setProperty("separator", true);
    if (orientation == Qt::Horizontal) line->setFixedHeight(1);
    else line->setFixedWidth(1);
    return line;
}

QLabel* makeSectionTitle(const QString& text, QWidget* parent) {
    QLabel* label = makeLabel(text, Type::Section, Tone::Text, parent);
    label->setFixedHeight(40);
    label->setAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    return label;
}

ElidedLabel::ElidedLabel(const QString& text, Type type, Tone tone, QWidget* parent) : QLabel(text, parent) {
    setFont(typeFont(type));
    setTone(this, tone);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

QSize ElidedLabel::minimumSizeHint() const { return {24, QLabel::minimumSizeHint().height()}; }

void ElidedLabel::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setPen(palette().color(foregroundRole()));
    const QRect area = contentsRect();
    const QString shown = fontMetrics().elidedText(text(), Qt::ElideRight, area.width());
    painter.drawText(area, int(alignment()), shown);
    const QString tip = shown == text() ? QString() : text();
    if (toolTip() != tip && (toolTip().isEmpty() || tip.isEmpty())) setToolTip(tip);
}

void ElidedLabel::resizeEvent(QResizeEvent* event) {
    QLabel::resizeEvent(event);
    update();
}

}  // namespace vl
