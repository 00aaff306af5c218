// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <vector>

#include <QAbstractTableModel>
#include <QImage>
#include <QTableView>

#include "engine/api/types.h"

namespace vl {

/// The gallery's samples as rows: picture, number, label, prediction, confidence, loss.
class SampleModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Index, Label, Predicted, Confidence, Loss, ColumnCount };
    using QAbstractTableModel::QAbstractTableModel;

    void setGallery(std::shared_ptr<const Gallery> gallery);
    const std::shared_ptr<const Gallery>& gallery() const { return gallery_; }
    bool wrong(int row) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    /// Numbers sort as numbers: this role holds them.
    static constexpr int SortRole = Qt::UserRole + 1;

private:
    std::shared_ptr<const Gallery> gallery_;
    std::vector<QImage> pictures_;
};

/// Sortable table over the model; the row chosen is reported as index into the gallery. Narrow tables leave out
/// columns.
class SampleTable : public QTableView {
    Q_OBJECT
public:
    explicit SampleTable(SampleModel& model, QWidget* parent = nullptr);

Q_SIGNALS:
    void chosen(int sample);

protected:
    void resizeEvent(QResizeEvent* event) override;
};

}  // namespace vl
