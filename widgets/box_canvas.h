// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <vector>

#include <QPixmap>
#include <QWidget>

#include "widgets/object_layers.h"
#include "widgets/object_mark.h"

namespace vl {

/// A picture with boxes, masks and names of objects on it. The wheel zooms at the cursor, dragging moves, a click
/// selects; hover and selection are drawn over a stored picture of everything else, so they cost nothing.
class BoxCanvas : public QWidget {
    Q_OBJECT
public:
    struct Look {
        bool masks = true, boxes = true, labels = true;
        double opacity = 0.45;
        bool operator==(const Look&) const = default;
    };
    struct Proposal {
        Box box{};
        double score = 0;
    };
    /// Values on a grid over the whole picture, drawn in place of the masks.
    struct Map {
        int rows = 0, columns = 0;
        std::vector<float> values;
    };

    explicit BoxCanvas(QWidget* parent = nullptr);

    /// `pixels`: see ObjectLayers. Another picture size fits the view again.
    void setPicture(std::shared_ptr<const DensePicture> picture, std::uint64_t pixels);
    const std::shared_ptr<const DensePicture>& picture() const { return picture_; }
    /// In the order of the table; the first lies on top.
    void setMarks(std::vector<ObjectMark> marks);
    const std::vector<ObjectMark>& marks() const { return marks_; }
    void setTruth(std::vector<ObjectMark> marks);  ///< dashed, without names
    void setProposals(std::vector<Proposal> proposals);
    /// Strides of the pyramid in pixels of the picture: the anchors at the cursor are drawn. Empty: none.
    void setAnchorStrides(std::vector<double> strides);
    void setMap(Map map);
    void setLook(const Look& look);
    const Look& look() const { return look_; }

    int hovered() const { return hovered_; }
    int selected() const { return selected_; }
    void setHovered(int mark);   ///< no signal
    void setSelected(int mark);  ///< no signal; moves the view when the object is outside
    bool hidden() const { return hidden_; }
    void setHidden(bool hidden);

    double zoom() const;             ///< logical pixels per picture pixel
    void setZoom(double zoom, const QPointF& at);
    void fit();
    QPointF toPicture(const QPointF& point) const;
    QRectF toWidget(const Box& box) const;
    /// The smallest one under the point, those whose mask is there first; -1: none.
    int markAt(const QPointF& point) const;
    ObjectLayers& layers() { return layers_; }
    int stillsPainted() const { return stills_; }  ///< how often everything but hover and selection was drawn

    QSize sizeHint() const override { return {720, 520}; }
    QSize minimumSizeHint() const override { return {240, 180}; }

Q_SIGNALS:
    void hoveredChanged(int mark);
    void selectedChanged(int mark);
    void stepped(int by);             ///< N and P
    void toggled(const QString& key); ///< "masks", "boxes", "labels", "truth", "attention"
    void hiddenChanged(bool hidden);  ///< H held
    void zoomChanged(double zoom);
    void cursorMoved(const QPointF& point, bool inside);  ///< pixels of the picture

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void keyReleaseEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    QSizeF pictureSize() const;
    QRectF pictureRect() const;
    double fitZoom() const;
    void limitPan();
    void invalidate();
    void refreshMasks();
    void hover(int mark);
    void paintStill(QPainter& painter) const;
    void paintMark(QPainter& painter, const ObjectMark& mark, double width) const;
    void paintLabels(QPainter& painter, const QRectF& part) const;
    QRectF labelRect(const ObjectMark& mark) const;
    void paintLabel(QPainter& painter, const QRectF& rect, const ObjectMark& mark) const;
    void paintProposals(QPainter& painter) const;
    void paintAnchors(QPainter& painter) const;

    ObjectLayers layers_;
    std::shared_ptr<const DensePicture> picture_;
    std::vector<ObjectMark> marks_, truth_;
    std::vector<Proposal> proposals_;
    std::vector<double> strides_;
    QImage map_;
    Look look_;
    QPixmap still_;
    bool stale_ = true, hidden_ = false, ring_ = false, fitted_ = true, pressed_ = false, dragged_ = false;
    int hovered_ = -1, selected_ = -1, stills_ = 0;
    double zoom_ = 1;
    QPointF offset_, pressedAt_, offsetAtPress_;
    std::optional<QPointF> cursor_;
};

}  // namespace vl
