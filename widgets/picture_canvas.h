// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include <QImage>
#include <QPointF>
#include <QRectF>
#include <QSize>

#include "engine/api/types.h"
#include "widgets/attention_math.h"

namespace vl {

/// 8-bit grey or RGB to a QImage that owns its pixels; a null image for an inconsistent one.
QImage toQImage(const Image& image);

/// Where a picture of whole-multiple pixels lies in an area, and which patch a point is in. All in logical pixels.
class PictureLayout {
public:
    PictureLayout() = default;
    /// Largest whole number of device pixels per picture pixel that fits `area` (Fit) or exactly one (`actual`).
    /// Pictures larger than the area shrink by a whole divisor in Fit. Aligned top-left, moved by `pan` when larger.
    PictureLayout(const QSize& picture, const QRectF& area, double devicePixelRatio, bool actual, const QPointF& pan,
                  int rows, int cols);

    bool valid() const { return !rect_.isEmpty() && rows_ > 0 && cols_ > 0; }
    const QRectF& rect() const { return rect_; }
    double pixelSize() const { return pixelSize_; }  ///< logical pixels per picture pixel
    QRectF cell(int row, int col) const;
    QRectF cell(PatchPosition at) const { return cell(at.row, at.col); }
    std::optional<PatchPosition> patchAt(const QPointF& point) const;
    /// `pan` limited so that no empty strip shows beside a larger picture.
    static QPointF limitedPan(const QSizeF& picture, const QRectF& area, const QPointF& pan);

private:
    QRectF rect_, visible_;
    double pixelSize_ = 0;
    int rows_ = 0, cols_ = 0;
};

}  // namespace vl
