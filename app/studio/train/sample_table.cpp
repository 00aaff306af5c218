// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/train/sample_table.h"

#include <QHeaderView>
#include <QPainter>
#include <QSortFilterProxyModel>
#include <QStyledItemDelegate>
#include <algorithm>

#include "app/studio/train/gallery_grid.h"
#include "widgets/labels.h"
#include "widgets/picture_canvas.h"

namespace vl {
namespace {

constexpr int kRow = 28, kThumb = 24;

/// Thumbnail, words and mono numbers; wrong predictions in the error colour.
class SampleDelegate final : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        const Tokens& t = Theme::instance().tokens();
        const bool selected = option.state & QStyle::State_Selected, hovered = option.state & QStyle::State_MouseOver;
        if (selected || hovered)
            painter->fillRect(option.rect, selected ? t.selection : t.hover);
        else
            painter->fillRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1, t.grid);
        QRect area = option.rect.adjusted(8, 0, -8, 0);
        const int column = index.column();
        if (column == SampleModel::Index) {
            const auto picture = index.data(Qt::DecorationRole).value<QImage>();
            QRect thumb(option.rect.left() + 2, option.rect.top() + 2, kThumb, kThumb);
            painter->setRenderHint(QPainter::SmoothPixmapTransform, true);
            painter->drawImage(thumb, picture);
            area.setLeft(thumb.right() + 9);
        }
        const bool number = column == SampleModel::Index || column >= SampleModel::Confidence;
        painter->setFont(typeFont(number ? Type::Number : Type::Secondary));
        const bool wrong = column == SampleModel::Predicted && index.data(Qt::UserRole).toBool();
        painter->setPen(wrong ? t.error : t.text);
        const auto side = column >= SampleModel::Confidence ? Qt::AlignRight : Qt::AlignLeft;
        painter->drawText(area, int(side | Qt::AlignVCenter),
                          painter->fontMetrics().elidedText(index.data().toString(), Qt::ElideRight, area.width()));
    }
};

}  // namespace

void SampleModel::setGallery(std::shared_ptr<const Gallery> gallery) {
    beginResetModel();
    gallery_ = std::move(gallery);
    pictures_.clear();
    if (gallery_)
        for (const GallerySample& sample : gallery_->samples)
            pictures_.push_back(toQImage(sample.image));
    endResetModel();
}

bool SampleModel::wrong(int row) const {
    const GallerySample& sample = gallery_->samples[std::size_t(row)];
    return sample.label != sample.predicted;
}

int SampleModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() || !gallery_ ? 0 : int(gallery_->samples.size());
}
int SampleModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant SampleModel::data(const QModelIndex& index, int role) const {
    if (!gallery_ || !index.isValid() || index.row() >= rowCount()) return {};
    const GallerySample& sample = gallery_->samples[std::size_t(index.row())];
    if (role == Qt::UserRole) return wrong(index.row());
    if (role == Qt::DecorationRole && index.column() == Index) return pictures_[std::size_t(index.row())];
    if (role == Qt::ToolTipRole) return sampleText(*gallery_, sample);
    if (role != Qt::DisplayRole && role != SortRole) return {};
    const bool sort = role == SortRole;
    switch (index.column()) {
        case Index:
            return sort ? QVariant(qlonglong(sample.index))
                        : QVariant(QStringLiteral("%1").arg(sample.index, 5, 10, QLatin1Char('0')));
        case Label:
            return className(*gallery_, sample.label);
        case Predicted:
            return className(*gallery_, sample.predicted);
        case Confidence:
            return sort ? QVariant(sample.confidence) : QVariant(QString::number(sample.confidence, 'f', 2));
        case Loss:
            return sort ? QVariant(sample.loss) : QVariant(QString::number(sample.loss, 'f', 2));
        default:
            return {};
    }
}

QVariant SampleModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole)
        return int((section >= Confidence ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole) return {};
    static const QStringList names = {tr("image"), tr("label"), tr("predicted"), tr("sure"), tr("loss")};
    return names.value(section);
}

SampleTable::SampleTable(SampleModel& model, QWidget* parent) : QTableView(parent) {
    auto* sorted = new QSortFilterProxyModel(this);
    sorted->setSourceModel(&model);
    sorted->setSortRole(SampleModel::SortRole);
    setModel(sorted);
    setItemDelegate(new SampleDelegate(this));
    setSelectionBehavior(SelectRows);
    setSelectionMode(SingleSelection);
    setShowGrid(false);
    setMouseTracking(true);
    setSortingEnabled(true);
    sortByColumn(SampleModel::Loss, Qt::DescendingOrder);
    setAccessibleName(tr("Samples by loss"));
    verticalHeader()->hide();
    verticalHeader()->setDefaultSectionSize(kRow);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setMinimumSectionSize(36);
    horizontalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setTabKeyNavigation(false);
    connect(selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this, sorted](const QModelIndex& row) {
        if (row.isValid()) Q_EMIT chosen(sorted->mapToSource(row).row());
    });
}

void SampleTable::resizeEvent(QResizeEvent* event) {
    QTableView::resizeEvent(event);
    const int width = viewport()->width();
    const bool narrow = width < 360;
    setColumnHidden(SampleModel::Confidence, narrow);
    const int index = 88, number = narrow ? 52 : 72;
    const int words = std::max(48, (width - index - number * (narrow ? 1 : 2)) / 2);
    const int widths[] = {index, words, words, number, number};
    for (int i = 0; i < SampleModel::ColumnCount; ++i)
        setColumnWidth(i, widths[i]);
}

}  // namespace vl
