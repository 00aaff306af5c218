// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include <QPaintEvent>
#include <QPainter>

#include "widgets/labels.h"
#include "widgets/paint_helpers.h"
#include "widgets/sample_grid.h"

namespace vl {

void SampleGrid::paintEvent(QPaintEvent* event) {
    QPainter painter(this);
    const Tokens& t = Theme::instance().tokens();
    paintHead(painter);
    for (int row = 0; row < std::ssize(rows_); ++row)
        paintRowLabel(painter, row);
    painter.setRenderHint(QPainter::SmoothPixmapTransform, false);
    for (int cell = 0; cell < count(); ++cell) {
        const QRectF rect = cellRect(cell);
        if (rect.isEmpty() || !rect.adjusted(-3, -3, 3, 3).intersects(event->rect())) continue;
        const auto at = static_cast<std::size_t>(cell);
        const QImage& shown = at < small_.size() ? small_[at] : picture(cell);
        if (shown.isNull()) {
            painter.setPen(QPen(t.buttonLine, 1, Qt::DashLine));
            painter.setBrush(Qt::NoBrush);
            painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, -0.5));
        } else {
            painter.drawImage(rect, shown);
        }
    }
    if (const QRectF chosen = cellRect(selected_); !chosen.isEmpty()) {
        painter.setPen(QPen(t.accent, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(chosen.adjusted(-2, -2, 2, 2));
    }
    if (ring_ && hasFocus()) paintFocusRing(painter, QRectF(rect()).adjusted(1, 1, -1, -1));
}

void SampleGrid::paintHead(QPainter& painter) const {
    const Tokens& t = Theme::instance().tokens();
    const QFont name = typeFont(Type::Secondary), note = typeFont(Type::CaptionNumber);
    const QFontMetrics nameWidth(name), noteWidth(note);
    // Notes stand above every column or above none.
    bool notes = true;
    for (const Column& each : columns_)
        notes = notes && nameWidth.horizontalAdvance(each.name) + 6 + noteWidth.horizontalAdvance(each.note) <= side_;
    for (int i = 0; i < std::ssize(columns_); ++i) {
        const Column& column = columns_[static_cast<std::size_t>(i)];
        const QRectF cell = cellRect(i);
        const QRectF head(cell.x(), 0, cell.width(), headHeight - 4);
        const QString text = nameWidth.elidedText(column.name, Qt::ElideRight, static_cast<int>(head.width()));
        paintText(painter, head, Qt::AlignLeft | Qt::AlignVCenter, text, name, t.text);
        if (notes || column.name.isEmpty())
            paintText(painter, head, (column.name.isEmpty() ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter,
                      noteWidth.elidedText(column.note, Qt::ElideRight, static_cast<int>(head.width())), note, t.text2);
    }
}

void SampleGrid::paintRowLabel(QPainter& painter, int row) const {
    const Tokens& t = Theme::instance().tokens();
    const Row& r = rows_[static_cast<std::size_t>(row)];
    const QRectF cell = cellRect(row * static_cast<int>(columns_.size()));
    if (cell.isEmpty()) return;
    const int width = labelWidth - 14;
    const bool roomy = cell.height() >= 72;
    double y = cell.y();
    const QFont value = r.value.size() > 7 ? typeFont(Type::Secondary) : typeFont(Type::Number);
    QFont large = value;
    if (roomy && r.value.size() <= 5) large.setPixelSize(15);
    paintText(painter, QRectF(0, y, width, 20), Qt::AlignLeft | Qt::AlignVCenter,
              QFontMetrics(large).elidedText(r.value, Qt::ElideRight, width), large, t.text);
    y += 20;
    if (!r.unit.isEmpty() && cell.height() >= 36) {
        paintText(painter, QRectF(0, y, width, 16), Qt::AlignLeft | Qt::AlignVCenter, r.unit, typeFont(Type::Caption),
                  t.text2);
        y += 16;
    }
    if (!r.shown) return;
    const bool done = r.share >= 1;
    const QColor colour = done ? t.good : t.accent;
    if (roomy) {
        y += 8;
        const QString word =
            done ? tr("Done") : tr("%1 %").arg(std::min(99, static_cast<int>(std::lround(r.share * 100))));
        paintText(painter, QRectF(0, y, width, 16), Qt::AlignLeft | Qt::AlignVCenter, word,
                  typeFont(done ? Type::Caption : Type::CaptionNumber), done ? t.good : t.text2);
        y += 18;
    } else if (y + 8 > cell.bottom()) {
        y = cell.bottom() - 4;
    } else {
        y += 4;
    }
    painter.setPen(Qt::NoPen);
    painter.setBrush(t.line);
    painter.drawRoundedRect(QRectF(0, y, width - 8, 4), 2, 2);
    painter.setBrush(colour);
    if (r.share > 0) painter.drawRoundedRect(QRectF(0, y, (width - 8) * r.share, 4), 2, 2);
}

}  // namespace vl
