// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <vector>

#include <QImage>
#include <QWidget>

#include "widgets/attention_math.h"
#include "widgets/color_map.h"
#include "widgets/picture_canvas.h"

namespace vl {

/// A token kept in view; its colour is that of the pin's slot.
struct Pin {
    int token = -1;  ///< -1: the slot is free
    bool operator==(const Pin&) const = default;
};
inline constexpr int maxPins = 4;
/// Colour of pin slot 0..3: always the dark series 5, 3, 2, 4, because it lies on a picture.
QColor pinColor(int slot);

/// The picture a model saw with its patch grid, one map of values over it, the query in white and up to four pins.
/// Knows nothing of layers or heads: it draws values [N] and reports what the hand and the keys ask for.
class AttentionCanvas : public QWidget {
    Q_OBJECT
public:
    explicit AttentionCanvas(QWidget* parent = nullptr);

    void setPicture(const QImage& picture, const AttentionGeometry& geometry);
    void setValues(std::vector<float> values, ValueScale scale);
    void setQuery(int token);
    void setPins(const std::vector<Pin>& pins);
    /// Line between keys the mask leaves alone and keys it weights by alpha; nothing: no mask shown.
    void setBoundary(std::optional<double> alpha, AttentionDirection direction);
    void setLook(ColorMap map, double opacity);
    void setOverlayHidden(bool hidden);
    bool overlayHidden() const { return overlayHidden_; }
    void setActualSize(bool actual);
    bool actualSize() const { return actual_; }

    int query() const { return query_; }
    PictureLayout pictureLayout() const;
    QRectF classTokenRect() const;            ///< empty without a class token
    int tokenAt(const QPointF& point) const;  ///< -1: nothing there
    /// The overlay as drawn: one ARGB pixel a patch.
    const QImage& overlay() const { return overlay_; }
    QSize sizeHint() const override { return {536, 560}; }
    QSize minimumSizeHint() const override { return {200, 232}; }
    /// Height this widget needs to show its picture at the multiple that fits `width`.
    int heightForPicture(int width) const;
    int widthForPicture(int height) const;

Q_SIGNALS:
    void queryRequested(int token);
    void columnsRequested(bool columns);  ///< Shift held while hovering
    void pinToggled(int token);
    void unpinAll();
    void layerStepped(int by);
    void headStepped(int by);
    void opacityStepped(int by);
    void overlayHiddenChanged(bool hidden);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void keyReleaseEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    bool event(QEvent* event) override;

private:
    QRectF pictureArea() const;
    QRectF tokenRect(int token) const;
    void rebuildOverlay();
    void moveQuery(int dr, int dc);
    void showColumns(bool columns);
    void describe();
    void paintTicks(QPainter& painter, const PictureLayout& at) const;
    void paintGrid(QPainter& painter, const PictureLayout& at) const;
    void paintBoundary(QPainter& painter, const PictureLayout& at) const;
    void paintPins(QPainter& painter) const;
    void paintQuery(QPainter& painter) const;
    void paintFooter(QPainter& painter, const PictureLayout& at) const;

    QImage picture_, overlay_;
    AttentionGeometry geometry_;
    std::vector<float> values_;
    ValueScale scale_;
    int query_ = -1;
    std::vector<Pin> pins_;
    std::optional<double> boundary_;
    AttentionDirection direction_ = AttentionDirection::AttendsTo;
    ColorMap map_ = ColorMap::Inferno;
    double opacity_ = 0.62;
    bool overlayHidden_ = false, actual_ = false, columns_ = false;
    QPointF pan_, pressedAt_, panAtPress_;
    bool pressed_ = false, dragged_ = false;
    bool ring_ = false;  ///< focus came by keyboard
};

}  // namespace vl
