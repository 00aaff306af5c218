// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QColor>
#include <QWidget>

namespace vl {

/// A figure per class as a bar with its number, in rows 26 high: click, hover and arrow keys choose a class.
class ClassScores : public QWidget {
    Q_OBJECT
public:
    struct Row {
        QString name;
        QColor colour;
        double value = -1;  ///< 0..1; below 0: the class does not occur
        bool operator==(const Row&) const = default;
    };

    explicit ClassScores(QWidget* parent = nullptr);
    void setRows(std::vector<Row> rows);
    const std::vector<Row>& rows() const { return rows_; }
    int current() const { return current_; }
    void setCurrent(int row);  ///< -1: none; no signal
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {160, sizeHint().height()}; }

Q_SIGNALS:
    void currentChanged(int row);  ///< -1: all

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void choose(int row);
    std::vector<Row> rows_;
    int current_ = -1, hover_ = -1;
};

}  // namespace vl
