// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QColor>
#include <QWidget>

namespace vl {

/// The classes of a picture, one row each: colour, name, share of the area, how well it was met. A click mutes, Alt and
/// click shows that class alone, the keys M and S do the same with the row in focus.
class ClassLegend : public QWidget {
    Q_OBJECT
public:
    struct Row {
        int label = 0;
        QString name;
        QColor colour;
        double area = 0;  ///< share of the picture, 0..1
        double iou = -1;  ///< 0..1, negative: not known
        bool muted = false, solo = false;
        bool operator==(const Row&) const = default;
    };

    explicit ClassLegend(QWidget* parent = nullptr);
    void setRows(std::vector<Row> rows);
    const std::vector<Row>& rows() const { return rows_; }
    void setHighlighted(int label);  ///< -1: none; no signal
    int highlighted() const { return highlighted_; }
    QRectF rowRect(int row) const;
    QRectF eyeRect(int row) const;
    QRectF soloRect(int row) const;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {200, sizeHint().height()}; }

Q_SIGNALS:
    void muteToggled(int label);
    void soloToggled(int label);
    void hovered(int label);  ///< -1: none

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void hover(int row);
    void paintRow(QPainter& painter, int index) const;
    bool hasBars() const;

    std::vector<Row> rows_;
    int highlighted_ = -1, hovered_ = -1, at_ = 0;
    bool ring_ = false;
};

}  // namespace vl
