// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QWidget>

namespace vl {

/// Names left, numbers right, units in their own column: a block whose layout no value can move.
class ReadoutRows : public QWidget {
    Q_OBJECT
public:
    struct Row {
        QString name, value, unit;
        bool operator==(const Row&) const = default;
    };
    /// `unitWidth` 0: no unit column.
    explicit ReadoutRows(int unitWidth = 44, QWidget* parent = nullptr);
    void setRows(std::vector<Row> rows);
    const std::vector<Row>& rows() const { return rows_; }
    /// Value of the row of that name; empty when there is none.
    QString value(const QString& name) const;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {160, sizeHint().height()}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::vector<Row> rows_;
    int unitWidth_;
};

}  // namespace vl
