// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/model/difference_list.h"

#include <QAbstractListModel>
#include <QPainter>
#include <QStyledItemDelegate>

#include "widgets/labels.h"

namespace vl {
namespace {

constexpr int kRow = 44;

bool isServed(const TensorList& list, int item) {
    const ShapeDifference* difference = list.difference(item);
    return list.items[static_cast<std::size_t>(item)].fit == TensorFit::Unexpected ||
           (difference && !difference->remedy.empty());
}

class DifferenceDelegate final : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override { return {160, kRow}; }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        const Tokens& t = Theme::instance().tokens();
        const bool selected = option.state & QStyle::State_Selected, hovered = option.state & QStyle::State_MouseOver;
        if (selected || hovered) painter->fillRect(option.rect, selected ? t.selection : t.hover);
        const QRect area = option.rect.adjusted(16, 0, -8, 0);
        painter->fillRect(option.rect.left(), option.rect.top() + 6, 3, kRow - 12,
                          index.data(Qt::UserRole).toBool() ? t.warning : t.error);
        const auto line = [&](int top, Type type, const QColor& colour, const QString& text, Qt::TextElideMode elide) {
            painter->setFont(typeFont(type));
            painter->setPen(colour);
            const QRect row(area.left(), area.top() + top, area.width(), 18);
            painter->drawText(row, Qt::AlignLeft | Qt::AlignVCenter, painter->fontMetrics().elidedText(text, elide, row.width()));
        };
        line(4, Type::Secondary, t.text, index.data(Qt::DisplayRole).toString(), Qt::ElideMiddle);
        line(22, Type::Caption, t.text2, index.data(Qt::ToolTipRole).toString(), Qt::ElideRight);
    }
};

}  // namespace

QString differenceText(const TensorList& list, int item) {
    const TensorFit fit = list.items[static_cast<std::size_t>(item)].fit;
    const ShapeDifference* difference = list.difference(item);
    const QString remedy = difference ? QString::fromStdString(difference->remedy) : QString();
    if (fit == TensorFit::Unexpected) return DifferenceList::tr("in the file only: left out");
    if (fit == TensorFit::Missing)
        return remedy.isEmpty() ? DifferenceList::tr("missing in the file: cannot be loaded")
                                : DifferenceList::tr("missing in the file: %1").arg(remedy);
    if (!difference) return {};
    return DifferenceList::tr("expected %1, found %2: %3")
        .arg(shapeText(difference->expected), shapeText(difference->found),
             remedy.isEmpty() ? DifferenceList::tr("cannot be loaded") : remedy);
}

class DifferenceList::Model final : public QAbstractListModel {
public:
    using QAbstractListModel::QAbstractListModel;
    void setList(std::shared_ptr<const TensorList> list) {
        beginResetModel();
        list_ = std::move(list);
        endResetModel();
    }
    int item(int row) const { return list_->differing[static_cast<std::size_t>(row)]; }
    int rowCount(const QModelIndex& parent = {}) const override {
        return parent.isValid() || !list_ ? 0 : static_cast<int>(list_->differing.size());
    }
    QVariant data(const QModelIndex& index, int role) const override {
        if (!index.isValid() || index.row() >= rowCount()) return {};
        const int at = item(index.row());
        if (role == Qt::DisplayRole) return QString::fromStdString(list_->items[static_cast<std::size_t>(at)].name);
        if (role == Qt::ToolTipRole || role == Qt::AccessibleDescriptionRole) return differenceText(*list_, at);
        return role == Qt::UserRole ? QVariant(isServed(*list_, at)) : QVariant();
    }

private:
    std::shared_ptr<const TensorList> list_;
};

DifferenceList::DifferenceList(QWidget* parent) : QListView(parent), model_(new Model(this)) {
    setModel(model_);
    setItemDelegate(new DifferenceDelegate(this));
    setUniformItemSizes(true);
    setMouseTracking(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAccessibleName(tr("Differences"));
    connect(this, &QListView::activated, this, [this](const QModelIndex& index) { Q_EMIT chosen(model_->item(index.row())); });
    connect(this, &QListView::clicked, this, [this](const QModelIndex& index) { Q_EMIT chosen(model_->item(index.row())); });
}

void DifferenceList::setList(std::shared_ptr<const TensorList> list) { model_->setList(std::move(list)); }

int DifferenceList::count() const { return model_->rowCount(); }

}  // namespace vl
