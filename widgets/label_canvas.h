// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include <QPixmap>
#include <QWidget>

#include "widgets/label_layers.h"

namespace vl {

/// A picture with a class for every pixel laid over it, truth and prediction side by side if wished. The wheel zooms at
/// the cursor, dragging moves; hover is drawn over a stored picture of everything else.
class LabelCanvas : public QWidget {
    Q_OBJECT
public:
    enum class Side { Prediction, Truth, Split };
    /// Values on a grid over the whole picture, drawn in place of the classes.
    struct Map {
        int rows = 0, columns = 0;
        std::vector<float> values;
    };

    explicit LabelCanvas(QWidget* parent = nullptr);

    /// Another picture size fits the view again.
    void setPicture(std::shared_ptr<const DensePicture> picture);
    const std::shared_ptr<const DensePicture>& picture() const { return picture_; }
    void setNames(std::vector<std::string> names) { names_ = std::move(names); }
    void setLook(LabelLook look);
    const LabelLook& look() const { return layers_.look(); }
    void setSide(Side side);
    Side side() const { return side_; }
    void setSplit(double share);  ///< of the visible width, truth on the left
    double split() const { return split_; }
    void setMap(Map map);  ///< empty: none
    bool hasMap() const { return !map_.isNull(); }
    void setClass(int label);               ///< highlights all of it, -1: none; for the legend
    int region() const { return region_; }  ///< under the cursor, -1: none
    bool hidden() const { return hidden_; }
    void setHidden(bool hidden);
    LabelLayers& layers() { return layers_; }

    double zoom() const;  ///< logical pixels per picture pixel
    void setZoom(double zoom, const QPointF& at);
    void pan(const QPointF& by);
    void fit();
    QRectF pictureRect() const;
    QPointF toPicture(const QPointF& point) const;
    int stillsPainted() const { return stills_; }  ///< how often everything but hover was drawn
    QString tip() const { return tip_; }           ///< what stands beside the cursor

    QSize sizeHint() const override { return {720, 520}; }
    QSize minimumSizeHint() const override { return {240, 180}; }

Q_SIGNALS:
    void cursorMoved(const QPoint& pixel, bool inside);
    void regionChanged(int region, int label);  ///< -1, -1: none
    void muteAsked(int label);
    void soloAsked(int label);
    void stepped(int by);              ///< N and P
    void toggled(const QString& key);  ///< "side", "outline", "errors", "entropy", "attention"
    void hiddenChanged(bool hidden);   ///< H held
    void zoomChanged(double zoom);
    void splitChanged(double share);

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
    QRectF seenRect() const { return pictureRect().intersected(QRectF(rect())); }
    double splitX() const;
    bool onSplit(const QPointF& point) const;
    double fitZoom() const;
    void limitPan();
    void invalidate();
    void hover(const QPointF& point);
    void leave();
    void refreshVeil();
    int labelAt(const QPoint& pixel) const;
    void paintStill(QPainter& painter) const;
    void paintSplit(QPainter& painter) const;
    void paintTip(QPainter& painter) const;

    LabelLayers layers_;
    std::shared_ptr<const DensePicture> picture_;
    std::vector<std::string> names_;
    Side side_ = Side::Prediction;
    QImage map_;
    LabelVeil veil_;
    QPixmap still_;
    QString tip_, tipNote_;
    std::optional<QPointF> cursor_;
    QPointF offset_, pressedAt_, offsetAtPress_;
    double zoom_ = 1, split_ = 0.38;
    int region_ = -1, hoverLabel_ = -1, class_ = -1, stills_ = 0;
    bool fitted_ = true, stale_ = true, hidden_ = false, pressed_ = false, dragged_ = false, splitting_ = false,
         ring_ = false;
};

}  // namespace vl
