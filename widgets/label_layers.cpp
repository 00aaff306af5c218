// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/label_layers.h"

#include <utility>

#include <QCoreApplication>

#include "widgets/picture_canvas.h"

namespace vl {
namespace {

constexpr int kSample = 4096, kSmallest = 700;

/// The picture in screen colours, as many times as large as thin lines need.
QImage bareOf(const DensePicture& picture) {
    QImage image = toQImage(picture.picture);
    if (image.isNull()) return image;
    const int scale = labelScale(image.size());
    if (scale > 1) image = image.scaled(image.size() * scale, Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
    return image.convertToFormat(QImage::Format_RGB32);
}

std::vector<QImage> halves(QImage image) {
    std::vector<QImage> sizes;
    if (image.isNull()) return sizes;
    sizes.push_back(image);
    while (image.width() > 2 * kSmallest) {
        image = image.scaled(image.width() / 2, image.height() / 2, Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
        sizes.push_back(image);
    }
    return sizes;
}

LabelLayers::Facts factsOf(const DensePicture& picture) {
    LabelLayers::Facts facts;
    if (picture.truthClasses)
        for (const std::uint8_t label : picture.truthClasses->labels)
            ++facts.real[label];
    if (!picture.classes) return facts;
    for (const std::uint8_t label : picture.classes->labels)
        ++facts.found[label];
    const auto& confidence = picture.classes->confidence;
    const std::size_t step = std::max<std::size_t>(1, confidence.size() / kSample);
    for (std::size_t i = step / 2; i < confidence.size(); i += step)
        if (picture.classes->labels[i] != kNoClass) facts.confidence.push_back(confidence[i] / 255.0);
    return facts;
}

}  // namespace

LabelLayers::LabelLayers(QObject* parent) : QObject(parent) { pool_.setMaxThreadCount(1); }

LabelLayers::~LabelLayers() {
    pool_.clear();
    pool_.waitForDone();
}

void LabelLayers::setPicture(std::shared_ptr<const DensePicture> picture) {
    if (picture == picture_) return;
    const bool same = picture && picture_ && picture->name == picture_->name && picture->file == picture_->file &&
                      picture->picture.width == picture_->picture.width &&
                      picture->picture.height == picture_->picture.height;
    picture_ = std::move(picture);
    const std::uint64_t ticket = ++newestPicture_;
    if (!same) {
        for (Sizes& each : images_)
            each.clear();
        facts_ = {};
    }
    regions_.reset();
    Q_EMIT changed();
    if (!picture_) {
        Q_EMIT counted();
        return;
    }
    pool_.start([this, ticket, wanted = picture_] {
        auto bare = halves(bareOf(*wanted));
        QMetaObject::invokeMethod(this, [this, ticket, bare = std::move(bare)]() mutable {
            if (ticket != newestPicture_) return;
            images_[Bare] = std::move(bare);
            compose();
            Q_EMIT changed();
        });
    });
    pool_.start([this, ticket, wanted = picture_] {
        Facts facts = factsOf(*wanted);
        std::shared_ptr<const LabelRegions> regions;
        if (const auto& found = wanted->classes ? wanted->classes : wanted->truthClasses)
            regions = std::make_shared<LabelRegions>(labelRegions(found->labels, found->width, found->height));
        QMetaObject::invokeMethod(this, [this, ticket, facts = std::move(facts), regions]() mutable {
            if (ticket != newestPicture_) return;
            facts_ = std::move(facts);
            regions_ = regions;
            Q_EMIT counted();
        });
    });
}

void LabelLayers::setLook(LabelLook look) {
    if (look == look_) return;
    look_ = std::move(look);
    compose();
}

// One job at a time: a wish that comes while one is being made is made after it, whatever came between is left out.
void LabelLayers::compose() {
    const std::uint64_t ticket = ++newestLook_;
    if (!picture_ || images_[Bare].empty() || waiting_) return;
    waiting_ = true;
    pool_.start(
        [this, ticket, pictures = newestPicture_, wanted = picture_, look = look_, base = images_[Bare].front()] {
            const LabelTable table = labelTable(look);
            const int scale = labelScale(QSize(wanted->picture.width, wanted->picture.height));
            auto found = halves(paintLabels(base, labelPlane(*wanted, look, false), scale, table));
            Sizes real;
            if (wanted->truthClasses) {
                LabelLook plain = look;
                plain.map = LabelLook::Map::Classes;
                real = halves(paintLabels(base, labelPlane(*wanted, plain, true), scale, labelTable(plain)));
            }
            QMetaObject::invokeMethod(
                this, [this, ticket, pictures, found = std::move(found), real = std::move(real)]() mutable {
                    waiting_ = false;
                    if (pictures == newestPicture_) {
                        images_[Prediction] = std::move(found);
                        images_[Truth] = std::move(real);
                        ++composed_;
                        Q_EMIT changed();
                    }
                    if (ticket != newestLook_) compose();
                });
        });
}

const QImage& LabelLayers::image(Kind kind, double pixels) const {
    static const QImage none;
    const Sizes& sizes = images_[kind].empty() ? images_[Bare] : images_[kind];
    if (sizes.empty()) return none;
    auto best = sizes.begin();
    while (std::next(best) != sizes.end() && std::next(best)->width() >= pixels)
        ++best;
    return *best;
}

void LabelLayers::mask(int region, std::function<void(RunMask)> done) {
    if (!regions_) return;
    pool_.start(
        [this, ticket = newestPicture_, regions = regions_, region, done = std::move(done)] {
            auto mask = std::make_shared<RunMask>(regionMask(*regions, region));
            QMetaObject::invokeMethod(this, [this, ticket, mask, done] {
                if (ticket == newestPicture_) done(std::move(*mask));
            });
        },
        1);
}

void LabelLayers::wait() {
    do {
        pool_.waitForDone();
        QCoreApplication::sendPostedEvents(this, QEvent::MetaCall);
    } while (pool_.activeThreadCount() > 0 || waiting_);
}

}  // namespace vl
