// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/train/event_list.h"

#include <QPainter>
#include <QStyledItemDelegate>

#include "app/studio/train/train_charts.h"
#include "widgets/icons.h"
#include "widgets/labels.h"

namespace vl {
namespace {

enum Role { KindRole = Qt::UserRole + 1, StepRole };
constexpr int kRow = 44;

class EventDelegate final : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override { return {100, kRow}; }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        const Tokens& t = Theme::instance().tokens();
        const QRect row = option.rect;
        if (option.state & QStyle::State_Selected)
            painter->fillRect(row, t.selection);
        else if (option.state & QStyle::State_MouseOver)
            painter->fillRect(row, t.hover);
        const EventLook look = eventLook(RunEventKind(index.data(KindRole).toInt()));
        paintIcon(*painter, {row.left() + 16, row.top() + 6, 16, 16}, look.icon, toneColour(t, look.tone));
        const QRect first(row.left() + 40, row.top() + 5, row.width() - 56, 16), second = first.translated(0, 17);
        const QString step = countText(double(index.data(StepRole).toLongLong()));
        painter->setFont(typeFont(Type::Number));
        painter->setPen(t.text2);
        painter->drawText(first, Qt::AlignRight | Qt::AlignVCenter, step);
        painter->setFont(Theme::uiFont(12, QFont::Medium));
        painter->setPen(t.text);
        painter->drawText(first, Qt::AlignLeft | Qt::AlignVCenter, look.word);
        painter->setFont(typeFont(Type::Caption));
        painter->setPen(t.text2);
        painter->drawText(second, Qt::AlignLeft | Qt::AlignVCenter,
                          painter->fontMetrics().elidedText(index.data().toString(), Qt::ElideRight, second.width()));
    }
};

}  // namespace

EventList::EventList(QWidget* parent) : QListView(parent) {
    setModel(&model_);
    setItemDelegate(new EventDelegate(this));
    setMouseTracking(true);
    setUniformItemSizes(true);
    setEditTriggers(NoEditTriggers);
    setAccessibleName(tr("Events"));
    connect(selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex& row) {
        if (row.isValid()) Q_EMIT stepChosen(row.data(StepRole).toLongLong());
    });
}

void EventList::setEvents(const std::vector<RunEvent>& events) {
    if (events.size() < shown_) {
        model_.clear();
        shown_ = 0;
    }
    for (; shown_ < events.size(); ++shown_) {
        const RunEvent& event = events[shown_];
        const QString text = QString::fromStdString(event.text);
        auto* item = new QStandardItem(text);
        item->setData(int(event.kind), KindRole);
        item->setData(qlonglong(event.step), StepRole);
        const QString detail = QString::fromStdString(event.detail);
        item->setToolTip(detail.isEmpty() ? text : text + '\n' + detail);
        item->setAccessibleText(eventLook(event.kind).word + ", " + text);
        model_.insertRow(0, item);
    }
}

void EventList::reveal(int index) {
    const QModelIndex row = model_.index(int(shown_) - 1 - index, 0);
    if (!row.isValid()) return;
    setCurrentIndex(row);
    scrollTo(row);
}

}  // namespace vl
