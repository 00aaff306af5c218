// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/segment/fact_line.h"

#include <QPainter>

#include "widgets/paint_helpers.h"

namespace vl {

FactLine::FactLine(QWidget* parent) : QWidget(parent) {
    setFixedHeight(24);
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void FactLine::setParts(std::vector<Part> parts, const QString& right) {
    parts_ = std::move(parts);
    right_ = right;
    update();
}

QString FactLine::text() const {
    QStringList words;
    for (const Part& part : parts_)
        words << QStringList{part.name, part.value, part.figure}.join(QLatin1Char(' ')).simplified();
    return words.join(QStringLiteral(", "));
}

void FactLine::paintEvent(QPaintEvent*) {
    const Tokens& t = Theme::instance().tokens();
    QPainter painter(this);
    const QFont plain = typeFont(Type::Secondary), strong = typeFont(Type::SecondaryStrong),
                mono = typeFont(Type::Number);
    const int where = Qt::AlignLeft | Qt::AlignVCenter;
    double limit = width();
    if (!right_.isEmpty()) {
        const QString word = tr("zoom");
        const double figure = QFontMetricsF(mono).horizontalAdvance(right_);
        paintText(painter, QRectF(0, 0, width(), height()), Qt::AlignRight | Qt::AlignVCenter, right_, mono, t.text);
        paintText(painter, QRectF(0, 0, width() - figure - 6, height()), Qt::AlignRight | Qt::AlignVCenter, word, plain,
                  t.text2);
        limit -= figure + 60;
    }
    double x = 0;
    const auto write = [&](const QString& text, const QFont& font, const QColor& colour, double gap) {
        if (text.isEmpty()) return;
        x += paintText(painter, QRectF(x, 0, width() - x, height()), where, text, font, colour) + gap;
    };
    for (const Part& part : parts_) {
        const double wide = QFontMetricsF(plain).horizontalAdvance(part.name) +
                            QFontMetricsF(strong).horizontalAdvance(part.value) +
                            QFontMetricsF(mono).horizontalAdvance(part.figure) + 12;
        if (x + wide > limit) break;
        write(part.name, plain, t.text2, 5);
        write(part.value, strong, t.text, 5);
        write(part.figure, mono, t.text, 5);
        x += 12;
    }
}

}  // namespace vl
