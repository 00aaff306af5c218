// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include <QColor>
#include <QWidget>

namespace vl {

/// What classes were taken for: a row for the truth, a column for the prediction, each row's shares as brightness. Only
/// classes that occur are shown. A click chooses a cell, another one on it lets go; arrows move, Enter chooses.
class ConfusionGrid : public QWidget {
    Q_OBJECT
public:
    explicit ConfusionGrid(QWidget* parent = nullptr);
    /// `counts` is [truth][prediction] over all names; anything else empties the grid.
    void setCounts(const std::vector<std::int64_t>& counts, const std::vector<std::string>& names);
    const std::vector<int>& classes() const { return classes_; }  ///< those shown, in order
    void setChosen(int truth, int prediction);                    ///< -1, -1: none; no signal
    QRectF cellRect(int row, int column) const;
    int heightForWidth(int width) const override;
    QSize sizeHint() const override { return {256, heightForWidth(256)}; }
    QSize minimumSizeHint() const override { return {160, 60}; }

Q_SIGNALS:
    void chosen(int truth, int prediction);
    void described(const QString& text);  ///< "Shirt taken for Coat: 4.1 % of Shirt, 1,204 pixels"; empty: none

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    double side() const;
    double share(int row, int column) const;
    bool find(const QPointF& point, int& row, int& column) const;
    void describe(int row, int column);
    void choose(int row, int column);

    std::vector<std::int64_t> counts_;
    std::vector<std::string> names_;
    std::vector<int> classes_;
    int row_ = -1, column_ = -1, truth_ = -1, prediction_ = -1;
};

}  // namespace vl
