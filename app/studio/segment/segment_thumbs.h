// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include <QImage>
#include <QObject>
#include <QThreadPool>

#include "widgets/label_paint.h"

namespace vl {

/// Small pictures with their classes for the strip, made on a thread of their own.
class SegmentThumbs : public QObject {
    Q_OBJECT
public:
    explicit SegmentThumbs(QObject* parent = nullptr);
    ~SegmentThumbs() override;

    void make(int index, std::shared_ptr<const DensePicture> picture, LabelLook look, double devicePixelRatio);
    void forget();  ///< what is under way answers an older request
    void wait();    ///< for tests and screenshots

Q_SIGNALS:
    void made(int index, const QImage& thumb);

private:
    QThreadPool pool_;
    int generation_ = 0;
};

}  // namespace vl
