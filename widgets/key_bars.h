// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QWidget>

#include "widgets/attention_math.h"

namespace vl {

/// One query's weights over all keys.
struct KeyBarsRow {
    QString label;  ///< "(3, 4)"
    int pin = -1;   ///< slot 0..3; -1: the hovered query
    int token = -1;
    std::vector<float> softmax;  ///< ghost, [N]
    std::vector<float> shown;    ///< after the mask, [N]; equal to softmax without one
    bool operator==(const KeyBarsRow&) const = default;
};

/// Attention by key, one strip a query: softmax as a ghost behind what the mask leaves.
class KeyBars : public QWidget {
    Q_OBJECT
public:
    explicit KeyBars(QWidget* parent = nullptr);
    void setRows(std::vector<KeyBarsRow> rows, const AttentionGeometry& geometry, bool masked,
                 AttentionDirection direction);
    /// What the values are called while no mask is shown: "softmax", "rollout".
    void setValueName(const QString& name);
    /// Key (or query, seen as a column) under a point; -1: none.
    int tokenAt(const QPoint& point) const;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {240, 72}; }

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    QRectF plotRect(int row) const;
    int rowHeight() const;
    void paintHeader(QPainter& painter) const;
    void paintRow(QPainter& painter, int index) const;

    std::vector<KeyBarsRow> rows_;
    AttentionGeometry geometry_;
    QString valueName_ = tr("softmax");
    bool masked_ = false;
    AttentionDirection direction_ = AttentionDirection::AttendsTo;
    int hoverToken_ = -1, hoverRow_ = -1;
};

}  // namespace vl
