// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/readout_rows.h"

#include <QFontMetrics>
#include <QPainter>

#include "widgets/paint_helpers.h"

namespace vl {
namespace {

constexpr int rowHeight = 24;

}  // namespace

ReadoutRows::ReadoutRows(int unitWidth, QWidget* parent) : QWidget(parent), unitWidth_(unitWidth) {
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

QSize ReadoutRows::sizeHint() const { return {240, static_cast<int>(rows_.size()) * rowHeight}; }

void ReadoutRows::setRows(std::vector<Row> rows) {
    if (rows == rows_) return;
    const bool resized = rows.size() != rows_.size();
    rows_ = std::move(rows);
    QStringList words;
    for (const auto& row : rows_)
        words << QStringLiteral("%1 %2 %3").arg(row.name, row.value, row.unit).trimmed();
    setAccessibleDescription(words.join(QStringLiteral(", ")));
    if (resized) updateGeometry();
    update();
}

QString ReadoutRows::value(const QString& name) const {
    for (const auto& row : rows_)
        if (row.name == name) return row.value;
    return {};
}

void ReadoutRows::paintEvent(QPaintEvent*) {
    const auto& t = Theme::instance().tokens();
    QPainter painter(this);
    const QFont name = Theme::uiFont(12), value = Theme::monoFont(12), unit = Theme::uiFont(11);
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        const QRectF row(0, static_cast<double>(i) * rowHeight, width(), rowHeight);
        const double used = paintText(painter, row, Qt::AlignVCenter | Qt::AlignLeft, rows_[i].name, name, t.text2);
        const QRectF right = row.adjusted(used + 8, 0, -unitWidth_, 0);
        const QString text =
            QFontMetrics(value).elidedText(rows_[i].value, Qt::ElideMiddle, static_cast<int>(right.width()));
        paintText(painter, right, Qt::AlignVCenter | Qt::AlignRight, text, value, t.text);
        if (unitWidth_ > 0)
            paintText(painter, row.adjusted(row.width() - unitWidth_ + 6, 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft,
                      rows_[i].unit, unit, t.text3);
    }
}

}  // namespace vl
