// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <vector>

#include <QAbstractTableModel>
#include <QTableView>

#include "widgets/tensor_list.h"

namespace vl {

/// The arranged lines of a tensor list. It computes nothing per row beyond what is drawn: arranging is done elsewhere,
/// on `arrangementWanted`.
class TensorModel : public QAbstractTableModel {
    Q_OBJECT
public:
    using QAbstractTableModel::QAbstractTableModel;

    /// The list and its items in the order arrange() gave.
    void setLines(std::shared_ptr<const TensorList> list, std::vector<int> order);
    const std::shared_ptr<const TensorList>& list() const { return list_; }
    const std::vector<int>& order() const { return order_; }
    int item(int row) const { return order_[static_cast<std::size_t>(row)]; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    void sort(int column, Qt::SortOrder order) override;

Q_SIGNALS:
    void arrangementWanted(int column, bool descending);

private:
    std::shared_ptr<const TensorList> list_;
    std::vector<int> order_;
};

/// Thousands of tensors, one painted row each. Narrow tables leave columns out. Ctrl+C copies the selected rows with
/// tabs between the cells.
class TensorTable : public QTableView {
    Q_OBJECT
public:
    explicit TensorTable(QWidget* parent = nullptr);

    TensorModel& lines() { return *model_; }
    void setLines(std::shared_ptr<const TensorList> list, std::vector<int> order);
    int currentItem() const;          ///< of the list, -1: none
    void setCurrentItem(int item);    ///< when it is shown
    std::vector<int> selectedItems() const;
    void copySelection() const;

Q_SIGNALS:
    void currentItemChanged(int item);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    TensorModel* model_;
    bool setting_ = false;
};

}  // namespace vl
