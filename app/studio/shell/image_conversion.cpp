// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/shell/image_conversion.h"

#include <cstring>

#include <QPainter>

namespace vl {

Image fromQImage(const QImage& source) {
    if (source.isNull()) return {};
    QImage flat = source;
    if (source.hasAlphaChannel()) {
        flat = QImage(source.size(), QImage::Format_RGB32);
        flat.fill(Qt::white);
        QPainter(&flat).drawImage(0, 0, source);
    }
    const bool grey = flat.allGray();
    flat = flat.convertToFormat(grey ? QImage::Format_Grayscale8 : QImage::Format_RGB888);
    Image image;
    image.width = flat.width();
    image.height = flat.height();
    image.channels = grey ? 1 : 3;
    const std::size_t row = std::size_t(image.width) * std::size_t(image.channels);
    image.pixels.resize(row * std::size_t(image.height));
    for (int y = 0; y < image.height; ++y) std::memcpy(image.pixels.data() + row * std::size_t(y), flat.constScanLine(y), row);
    return image;
}

}  // namespace vl
