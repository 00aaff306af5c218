// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QAbstractTableModel>
#include <QTableView>

#include "widgets/object_mark.h"

namespace vl {

/// Objects as rows: colour and class (with what became of it), score, size. Sorting keeps the marks' own numbers.
class ObjectModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Name, Score, Size, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;
    void setMarks(std::vector<ObjectMark> marks);
    const ObjectMark& markOf(int row) const { return marks_[static_cast<std::size_t>(order_[std::size_t(row)])]; }
    int mark(int row) const { return order_[static_cast<std::size_t>(row)]; }
    int row(int mark) const;  ///< -1: none

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    void sort(int column, Qt::SortOrder order) override;

private:
    void arrange();
    std::vector<ObjectMark> marks_;
    std::vector<int> order_;  ///< row to mark
    int column_ = Score;
    Qt::SortOrder direction_ = Qt::DescendingOrder;
};

/// The table itself; rows are named by the marks' numbers.
class ObjectTable : public QTableView {
    Q_OBJECT
public:
    explicit ObjectTable(QWidget* parent = nullptr);
    void setMarks(std::vector<ObjectMark> marks);  ///< keeps what is selected, if it is still there; no signal
    ObjectModel& objects() { return model_; }
    int selected() const;
    void setSelected(int mark);  ///< no signal; scrolls there
    void setHovered(int mark);   ///< no signal
    int hovered() const { return hovered_; }
    /// The next or previous one in the order shown, from what is selected; -1 in an empty table.
    int neighbour(int by) const;

Q_SIGNALS:
    void hoveredChanged(int mark);
    void selectedChanged(int mark);
    void stepped(int by);              ///< N and P

protected:
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;

private:
    ObjectModel model_;
    int hovered_ = -1;
    bool setting_ = false;
};

}  // namespace vl
