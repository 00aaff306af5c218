// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/curve_editor.h"

#include <cmath>

#include <QFontMetricsF>

#include "widgets/paint_helpers.h"

namespace vl {

void CurveEditor::paintEvent(QPaintEvent*) {
    const auto& t = Theme::instance().tokens();
    QPainter painter(this);
    const auto s = scale();
    paintHeader(painter);
    paintAxes(painter, s, niceTicks(0, length_, std::max(2, static_cast<int>(s.rect.width() / 130))),
              s.rect.height() > 180 ? std::vector<double>{0, 0.25, 0.5, 0.75, 1} : std::vector<double>{0, 0.5, 1},
              false);
    QPen dashed(t.controlLine, 1.5, Qt::CustomDashLine, Qt::FlatCap);
    dashed.setDashPattern({5 / 1.5, 4 / 1.5});
    paintLine(painter, s, reference_, dashed);
    if (std::isfinite(now_) && now_ >= 0 && now_ <= length_) {
        QPen pen(t.controlLine, 1, Qt::CustomDashLine, Qt::FlatCap);
        pen.setDashPattern({2, 3});
        painter.setPen(pen);
        const double x = std::round(s.x(now_));
        painter.drawLine(QPointF(x, s.rect.top()), QPointF(x, s.rect.bottom()));
        paintText(painter, QRectF(x + 4, s.rect.top(), 60, 14), Qt::AlignLeft | Qt::AlignVCenter, tr("now"),
                  Theme::uiFont(11), t.text2);
    }
    paintLine(painter, s, curve_, QPen(t.series[0], 2, Qt::SolidLine, Qt::FlatCap, Qt::MiterJoin));
    paintMarker(painter, s);
    paintNodes(painter, s);
    if (hasFocus() && ring_) paintFocusRing(painter, s.rect.adjusted(-6, -6, 6, 6));
}

void CurveEditor::paintHeader(QPainter& painter) const {
    const auto& t = Theme::instance().tokens();
    const QFont small = Theme::uiFont(11);
    double x = paintText(painter, QRectF(0, 0, 200, 20), Qt::AlignVCenter, tr("α by epoch"),
                         Theme::uiFont(12, QFont::DemiBold), t.text) +
               16;
    double right = scale().rect.right();
    const auto entry = [&](const QString& name, bool dash) {
        const double w = QFontMetricsF(small).horizontalAdvance(name);
        paintText(painter, QRectF(right - w, 0, w + 1, 20), Qt::AlignVCenter, name, small, t.text2);
        if (dash) {
            painter.fillRect(QRectF(right - w - 17, 9, 5, 2), t.controlLine);
            painter.fillRect(QRectF(right - w - 10, 9, 5, 2), t.controlLine);
        } else {
            painter.fillRect(QRectF(right - w - 17, 8.5, 12, 3), t.series[0]);
        }
        right -= w + 33;
    };
    if (!reference_.empty()) entry(referenceName_, true);
    entry(tr("this draft, one value a step"), false);
    const QString hint = tr("1 sees every patch, 0 sees earlier patches only");
    if (right - x > QFontMetricsF(small).horizontalAdvance(hint))
        paintText(painter, QRectF(x, 0, right - x, 20), Qt::AlignVCenter, hint, small, t.text2);
}

void CurveEditor::paintMarker(QPainter& painter, const PlotScale& s) const {
    const auto& t = Theme::instance().tokens();
    const double x = std::round(s.x(marker_));
    painter.setPen(QPen(t.text, 1));
    painter.drawLine(QPointF(x, s.rect.top()), QPointF(x, height()));
    const QRectF flag = flagRect();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(t.canvas);
    painter.drawRoundedRect(flag.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3);
    painter.setRenderHint(QPainter::Antialiasing, false);
    const QString words = tr("preview ");
    const double w = QFontMetricsF(Theme::uiFont(11)).horizontalAdvance(words);
    const QString number = fixedText(marker_, 2);
    const double total = w + QFontMetricsF(Theme::monoFont(11)).horizontalAdvance(number);
    const double left = flag.center().x() - total / 2;
    paintText(painter, QRectF(left, flag.top(), w + 1, flag.height()), Qt::AlignVCenter, words, Theme::uiFont(11),
              t.text);
    paintText(painter, QRectF(left + w, flag.top(), 80, flag.height()), Qt::AlignVCenter, number, Theme::monoFont(11),
              t.text);
}

void CurveEditor::paintNodes(QPainter& painter, const PlotScale& s) const {
    const auto& t = Theme::instance().tokens();
    for (int i = 0; i < static_cast<int>(nodes_.size()); ++i) {
        const QPointF at = s.map(nodes_[i].x, nodes_[i].y);
        const QPointF centre(std::round(at.x()), std::round(at.y()));
        const QRectF square(centre - QPointF(5, 5), QSizeF(10, 10));
        painter.setPen(QPen(t.series[0], 2, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
        painter.setBrush(i == selected_ ? t.series[0] : i == hovered_ ? t.hover : t.canvas);
        painter.drawRect(square.adjusted(0, 0, -1, -1));
        if (i != selected_) continue;
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(square.adjusted(-5, -5, 4, 4));
        const QString text = tr("epoch %1 α %2").arg(fixedText(nodes_[i].x, 2), fixedText(nodes_[i].y, 3));
        const double w = QFontMetricsF(Theme::monoFont(11)).horizontalAdvance(text) + 20;
        QRectF chip(centre.x() + 18, centre.y() - 36, w, 24);
        if (chip.right() > s.rect.right()) chip.moveRight(centre.x() - 18);
        if (chip.top() < s.rect.top()) chip.moveTop(centre.y() + 14);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(t.text);
        painter.drawRoundedRect(chip, 4, 4);
        painter.setRenderHint(QPainter::Antialiasing, false);
        paintText(painter, chip, Qt::AlignCenter, text, Theme::monoFont(11), t.window);
    }
}

}  // namespace vl
