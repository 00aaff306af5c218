// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include <QImage>
#include <QObject>
#include <QThreadPool>

#include "app/studio/detect/shown_objects.h"

namespace vl {

/// Small pictures with their boxes for the strip, and the pixels of pictures that a long list dropped; on a thread.
class PictureLoader : public QObject {
    Q_OBJECT
public:
    explicit PictureLoader(QObject* parent = nullptr);
    ~PictureLoader() override;

    static constexpr int kThumb = 96;  ///< longest side, logical pixels
    void makeThumb(int index, std::shared_ptr<const DensePicture> picture, ClassList classes, double threshold,
                   double devicePixelRatio);
    /// The picture with its pixels read from its file.
    void fetch(int index, std::shared_ptr<const DensePicture> picture);
    void forget();  ///< what is under way answers an older request
    void wait();    ///< for tests and screenshots

Q_SIGNALS:
    void thumbMade(int index, const QImage& thumb);
    void fetched(int index, std::shared_ptr<const vl::DensePicture> picture);
    void failed(int index, const QString& problem, const QString& advice);

private:
    QThreadPool pool_;
    int generation_ = 0;
};

}  // namespace vl
