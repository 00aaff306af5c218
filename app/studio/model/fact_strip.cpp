// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/model/fact_strip.h"

#include <algorithm>

#include <QPainter>

#include "widgets/labels.h"
#include "widgets/paint_helpers.h"

namespace vl {

FactStrip::FactStrip(QWidget* parent) : QWidget(parent) {
    setFixedHeight(56);
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void FactStrip::setFacts(std::vector<Fact> facts) {
    if (facts == facts_) return;
    facts_ = std::move(facts);
    QStringList words;
    for (const Fact& fact : facts_)
        words << QStringLiteral("%1 %2 %3").arg(fact.caption, fact.value, fact.unit).trimmed();
    setAccessibleName(words.join(QStringLiteral(", ")));
    update();
}

QString FactStrip::value(const QString& caption) const {
    for (const Fact& fact : facts_)
        if (fact.caption == caption) return (fact.value + QLatin1Char(' ') + fact.unit).trimmed();
    return {};
}

void FactStrip::paintEvent(QPaintEvent*) {
    if (facts_.empty()) return;
    const Tokens& t = Theme::instance().tokens();
    QPainter painter(this);
    const double step = std::min(152.0, double(width()) / double(facts_.size()));
    for (std::size_t i = 0; i < facts_.size(); ++i) {
        const Fact& fact = facts_[i];
        const double left = double(i) * step;
        paintText(painter, QRectF(left, 4, step - 8, 16), Qt::AlignLeft | Qt::AlignVCenter, fact.caption,
                  typeFont(Type::Secondary), t.text2);
        const double base = 43;
        painter.setFont(typeFont(Type::BigNumber));
        painter.setPen(toneColour(t, fact.tone));
        const double wide = QFontMetricsF(painter.font()).horizontalAdvance(fact.value);
        painter.drawText(QPointF(left, base), fact.value);
        painter.setFont(typeFont(Type::Caption));
        painter.setPen(t.text2);
        painter.drawText(QPointF(left + wide + 5, base), fact.unit);
    }
}

}  // namespace vl
