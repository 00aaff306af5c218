// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/segment/segment_thumbs.h"

#include <QCoreApplication>

#include "widgets/picture_canvas.h"

namespace vl {
namespace {

constexpr int kSide = 96;  // longest, logical pixels

/// The picture at the thumb's size; classes are taken from the pixel in the middle of each cell.
QImage thumbOf(const DensePicture& picture, const LabelLook& look, double ratio) {
    const QImage pixels = toQImage(picture.picture);
    if (pixels.isNull()) return {};
    const int side = static_cast<int>(kSide * ratio);
    QImage small =
        pixels.scaled(side, side, Qt::KeepAspectRatio, Qt::SmoothTransformation).convertToFormat(QImage::Format_RGB32);
    const auto& found = picture.classes ? picture.classes : picture.truthClasses;
    if (found && found->labels.size() == std::size_t(found->width) * std::size_t(found->height) &&
        !found->labels.empty()) {
        const LabelPlane whole = labelPlane(picture, look, !picture.classes);
        LabelPlane plane(std::size_t(small.width()) * std::size_t(small.height()));
        for (int y = 0; y < small.height(); ++y)
            for (int x = 0; x < small.width(); ++x) {
                const auto fromX = std::size_t((2 * x + 1) * found->width / (2 * small.width()));
                const auto fromY = std::size_t((2 * y + 1) * found->height / (2 * small.height()));
                plane[std::size_t(y) * std::size_t(small.width()) + std::size_t(x)] =
                    whole[fromY * std::size_t(found->width) + fromX];
            }
        small = paintLabels(small, plane, 1, labelTable(look));
    }
    small.setDevicePixelRatio(ratio);
    return small;
}

}  // namespace

SegmentThumbs::SegmentThumbs(QObject* parent) : QObject(parent) { pool_.setMaxThreadCount(1); }

SegmentThumbs::~SegmentThumbs() {
    pool_.clear();
    pool_.waitForDone();
}

void SegmentThumbs::make(int index, std::shared_ptr<const DensePicture> picture, LabelLook look, double ratio) {
    pool_.start([this, index, picture, look = std::move(look), ratio, generation = generation_] {
        const QImage thumb = thumbOf(*picture, look, ratio);
        QMetaObject::invokeMethod(this, [this, index, thumb, generation] {
            if (generation == generation_ && !thumb.isNull()) Q_EMIT made(index, thumb);
        });
    });
}

void SegmentThumbs::forget() {
    ++generation_;
    pool_.clear();
}

void SegmentThumbs::wait() {
    pool_.waitForDone();
    QCoreApplication::sendPostedEvents(this, QEvent::MetaCall);
}

}  // namespace vl
