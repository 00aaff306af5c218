// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <vector>

#include <QImage>
#include <QRect>
#include <QWidget>

#include "widgets/attention_math.h"

namespace vl {

/// Layers x heads: one small map each, and the layer's statistics in the same row. Click or arrows choose.
class HeadGrid : public QWidget {
    Q_OBJECT
public:
    explicit HeadGrid(QWidget* parent = nullptr);

    /// `maps` holds one opaque pixel a patch, [layers * heads], row-major.
    void setMaps(int layers, int heads, std::vector<QImage> maps);
    /// One entry a layer, or empty while they are computed. The bars are drawn against the given largest values.
    void setStats(std::vector<LayerStats> stats, double maxEntropy, double maxDistance);
    /// `allHeads`: heads are fused, the whole row is current.
    void setCurrent(int layer, int head, bool allHeads);

    /// Takes the largest thumbnails that fit: statistics beside them, or below where few layers leave height.
    void fitTo(int width, int height);
    int cell() const { return cell_; }  ///< side of a thumbnail with its gap
    bool stacked() const { return stacked_; }
    int defaultCell() const { return heads_ <= 3 ? 48 : heads_ == 4 ? 40 : heads_ <= 8 ? 32 : 24; }
    int widthFor(int cell) const;

    QRect thumbRect(int layer, int head) const;
    /// Layer and head under a point; head -1: on the row's statistics; false outside.
    bool hit(const QPoint& point, int& layer, int& head) const;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

Q_SIGNALS:
    void chosen(int layer, int head);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;

private:
    int rowHeight() const { return stacked_ ? cell_ + statLine : std::max(cell_, 40); }
    int statColumn(int index) const;
    void setCell(int side, bool stacked, int stackedWidth);
    void paintHeader(QPainter& painter) const;
    void paintThumbs(QPainter& painter, int layer) const;
    void paintStats(QPainter& painter, int layer) const;
    static constexpr int statLine = 36;
    void describe();

    int layers_ = 0, heads_ = 0, layer_ = 0, head_ = 0, cell_ = 48;
    bool allHeads_ = false, stacked_ = false;
    int stackedWidth_ = 0;
    std::vector<QImage> maps_;
    std::vector<LayerStats> stats_;
    double maxEntropy_ = 1, maxDistance_ = 1;
    int hoverLayer_ = -1, hoverHead_ = -1;
    bool ring_ = false;  ///< focus came by keyboard
};

}  // namespace vl
