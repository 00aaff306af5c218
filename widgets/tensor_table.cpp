// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/tensor_table.h"

#include <algorithm>
#include <array>

#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QKeyEvent>
#include <QPainter>
#include <QStyledItemDelegate>

#include "widgets/histogram_strip.h"
#include "widgets/labels.h"

namespace vl {
namespace {

using Column = TensorColumn;
constexpr int kRow = 28, kColumns = static_cast<int>(Column::Count);

bool isNumber(Column column) { return column == Column::Size || column == Column::Mean || column == Column::Std; }

Tone checkTone(const TensorList& list, int item) {
    if (list.isNotFinite(item)) return Tone::Error;
    const ShapeDifference* difference = list.difference(item);
    const bool remedy = difference && !difference->remedy.empty();
    switch (list.items[static_cast<std::size_t>(item)].fit) {
        case TensorFit::Missing: return remedy ? Tone::Warning : Tone::Error;
        case TensorFit::Different: return remedy ? Tone::Warning : Tone::Error;
        case TensorFit::Unexpected: return Tone::Warning;
        case TensorFit::Fits: return Tone::Text2;
        case TensorFit::Beside: break;
    }
    return Tone::Text3;
}

class TensorDelegate final : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        const auto& model = static_cast<const TensorModel&>(*index.model());
        const TensorList& list = *model.list();
        const int item = model.item(index.row());
        const auto column = static_cast<Column>(index.column());
        const Tokens& t = Theme::instance().tokens();
        const bool selected = option.state & QStyle::State_Selected, hovered = option.state & QStyle::State_MouseOver;
        if (selected || hovered)
            painter->fillRect(option.rect, selected ? t.selection : t.hover);
        else
            painter->fillRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1, t.grid);
        const QRect area = option.rect.adjusted(8, 0, -8, 0);
        if (column == Column::Values) {
            const TensorStatistics* values = list.statistics(item);
            if (values) paintHistogram(*painter, area.adjusted(0, 5, 0, -5), values->histogram, t.series[0]);
            return;
        }
        Tone tone = column == Column::Name || isNumber(column) || column == Column::Shape ? Tone::Text : Tone::Text2;
        if (column == Column::Check) tone = checkTone(list, item);
        if (list.items[static_cast<std::size_t>(item)].tensor < 0 && column != Column::Check) tone = Tone::Text2;
        QString text = cellText(list, item, column);
        const TensorItem& line = list.items[static_cast<std::size_t>(item)];
        if (column == Column::ModelName && !text.isEmpty() && line.modelName == line.name) {
            text = line.tensor < 0 ? QString() : tr("same");
            tone = Tone::Text3;
        }
        if (selected && (tone == Tone::Text2 || tone == Tone::Text3)) tone = Tone::Text2;
        const bool mono = isNumber(column) || column == Column::Shape || column == Column::Type;
        painter->setFont(typeFont(mono ? Type::Number : Type::Secondary));
        painter->setPen(toneColour(t, tone));
        const auto elide = column == Column::Name || column == Column::ModelName ? Qt::ElideMiddle : Qt::ElideRight;
        painter->drawText(area, int((isNumber(column) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter),
                          painter->fontMetrics().elidedText(text, elide, area.width()));
    }
};

}  // namespace

void TensorModel::setLines(std::shared_ptr<const TensorList> list, std::vector<int> order) {
    // Only values came: the rows stay where they are, with what is selected.
    const bool sameRows = list_ && list && order == order_ && list->items.size() == list_->items.size() &&
                          list->report->file == list_->report->file;
    if (sameRows) {
        list_ = std::move(list);
        if (!order_.empty()) Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, kColumns - 1));
        return;
    }
    beginResetModel();
    list_ = std::move(list);
    order_ = std::move(order);
    endResetModel();
}

int TensorModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(order_.size());
}
int TensorModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : kColumns; }

QVariant TensorModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount()) return {};
    const int at = item(index.row());
    if (role == Qt::DisplayRole) return cellText(*list_, at, static_cast<Column>(index.column()));
    if (role != Qt::ToolTipRole) return {};
    const TensorItem& line = list_->items[static_cast<std::size_t>(at)];
    QString tip = QString::fromStdString(line.name);
    if (!line.modelName.empty() && line.modelName != line.name)
        tip += QLatin1Char('\n') + tr("in the model: %1").arg(QString::fromStdString(line.modelName));
    if (const ShapeDifference* difference = list_->difference(at); difference && !difference->remedy.empty())
        tip += QLatin1Char('\n') + QString::fromStdString(difference->remedy);
    return tip;
}

QVariant TensorModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    const auto column = static_cast<Column>(section);
    if (role == Qt::TextAlignmentRole) return int((isNumber(column) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    return role == Qt::DisplayRole ? QVariant(columnTitle(column)) : QVariant();
}

void TensorModel::sort(int column, Qt::SortOrder order) { Q_EMIT arrangementWanted(column, order == Qt::DescendingOrder); }

TensorTable::TensorTable(QWidget* parent) : QTableView(parent), model_(new TensorModel(this)) {
    setModel(model_);
    setItemDelegate(new TensorDelegate(this));
    setSelectionBehavior(SelectRows);
    setSelectionMode(ExtendedSelection);
    setShowGrid(false);
    setWordWrap(false);
    setMouseTracking(true);
    setTabKeyNavigation(false);
    setAccessibleName(tr("Tensors"));
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn);
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setDefaultSectionSize(kRow);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    horizontalHeader()->setMinimumSectionSize(32);
    horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder);
    horizontalHeader()->setSortIndicatorClearable(true);
    setSortingEnabled(true);
    connect(selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this] {
        if (!setting_) Q_EMIT currentItemChanged(currentItem());
    });
}

void TensorTable::setLines(std::shared_ptr<const TensorList> list, std::vector<int> order) {
    const bool sameFile = model_->list() && list && model_->list()->report->file == list->report->file &&
                          model_->list()->items.size() == list->items.size();
    const int before = sameFile ? currentItem() : -1;
    setting_ = true;
    model_->setLines(std::move(list), std::move(order));
    if (currentItem() < 0) setCurrentItem(before);
    if (currentItem() < 0 && model_->rowCount() > 0) setCurrentIndex(model_->index(0, 0));
    setting_ = false;
    Q_EMIT currentItemChanged(currentItem());
}

int TensorTable::currentItem() const {
    const QModelIndex index = currentIndex();
    return index.isValid() && index.row() < model_->rowCount() ? model_->item(index.row()) : -1;
}

void TensorTable::setCurrentItem(int item) {
    const auto& order = model_->order();
    const auto found = std::find(order.begin(), order.end(), item);
    if (item < 0 || found == order.end()) return;
    const QModelIndex index = model_->index(static_cast<int>(found - order.begin()), 0);
    setCurrentIndex(index);
    scrollTo(index);
}

std::vector<int> TensorTable::selectedItems() const {
    std::vector<int> rows;
    for (const QItemSelectionRange& range : selectionModel()->selection())
        for (int row = range.top(); row <= range.bottom(); ++row)
            rows.push_back(row);
    std::sort(rows.begin(), rows.end());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    for (int& row : rows)
        row = model_->item(row);
    return rows;
}

void TensorTable::copySelection() const {
    const std::vector<int> items = selectedItems();
    if (!items.empty()) QApplication::clipboard()->setText(tensorsAsText(*model_->list(), items, QLatin1Char('\t')));
}

void TensorTable::keyPressEvent(QKeyEvent* event) {
    if (event->matches(QKeySequence::Copy)) return copySelection();
    QTableView::keyPressEvent(event);
}

void TensorTable::resizeEvent(QResizeEvent* event) {
    QTableView::resizeEvent(event);
    const int width = viewport()->width();
    const bool narrow = width < 860;
    const bool modelName = width >= 1120;
    setColumnHidden(static_cast<int>(Column::ModelName), !modelName);
    std::array<int, kColumns> widths{};
    const auto set = [&](Column column, int pixels) { widths[static_cast<std::size_t>(column)] = pixels; };
    set(Column::Shape, narrow ? 116 : 164);
    set(Column::Type, narrow ? 48 : 52);
    set(Column::Size, narrow ? 72 : 88);
    set(Column::Mean, narrow ? 76 : 84);
    set(Column::Std, narrow ? 72 : 84);
    set(Column::Values, narrow ? 64 : 80);
    set(Column::Check, narrow ? 84 : 112);
    int rest = width;
    for (const int each : widths)
        rest -= each;
    set(Column::Name, modelName ? rest * 6 / 11 : rest);
    set(Column::ModelName, rest - rest * 6 / 11);
    for (int i = 0; i < kColumns; ++i)
        setColumnWidth(i, widths[static_cast<std::size_t>(i)]);
}

}  // namespace vl
