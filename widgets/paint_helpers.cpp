// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/paint_helpers.h"

#include <cmath>

#include <QFontMetricsF>
#include <QLocale>

namespace vl {

void paintMark(QPainter& painter, const QRectF& rect, const QColor& colour) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(markOutline(), 1, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
    painter.drawRect(rect.adjusted(-0.5, -0.5, 0.5, 0.5));
    painter.setPen(QPen(colour, 2, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
    painter.drawRect(rect.adjusted(1, 1, -1, -1));
    painter.restore();
}

void paintPinBadge(QPainter& painter, const QRectF& rect, const QString& text, const QColor& colour) {
    painter.fillRect(rect, colour);
    if (rect.height() >= 12)
        paintText(painter, rect, Qt::AlignCenter, text, Theme::monoFont(rect.height() >= 16 ? 12 : 11, QFont::Medium),
                  markOutline());
}

void paintCross(QPainter& painter, const QPointF& centre, double arm, const QColor& colour, const QColor& outline) {
    const QPointF h(arm, 0), v(0, arm);
    for (const auto& [pen, width] : {std::pair{outline, 4.0}, std::pair{colour, 2.0}}) {
        const double extra = width > 3 ? 1 : 0;
        painter.setPen(QPen(pen, width, Qt::SolidLine, Qt::FlatCap));
        painter.drawLine(QLineF(centre - h - QPointF(extra, 0), centre + h + QPointF(extra, 0)));
        painter.drawLine(QLineF(centre - v - QPointF(0, extra), centre + v + QPointF(0, extra)));
    }
}

double paintText(QPainter& painter, const QRectF& rect, int flags, const QString& text, const QFont& font,
                 const QColor& colour) {
    painter.setFont(font);
    painter.setPen(colour);
    painter.drawText(rect, flags, text);
    return QFontMetricsF(font).horizontalAdvance(text);
}

QString fixedText(double value, int decimals) {
    return std::isfinite(value) ? QLocale().toString(value, 'f', decimals) : QStringLiteral("–");
}

QString shareText(double value) {
    if (!std::isfinite(value)) return QStringLiteral("–");
    if (value == 0) return QStringLiteral("0");
    if (std::abs(value) < 1e-4) return QLocale().toString(value, 'e', 0);
    return QLocale().toString(value, 'f', value < 0.001 ? 5 : value < 0.01 ? 4 : 3);
}

bool isKeyboardFocus(Qt::FocusReason reason) {
    return reason == Qt::TabFocusReason || reason == Qt::BacktabFocusReason || reason == Qt::ShortcutFocusReason;
}

void paintFocusRing(QPainter& painter, const QRectF& rect) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(Theme::instance().tokens().accent, 2));
    painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 4, 4);
    painter.restore();
}

}  // namespace vl
