// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/picture_canvas.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace vl {

QImage toQImage(const Image& image) {
    const auto need =
        static_cast<std::size_t>(std::max(image.width, 0)) * std::max(image.height, 0) * std::max(image.channels, 0);
    if (image.empty() || (image.channels != 1 && image.channels != 3) || image.pixels.size() < need || need == 0)
        return {};
    QImage result(image.width, image.height, image.channels == 1 ? QImage::Format_Grayscale8 : QImage::Format_RGB888);
    const auto row = static_cast<std::size_t>(image.width) * image.channels;
    for (int y = 0; y < image.height; ++y)
        std::memcpy(result.scanLine(y), image.pixels.data() + y * row, row);
    return result;
}

PictureLayout::PictureLayout(const QSize& picture, const QRectF& area, double ratio, bool actual, const QPointF& pan,
                             int rows, int cols)
    : visible_(area), rows_(rows), cols_(cols) {
    if (picture.isEmpty() || area.width() < 1 || area.height() < 1) return;
    const double fit = std::min(area.width() * ratio / picture.width(), area.height() * ratio / picture.height());
    double devicePixels = fit >= 1 ? std::floor(fit) : 1 / std::ceil(1 / fit);
    if (actual) devicePixels = 1;
    pixelSize_ = devicePixels / ratio;
    const QSizeF size(picture.width() * pixelSize_, picture.height() * pixelSize_);
    // Whole device pixels, otherwise nearest-neighbour cells get uneven widths.
    const QPointF moved = area.topLeft() + limitedPan(size, area, pan);
    rect_ = QRectF(QPointF(std::round(moved.x() * ratio) / ratio, std::round(moved.y() * ratio) / ratio), size);
}

QPointF PictureLayout::limitedPan(const QSizeF& picture, const QRectF& area, const QPointF& pan) {
    return {std::clamp(pan.x(), std::min(0.0, area.width() - picture.width()), 0.0),
            std::clamp(pan.y(), std::min(0.0, area.height() - picture.height()), 0.0)};
}

QRectF PictureLayout::cell(int row, int col) const {
    const double w = rect_.width() / cols_, h = rect_.height() / rows_;
    return {rect_.x() + col * w, rect_.y() + row * h, w, h};
}

std::optional<PatchPosition> PictureLayout::patchAt(const QPointF& point) const {
    if (!valid() || !visible_.contains(point)) return std::nullopt;
    const QPointF local = point - rect_.topLeft();
    const int col = static_cast<int>(std::floor(local.x() / rect_.width() * cols_));
    const int row = static_cast<int>(std::floor(local.y() / rect_.height() * rows_));
    if (row < 0 || col < 0 || row >= rows_ || col >= cols_) return std::nullopt;
    return PatchPosition{row, col};
}

}  // namespace vl
