// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/attention_canvas.h"

#include <algorithm>
#include <cmath>

#include <QFontMetricsF>
#include <QPainter>

#include "widgets/paint_helpers.h"

namespace vl {

void AttentionCanvas::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const auto at = pictureLayout();
    if (!at.valid()) return;
    painter.setRenderHint(QPainter::SmoothPixmapTransform, false);
    paintTicks(painter, at);
    painter.save();
    painter.setClipRect(pictureArea().adjusted(-1, -1, 2, 2));
    painter.drawImage(at.rect(), picture_);
    if (!overlayHidden_ && !overlay_.isNull()) painter.drawImage(at.rect(), overlay_);
    paintGrid(painter, at);
    if (!overlayHidden_) paintBoundary(painter, at);
    painter.restore();
    paintFooter(painter, at);
    paintPins(painter);
    paintQuery(painter);
    if (hasFocus() && ring_) paintFocusRing(painter, QRectF(rect()));
}

// Every number that has room, always the first: a 14-wide grid labels each, a 64-wide one every fourth.
void AttentionCanvas::paintTicks(QPainter& painter, const PictureLayout& at) const {
    const auto& t = Theme::instance().tokens();
    const QFont font = Theme::monoFont(11);
    const auto area = pictureArea();
    const auto stepFor = [](double cell, double need) {
        int step = 1;
        while (cell * step < need)
            step *= 2;
        return step;
    };
    const int colStep = stepFor(at.cell(0, 0).width(), 20), rowStep = stepFor(at.cell(0, 0).height(), 16);
    for (int c = 0; c < geometry_.queryCols; c += colStep) {
        const auto cell = at.cell(0, c);
        if (cell.center().x() < area.left() || cell.center().x() > area.right()) continue;
        paintText(painter, QRectF(cell.center().x() - 20, area.top() - 18, 40, 16), Qt::AlignCenter, QString::number(c),
                  font, t.text3);
    }
    for (int r = 0; r < geometry_.queryRows; r += rowStep) {
        const auto cell = at.cell(r, 0);
        if (cell.center().y() < area.top() || cell.center().y() > area.bottom()) continue;
        paintText(painter, QRectF(0, cell.center().y() - 8, area.left() - 3, 16), Qt::AlignRight | Qt::AlignVCenter,
                  QString::number(r), font, t.text3);
    }
}

void AttentionCanvas::paintGrid(QPainter& painter, const PictureLayout& at) const {
    painter.setPen(QPen(QColor(255, 255, 255, at.cell(0, 0).width() < 12 ? 26 : 46), 1));
    for (int c = 0; c <= geometry_.queryCols; ++c) {
        const double x = std::floor(at.rect().left() + c * at.rect().width() / geometry_.queryCols) + 0.5;
        painter.drawLine(QLineF(std::min(x, at.rect().right() - 0.5), at.rect().top(),
                                std::min(x, at.rect().right() - 0.5), at.rect().bottom()));
    }
    for (int r = 0; r <= geometry_.queryRows; ++r) {
        const double y = std::min(std::floor(at.rect().top() + r * at.rect().height() / geometry_.queryRows) + 0.5,
                                  at.rect().bottom() - 0.5);
        painter.drawLine(QLineF(at.rect().left(), y, at.rect().right(), y));
    }
}

void AttentionCanvas::paintBoundary(QPainter& painter, const PictureLayout& at) const {
    const auto patch = patchOfToken(geometry_, query_);
    if (!boundary_ || !patch) return;
    const bool rows = direction_ == AttentionDirection::AttendsTo;
    // Seen as a row the line follows the query, seen as a column it runs before it: token i itself is never weighted.
    const auto cell = at.cell(*patch);
    const double edge = rows ? cell.right() : cell.left();
    const QPolygonF line{QPointF(at.rect().left(), cell.bottom()), QPointF(edge, cell.bottom()),
                         QPointF(edge, cell.top()), QPointF(at.rect().right(), cell.top())};
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(markOutline(), 3));
    painter.drawPolyline(line);
    QPen dashes(Qt::white, 2, Qt::CustomDashLine, Qt::FlatCap);
    dashes.setDashPattern({2.5, 2});
    painter.setPen(dashes);
    painter.drawPolyline(line);

    const QString words = rows ? tr("later keys, weighted by α ") : tr("earlier queries, weighted by α ");
    const QString number = fixedText(*boundary_, 2);
    const QFont wordFont = Theme::uiFont(11), numberFont = Theme::monoFont(11, QFont::Medium);
    const double wordWidth = QFontMetricsF(wordFont).horizontalAdvance(words);
    const double width = wordWidth + QFontMetricsF(numberFont).horizontalAdvance(number) + 12;
    // The chip sits on the weighted side, where a full-width strip is free beside the query.
    QRectF chip(at.rect().right() - width - 6, rows ? cell.top() + 6 : cell.top() - 26, width, 20);
    if (rows && chip.left() < cell.right() + 6) chip.moveTop(cell.bottom() + 6);
    if (!rows && cell.top() - 26 < at.rect().top()) chip.moveTopLeft({at.rect().left() + 6, cell.bottom() - 26});
    const QRectF inside = at.rect().intersected(pictureArea());
    if (chip.bottom() > inside.bottom()) chip.moveBottom(std::min(cell.top() - 6, inside.bottom() - 4));
    if (chip.left() < inside.left()) chip.moveLeft(inside.left() + 2);
    painter.setPen(Qt::NoPen);
    painter.setBrush(QColor(0x10, 0x13, 0x16, 217));
    painter.drawRoundedRect(chip, 3, 3);
    const auto& dark = darkTokens();
    paintText(painter, chip.adjusted(6, 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft, words, wordFont, dark.text);
    paintText(painter, chip.adjusted(6 + wordWidth, 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft, number, numberFont,
              dark.text);
}

void AttentionCanvas::paintPins(QPainter& painter) const {
    const QRectF visible = pictureArea().adjusted(-1, -1, 2, 2);
    for (std::size_t slot = 0; slot < pins_.size(); ++slot) {
        const QRectF cell = tokenRect(pins_[slot].token);
        const bool isClass = pins_[slot].token == geometry_.classTokenIndex;
        if (pins_[slot].token < 0 || cell.isEmpty() || (!isClass && !visible.intersects(cell))) continue;
        const QColor colour = pinColor(static_cast<int>(slot));
        paintMark(painter, cell, colour);
        const double side = std::clamp(cell.width() * 0.45, 6.0, 18.0);
        paintPinBadge(painter, QRectF(cell.topLeft() + QPointF(1, 1), QSizeF(side, side)), QString::number(slot + 1),
                      colour);
    }
}

void AttentionCanvas::paintQuery(QPainter& painter) const {
    const QRectF cell = tokenRect(query_);
    if (query_ < 0 || cell.isEmpty()) return;
    paintMark(painter, cell, Qt::white);
    if (cell.width() >= 16)
        paintCross(painter, cell.center(), std::min(8.0, cell.width() / 5), Qt::white, markOutline());
}

void AttentionCanvas::paintFooter(QPainter& painter, const PictureLayout& at) const {
    const auto& t = Theme::instance().tokens();
    const QFont words = Theme::uiFont(11), numbers = Theme::monoFont(11);
    const QRectF shown = at.rect().intersected(pictureArea());
    const double mid = shown.bottom() + 22;
    const auto line = [&](double x, double width) { return QRectF(x, mid - 8, width, 16); };
    const QRectF tile = classTokenRect();
    const double limit = tile.isEmpty() ? shown.right() : tile.left();

    double x = shown.left();
    const QString name = scale_.log ? tr("attention, log") : tr("attention");
    const QString low = scale_.log ? tr("≤ %1").arg(shareText(scale_.max / 1000)) : QStringLiteral("0");
    const QString high = shareText(scale_.max);
    const double highWidth = QFontMetricsF(numbers).horizontalAdvance(high);
    if (limit - x > 340) x += paintText(painter, line(x, 120), Qt::AlignVCenter, name, words, t.text2) + 10;
    x += paintText(painter, line(x, 120), Qt::AlignVCenter, low, numbers, t.text) + 8;
    const QString className = geometry_.classTokenIndex == 0 ? tr("class token (first)") : tr("class token (last)");
    double classWidth = tile.isEmpty() ? 0 : QFontMetricsF(words).horizontalAdvance(className) + 12;
    if (limit - classWidth - highWidth - 24 - x < 24)
        classWidth = 0;  // no room for both: the bar matters more than the word
    const double barWidth = std::min(184.0, limit - classWidth - highWidth - 24 - x);
    if (barWidth >= 24) {
        painter.drawImage(QRectF(x, mid - 6, barWidth, 12), colorStrip(map_, static_cast<int>(barWidth)));
        x += barWidth + 8;
    }
    paintText(painter, line(x, 120), Qt::AlignVCenter, high, numbers, t.text);

    if (tile.isEmpty()) return;
    const auto index = static_cast<std::size_t>(geometry_.classTokenIndex);
    const double value = index < values_.size() ? values_[index] : 0;
    if (classWidth > 0)
        paintText(painter, QRectF(tile.left() - classWidth, mid - 8, classWidth - 8, 16),
                  Qt::AlignVCenter | Qt::AlignRight, className, words, t.text2);
    painter.setPen(QPen(t.controlLine, 1));
    painter.setBrush(overlayHidden_ ? QColor(t.canvas) : QColor(colorAt(map_, scale_.normalise(value))));
    painter.drawRect(tile.adjusted(0.5, 0.5, -0.5, -0.5));
    paintText(painter, QRectF(tile.right() + 8, mid - 8, 56, 16), Qt::AlignVCenter | Qt::AlignRight,
              values_.empty() ? QString() : shareText(value), numbers, t.text);
}

}  // namespace vl
