// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <QImage>
#include <QObject>
#include <QThreadPool>

#include "widgets/mask_tiles.h"

namespace vl {

/// What a picture with objects is drawn from: the picture in halved sizes, its masks, and the overlay of those chosen.
/// All of it is made on a thread of its own; the newest wish wins.
class ObjectLayers : public QObject {
    Q_OBJECT
public:
    explicit ObjectLayers(QObject* parent = nullptr);
    ~ObjectLayers() override;

    /// Found objects first, then the true ones: mask numbers follow that order. The same `pixels` number means the same
    /// pixels as before: only the objects are new.
    void setPicture(std::shared_ptr<const DensePicture> picture, std::uint64_t pixels);
    void setMasks(std::vector<MaskPaint> masks, double fill, bool outline);

    /// The smallest size that has at least `pixels` in width; null until it is made.
    const QImage& picture(double pixels) const;
    const QImage& overlay() const { return overlay_; }  ///< over the whole picture; null: nothing to draw
    /// Null until they are unpacked.
    const MaskTiles* tiles() const { return tiles_.get(); }
    /// Blocks until nothing is under way; for tests and screenshots.
    void wait();

Q_SIGNALS:
    void changed();

private:
    void compose();

    QThreadPool pool_;
    std::shared_ptr<const DensePicture> shown_;
    std::vector<QImage> sizes_;
    std::shared_ptr<const MaskTiles> tiles_;
    std::vector<MaskPaint> masks_;
    QImage overlay_;
    double fill_ = 0.45;
    bool outline_ = true;
    std::uint64_t pixels_ = 0, newestPicture_ = 0, newestOverlay_ = 0;
};

}  // namespace vl
