// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/shell/project_delegate.h"

#include <QMouseEvent>
#include <QPainter>

#include "widgets/icons.h"
#include "widgets/theme.h"

namespace vl {
namespace {

constexpr int kRowHeight = 24, kMark = 16, kGap = 6, kEdge = 12, kLeft = 30, kIndent = 18;

/// Sections and what they hold begin at the same place; only checkpoints and files in folders are indented.
QRect placed(const QRect& rect, const QModelIndex& index) {
    const int depth = index.parent().isValid() ? (index.parent().parent().isValid() ? 2 : 1) : 0;
    QRect row = rect;
    row.setLeft(kLeft + (depth == 2 ? kIndent : 0));
    return row;
}

QRect markRect(const QRect& row) { return {row.left(), row.center().y() - kMark / 2 + 1, kMark, kMark}; }

}  // namespace

QSize ProjectDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const { return {0, kRowHeight}; }

void ProjectDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
    const Tokens& t = Theme::instance().tokens();
    const bool section = index.data(KindRole).toInt() == int(ProjectItem::Section);
    const QRect row = placed(option.rect, index).adjusted(0, 0, -kEdge, 0);
    int x = row.left();
    if (!section) {
        const QRect mark = markRect(row);
        if (const QVariant series = index.data(SeriesRole); series.isValid()) {
            const QColor colour = index.data(ShownRole).toBool() ? t.series[std::size_t(series.toInt() & 7)] : t.buttonLine;
            painter->fillRect(QRect(mark.left() + 1, mark.center().y() - 1, 12, 3), colour);
        } else {
            paintIcon(*painter, mark, index.data(IconRole).toString(), t.text2);
        }
        x = mark.right() + 1 + kGap;
    }

    const QString right = index.data(RightRole).toString();
    painter->setFont(Theme::uiFont(11));
    const int rightWidth = right.isEmpty() ? 0 : painter->fontMetrics().horizontalAdvance(right) + 8;
    const Tone tone = Tone(index.data(RightToneRole).toInt());
    const bool chosen = option.state & QStyle::State_Selected;
    painter->setPen(chosen && tone == Tone::Text3 ? t.text2 : toneColour(t, tone));
    painter->drawText(row, Qt::AlignVCenter | Qt::AlignRight, right);

    painter->setFont(Theme::uiFont(13));
    painter->setPen(t.text);
    const QRect rest(x, row.top(), row.right() - rightWidth - x + 1, row.height());
    painter->drawText(rest, Qt::AlignVCenter,
                      painter->fontMetrics().elidedText(index.data().toString(), Qt::ElideRight, rest.width()));
}

bool ProjectDelegate::editorEvent(QEvent* event, QAbstractItemModel* model, const QStyleOptionViewItem& option,
                                  const QModelIndex& index) {
    if (event->type() == QEvent::MouseButtonRelease && index.data(SeriesRole).isValid() &&
        markRect(placed(option.rect, index)).adjusted(-4, -4, 4, 4).contains(static_cast<QMouseEvent*>(event)->position().toPoint())) {
        Q_EMIT swatchClicked(index);
        return true;
    }
    return QStyledItemDelegate::editorEvent(event, model, option, index);
}

}  // namespace vl
