// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QWidget>

namespace vl {

/// How much of its softmax each query keeps under the mask, one row a query, measured bars and the uniform line.
class KeptMassBars : public QWidget {
    Q_OBJECT
public:
    explicit KeptMassBars(QWidget* parent = nullptr);
    /// `measured` [N], empty without an inspected picture; `uniform` [N].
    void setMass(std::vector<double> measured, std::vector<double> uniform);
    void setHoveredQuery(int query);
    QRectF plotRect() const;
    QSize sizeHint() const override { return {220, 300}; }
    QSize minimumSizeHint() const override { return {120, 140}; }

Q_SIGNALS:
    void queryHovered(int query);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    std::vector<double> measured_, uniform_;
    int hovered_ = -1;
};

}  // namespace vl
