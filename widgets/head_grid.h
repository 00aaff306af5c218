// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

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

private:
    int cell() const;           ///< thumbnail with its gap
    int rowHeight() const;
    int statColumn(int index) const;
    void describe();

    int layers_ = 0, heads_ = 0, layer_ = 0, head_ = 0;
    bool allHeads_ = false;
    std::vector<QImage> maps_;
    std::vector<LayerStats> stats_;
    double maxEntropy_ = 1, maxDistance_ = 1;
    int hoverLayer_ = -1, hoverHead_ = -1;
};

}  // namespace vl
