// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>

#include <QObject>
#include <QThreadPool>

#include "widgets/label_paint.h"

namespace vl {

/// What a segmented picture is drawn from: the bare picture, prediction and truth laid over it (each with halved
/// sizes), its regions and what the legend counts. All of it is made on a thread of its own, once per change; the
/// newest wish wins.
class LabelLayers : public QObject {
    Q_OBJECT
public:
    enum Kind { Bare, Prediction, Truth };
    struct Facts {
        std::array<std::int64_t, 256> found{}, real{};  ///< pixels by class
        std::vector<double> confidence;                 ///< of a few thousand pixels, evenly spread
    };

    explicit LabelLayers(QObject* parent = nullptr);
    ~LabelLayers() override;

    void setPicture(std::shared_ptr<const DensePicture> picture);
    void setLook(LabelLook look);
    const LabelLook& look() const { return look_; }

    /// The smallest size with at least `pixels` in width; null until it is made.
    const QImage& image(Kind kind, double pixels) const;
    std::shared_ptr<const LabelRegions> regions() const { return regions_; }  ///< null until they are found
    const Facts& facts() const { return facts_; }
    /// Hands the region's mask over on the GUI thread.
    void mask(int region, std::function<void(RunMask mask)> done);
    int composed() const { return composed_; }  ///< how often overlays were made
    void wait();                                ///< until nothing is under way; for tests and screenshots

Q_SIGNALS:
    void changed();  ///< other images
    void counted();  ///< other facts and regions

private:
    using Sizes = std::vector<QImage>;
    void compose();

    QThreadPool pool_;
    std::shared_ptr<const DensePicture> picture_;
    LabelLook look_;
    std::array<Sizes, 3> images_;
    std::shared_ptr<const LabelRegions> regions_;
    Facts facts_;
    std::uint64_t newestPicture_ = 0, newestLook_ = 0;
    int composed_ = 0;
    bool waiting_ = false;
};

}  // namespace vl
