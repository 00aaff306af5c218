// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/object_table.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <QHeaderView>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QStyledItemDelegate>

#include "widgets/labels.h"
#include "widgets/paint_helpers.h"

namespace vl {
namespace {

constexpr int kRow = 28, kScore = 54, kSize = 88, kSwatch = 12;

class ObjectDelegate final : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        const auto& model = static_cast<const ObjectModel&>(*index.model());
        const auto& table = *static_cast<const ObjectTable*>(parent());
        const ObjectMark& mark = model.markOf(index.row());
        const Tokens& t = Theme::instance().tokens();
        const bool selected = option.state & QStyle::State_Selected;
        if (selected || model.mark(index.row()) == table.hovered())
            painter->fillRect(option.rect, selected ? t.selection : t.hover);
        else
            painter->fillRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1, t.grid);
        QRect area = option.rect.adjusted(0, 0, -6, 0);
        if (index.column() != ObjectModel::Name) {
            painter->setFont(typeFont(Type::Number));
            painter->setPen(index.column() == ObjectModel::Score ? t.text : t.text2);
            painter->drawText(area, int(Qt::AlignRight | Qt::AlignVCenter), index.data().toString());
            return;
        }
        const QRectF swatch(area.left() + 6.5, area.center().y() - kSwatch / 2 + 0.5, kSwatch - 1, kSwatch - 1);
        painter->setPen(mark.truth ? QPen(mark.colour, 2, Qt::DotLine) : QPen(t.text, 1));
        painter->setBrush(mark.truth ? QBrush(Qt::NoBrush) : QBrush(mark.colour));
        painter->drawRect(swatch);
        area.setLeft(area.left() + 6 + kSwatch + 8);
        const QFont small = typeFont(Type::Caption), name = typeFont(Type::Secondary);
        const int fate = mark.fate.isEmpty() ? 0 : QFontMetrics(small).horizontalAdvance(mark.fate) + 8;
        // The swatch tells the class already: what went wrong with it is written out before the rest of its name.
        const int room = std::max(area.width() - fate, area.width() / 3);
        const QString text = QFontMetrics(name).elidedText(mark.name, Qt::ElideRight, room);
        const double used = paintText(*painter, area, Qt::AlignVCenter | Qt::AlignLeft, text, name, t.text);
        if (fate == 0) return;
        area.setLeft(area.left() + static_cast<int>(std::ceil(used)) + 8);
        paintText(*painter, area, Qt::AlignVCenter | Qt::AlignLeft,
                  QFontMetrics(small).elidedText(mark.fate, Qt::ElideRight, area.width()), small,
                  selected ? t.text2 : t.error);
    }
};

double areaOf(const ObjectMark& mark) {
    const QRectF box = rectOf(mark.box);
    return box.width() * box.height();
}

}  // namespace

void ObjectModel::setMarks(std::vector<ObjectMark> marks) {
    beginResetModel();
    marks_ = std::move(marks);
    arrange();
    endResetModel();
}

void ObjectModel::arrange() {
    order_.resize(marks_.size());
    std::iota(order_.begin(), order_.end(), 0);
    const auto before = [this](int a, int b) {
        const ObjectMark &x = marks_[std::size_t(a)], &y = marks_[std::size_t(b)];
        switch (column_) {
            case Name: return x.name.localeAwareCompare(y.name) < 0;
            case Size: return areaOf(x) < areaOf(y);
            default: return x.score < y.score;
        }
    };
    std::stable_sort(order_.begin(), order_.end(), [&](int a, int b) {
        return direction_ == Qt::AscendingOrder ? before(a, b) : before(b, a);
    });
}

void ObjectModel::sort(int column, Qt::SortOrder order) {
    Q_EMIT layoutAboutToBeChanged();
    const QModelIndexList old = persistentIndexList();
    std::vector<int> marks;
    for (const QModelIndex& each : old)
        marks.push_back(mark(each.row()));
    column_ = column;
    direction_ = order;
    arrange();
    QModelIndexList now;
    for (int i = 0; i < old.size(); ++i)
        now << index(row(marks[std::size_t(i)]), old[i].column());
    changePersistentIndexList(old, now);
    Q_EMIT layoutChanged();
}

int ObjectModel::row(int mark) const {
    const auto found = std::ranges::find(order_, mark);
    return found == order_.end() ? -1 : static_cast<int>(found - order_.begin());
}

int ObjectModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(order_.size());
}
int ObjectModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant ObjectModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount()) return {};
    const ObjectMark& mark = markOf(index.row());
    const QRectF box = rectOf(mark.box);
    const QString size = tr("%1 × %2").arg(std::lround(box.width())).arg(std::lround(box.height()));
    if (role == Qt::ToolTipRole)
        return tr("%1, %2 px at %3, %4").arg(mark.name, size).arg(std::lround(box.x())).arg(std::lround(box.y()));
    if (role != Qt::DisplayRole && role != Qt::AccessibleTextRole) return {};
    switch (index.column()) {
        case Name: return mark.fate.isEmpty() ? mark.name : mark.name + QLatin1String(", ") + mark.fate;
        case Score: return mark.score < 0 ? QStringLiteral("–") : fixedText(mark.score, 2);
        default: return size;
    }
}

QVariant ObjectModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole)
        return int((section == Name ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole) return {};
    return section == Name ? tr("class") : section == Score ? tr("score") : tr("size, px");
}

ObjectTable::ObjectTable(QWidget* parent) : QTableView(parent) {
    setModel(&model_);
    setItemDelegate(new ObjectDelegate(this));
    setSelectionBehavior(SelectRows);
    setSelectionMode(SingleSelection);
    setShowGrid(false);
    setMouseTracking(true);
    setTabKeyNavigation(false);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAccessibleName(tr("Objects"));
    setSortingEnabled(true);
    sortByColumn(ObjectModel::Score, Qt::DescendingOrder);
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setDefaultSectionSize(kRow);
    horizontalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    horizontalHeader()->setHighlightSections(false);
}

void ObjectTable::setMarks(std::vector<ObjectMark> marks) {
    const int before = selected();
    const ObjectMark kept = before >= 0 ? model_.markOf(model_.row(before)) : ObjectMark();
    setting_ = true;
    model_.setMarks(std::move(marks));
    hovered_ = -1;
    for (int row = 0; before >= 0 && row < model_.rowCount(); ++row)
        if (model_.markOf(row).same(kept)) {
            setSelected(model_.mark(row));
            break;
        }
    setting_ = false;
}

int ObjectTable::selected() const {
    const QModelIndex at = currentIndex();
    return at.isValid() && selectionModel()->isRowSelected(at.row()) ? model_.mark(at.row()) : -1;
}

void ObjectTable::setSelected(int mark) {
    const bool before = setting_;
    setting_ = true;
    const int row = mark < 0 ? -1 : model_.row(mark);
    if (row < 0) {
        setCurrentIndex({});
        clearSelection();
    } else {
        selectRow(row);
        scrollTo(model_.index(row, 0));
    }
    setting_ = before;
}

void ObjectTable::setHovered(int mark) {
    if (mark == hovered_) return;
    hovered_ = mark;
    viewport()->update();
}

int ObjectTable::neighbour(int by) const {
    const int rows = model_.rowCount();
    if (rows == 0) return -1;
    const int at = selected();
    if (at < 0) return model_.mark(by > 0 ? 0 : rows - 1);
    return model_.mark((model_.row(at) + by + rows) % rows);
}

void ObjectTable::currentChanged(const QModelIndex& current, const QModelIndex& previous) {
    QTableView::currentChanged(current, previous);
    if (!setting_ && current.isValid()) Q_EMIT selectedChanged(model_.mark(current.row()));
}

void ObjectTable::mouseMoveEvent(QMouseEvent* event) {
    QTableView::mouseMoveEvent(event);
    const QModelIndex at = indexAt(event->pos());
    const int mark = at.isValid() ? model_.mark(at.row()) : -1;
    if (mark == hovered_) return;
    setHovered(mark);
    Q_EMIT hoveredChanged(mark);
}

void ObjectTable::leaveEvent(QEvent* event) {
    QTableView::leaveEvent(event);
    if (hovered_ < 0) return;
    setHovered(-1);
    Q_EMIT hoveredChanged(-1);
}

void ObjectTable::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_N || event->key() == Qt::Key_P)
        return Q_EMIT stepped(event->key() == Qt::Key_N ? 1 : -1);
    QTableView::keyPressEvent(event);
}

void ObjectTable::resizeEvent(QResizeEvent* event) {
    QTableView::resizeEvent(event);
    setColumnWidth(ObjectModel::Score, kScore);
    setColumnWidth(ObjectModel::Size, kSize);
    setColumnWidth(ObjectModel::Name, std::max(80, viewport()->width() - kScore - kSize));
}

}  // namespace vl
