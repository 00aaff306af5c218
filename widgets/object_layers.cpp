// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/object_layers.h"

#include <QCoreApplication>

#include "widgets/picture_canvas.h"

namespace vl {
namespace {

/// The picture and its halves, the largest first.
std::vector<QImage> sizesOf(const Image& picture) {
    std::vector<QImage> sizes;
    QImage next = toQImage(picture);
    if (next.isNull()) return sizes;
    next = next.convertToFormat(QImage::Format_RGB32);
    sizes.push_back(next);
    while (next.width() > 512 && next.height() > 512) {
        next = next.scaled(next.width() / 2, next.height() / 2, Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
        sizes.push_back(next);
    }
    return sizes;
}

std::shared_ptr<const MaskTiles> tilesOf(const DensePicture& picture) {
    std::vector<const RunMask*> masks;
    for (const FoundObject& each : picture.objects)
        masks.push_back(&each.mask);
    if (picture.truthObjects)
        for (const TrueObject& each : *picture.truthObjects)
            masks.push_back(&each.mask);
    return std::make_shared<MaskTiles>(masks, QSize(picture.picture.width, picture.picture.height));
}

}  // namespace

ObjectLayers::ObjectLayers(QObject* parent) : QObject(parent) { pool_.setMaxThreadCount(1); }

ObjectLayers::~ObjectLayers() {
    pool_.clear();
    pool_.waitForDone();
}

void ObjectLayers::setPicture(std::shared_ptr<const DensePicture> picture, std::uint64_t pixels) {
    if (picture == shown_ && pixels == pixels_) return;
    const bool samePixels = shown_ && pixels == pixels_ && !sizes_.empty();
    // What was found anew in the picture that is shown: the old pixels stay until the new ones are made.
    const bool sameLook = picture && shown_ && picture->picture.width == shown_->picture.width &&
                          picture->picture.height == shown_->picture.height && picture->name == shown_->name &&
                          picture->file == shown_->file;
    pixels_ = pixels;
    shown_ = std::move(picture);
    const std::uint64_t ticket = ++newestPicture_;
    ++newestOverlay_;
    overlay_ = {};
    tiles_.reset();
    if (!samePixels && !sameLook) sizes_.clear();
    Q_EMIT changed();
    if (!shown_) return;
    pool_.clear();
    pool_.start([this, ticket, samePixels, wanted = shown_] {
        auto sizes = samePixels ? std::vector<QImage>() : sizesOf(wanted->picture);
        auto tiles = tilesOf(*wanted);
        QMetaObject::invokeMethod(this, [this, ticket, sizes = std::move(sizes), tiles]() mutable {
            if (ticket != newestPicture_) return;
            if (!sizes.empty()) sizes_ = std::move(sizes);
            tiles_ = std::move(tiles);
            compose();
            Q_EMIT changed();
        });
    });
}

void ObjectLayers::setMasks(std::vector<MaskPaint> masks, double fill, bool outline) {
    masks_ = std::move(masks);
    fill_ = fill;
    outline_ = outline;
    compose();
}

void ObjectLayers::compose() {
    const std::uint64_t ticket = ++newestOverlay_;
    if (!tiles_) return;
    if (masks_.empty()) {
        overlay_ = {};
        Q_EMIT changed();
        return;
    }
    pool_.clear();  // an older overlay nobody waits for; the picture's own job is done when there are tiles
    pool_.start([this, ticket, tiles = tiles_, masks = masks_, fill = fill_, outline = outline_] {
        QImage overlay = tiles->compose(masks, fill, outline);
        QMetaObject::invokeMethod(this, [this, ticket, overlay = std::move(overlay)]() mutable {
            if (ticket != newestOverlay_) return;
            overlay_ = std::move(overlay);
            Q_EMIT changed();
        });
    });
}

const QImage& ObjectLayers::picture(double pixels) const {
    static const QImage none;
    if (sizes_.empty()) return none;
    for (auto size = sizes_.rbegin(); size != sizes_.rend(); ++size)
        if (size->width() >= pixels) return *size;
    return sizes_.front();
}

void ObjectLayers::wait() {
    // The picture's answer asks for an overlay: two rounds.
    for (int round = 0; round < 2; ++round) {
        pool_.waitForDone();
        QCoreApplication::sendPostedEvents(this, QEvent::MetaCall);
    }
}

}  // namespace vl
