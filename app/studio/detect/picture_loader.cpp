// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/detect/picture_loader.h"

#include <QCoreApplication>
#include <QPainter>

#include "engine/api/data_source.h"
#include "engine/core/error.h"
#include "widgets/picture_canvas.h"

namespace vl {
namespace {

/// Pixels as they are or from the file; null when neither is there.
QImage pixelsOf(const DensePicture& picture) {
    if (!picture.picture.empty()) return toQImage(picture.picture);
    if (picture.file.empty()) return {};
    try {
        return toQImage(readImage(picture.file));
    } catch (const std::exception&) {
        return {};
    }
}

QImage thumbOf(const DensePicture& picture, const ClassList& classes, double threshold, double ratio) {
    const QImage pixels = pixelsOf(picture);
    if (pixels.isNull()) return {};
    const int side = static_cast<int>(PictureLoader::kThumb * ratio);
    QImage thumb = pixels.scaled(side, side, Qt::KeepAspectRatio, Qt::SmoothTransformation)
                       .convertToFormat(QImage::Format_RGB32);
    const double scale = double(thumb.width()) / pixels.width();
    QPainter painter(&thumb);
    for (auto each = picture.objects.rbegin(); each != picture.objects.rend(); ++each) {
        if (each->score < threshold) continue;
        const QRectF box = rectOf(each->box);
        painter.setPen(QPen(classColourOf(classes, each->label), 1.5 * ratio));
        painter.drawRect(QRectF(box.topLeft() * scale, box.size() * scale));
    }
    painter.end();
    thumb.setDevicePixelRatio(ratio);
    return thumb;
}

}  // namespace

PictureLoader::PictureLoader(QObject* parent) : QObject(parent) { pool_.setMaxThreadCount(1); }

PictureLoader::~PictureLoader() {
    pool_.clear();
    pool_.waitForDone();
}

void PictureLoader::forget() {
    ++generation_;
    pool_.clear();
}

void PictureLoader::makeThumb(int index, std::shared_ptr<const DensePicture> picture, ClassList classes,
                              double threshold, double devicePixelRatio) {
    pool_.start([this, index, picture, classes = std::move(classes), threshold, devicePixelRatio,
                 generation = generation_] {
        const QImage thumb = thumbOf(*picture, classes, threshold, devicePixelRatio);
        QMetaObject::invokeMethod(this, [this, index, thumb, generation] {
            if (generation == generation_ && !thumb.isNull()) Q_EMIT thumbMade(index, thumb);
        });
    });
}

void PictureLoader::fetch(int index, std::shared_ptr<const DensePicture> picture) {
    // Somebody waits for this one: before the thumbs.
    pool_.start(
        [this, index, picture, generation = generation_] {
            auto whole = std::make_shared<DensePicture>(*picture);
            QString problem, advice;
            try {
                whole->picture = readImage(picture->file);
            } catch (const Error& error) {
                problem = QString::fromStdString(error.message());
                advice = QString::fromStdString(error.hint());
            } catch (const std::exception&) {
                problem = tr("The picture could not be read again");
            }
            QMetaObject::invokeMethod(this, [this, index, whole, problem, advice, generation] {
                if (generation != generation_) return;
                if (problem.isEmpty())
                    Q_EMIT fetched(index, whole);
                else
                    Q_EMIT failed(index, problem, advice);
            });
        },
        1);
}

void PictureLoader::wait() {
    pool_.waitForDone();
    QCoreApplication::sendPostedEvents(this, QEvent::MetaCall);
}

}  // namespace vl
