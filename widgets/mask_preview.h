// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>
#include <QWidget>

namespace vl {

/// Margins shared by the mask and the kept-mass bars, so that one query is one row in both.
inline constexpr int maskTop = 48, maskBottom = 8;

/// The N x N factor the mask puts on softmax: 1 for keys up to the query, alpha for later ones.
class MaskPreview : public QWidget {
    Q_OBJECT
public:
    explicit MaskPreview(QWidget* parent = nullptr);
    void setMask(int tokens, double alpha, const QString& title);
    void setHoveredQuery(int query);
    QRectF plotRect() const;
    /// Mask as drawn, one pixel a cell.
    QImage maskImage() const;
    QSize sizeHint() const override { return {300, 300}; }
    QSize minimumSizeHint() const override { return {140, 140}; }

Q_SIGNALS:
    void queryHovered(int query);  ///< -1: left

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    int tokens_ = 0, hovered_ = -1, hoveredKey_ = -1;
    double alpha_ = 1;
    QString title_;
};

}  // namespace vl
