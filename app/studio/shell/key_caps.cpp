// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/shell/key_caps.h"

#include <QFontMetrics>
#include <QPainter>

#include "widgets/theme.h"

namespace vl {

QSize keyCapSize(const QString& key) {
    return {qMax(18, QFontMetrics(Theme::monoFont(11)).horizontalAdvance(key) + 10), 18};
}

int drawKeyCaps(QPainter& painter, const QRect& row, const QString& key) {
    if (key.isEmpty()) return row.right() + 1;
    const Tokens& t = Theme::instance().tokens();
    const QSize size = keyCapSize(key);
    const QRectF cap(row.right() + 1 - size.width(), row.top() + (row.height() - size.height()) / 2, size.width(),
                     size.height());
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(t.buttonLine);
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(cap.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3);
    painter.setFont(Theme::monoFont(11));
    painter.setPen(t.text2);
    painter.drawText(cap, Qt::AlignCenter, key);
    painter.restore();
    return int(cap.left());
}

}  // namespace vl
