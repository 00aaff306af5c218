// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/train/gallery_grid.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>

#include "widgets/chart_axis.h"
#include "widgets/labels.h"
#include "widgets/picture_canvas.h"

namespace vl {
namespace {

constexpr int kGap = 16, kCaption = 34, kWantedSide = 96;
constexpr int kFrame = 2;  // drawn around the picture, so the first one starts this far inside

}  // namespace

QString className(const Gallery& gallery, int index) {
    if (index < 0 || index >= int(gallery.classNames.size())) return QObject::tr("class %1").arg(index);
    return QString::fromStdString(gallery.classNames[std::size_t(index)]);
}

QString sampleText(const Gallery& gallery, const GallerySample& sample) {
    const QString said = className(gallery, sample.predicted) + ' ' + QString::number(sample.confidence, 'f', 2);
    return sample.label == sample.predicted ? QObject::tr("%1, correct").arg(said)
                                            : QObject::tr("%1, is %2").arg(said, className(gallery, sample.label));
}

GalleryGrid::GalleryGrid(QWidget* parent) : QWidget(parent) {
    setFocusPolicy(Qt::StrongFocus);
    setProperty("focusFrame", true);
    setMouseTracking(true);
    setAccessibleName(tr("Validation pictures"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void GalleryGrid::setGallery(std::shared_ptr<const Gallery> gallery) {
    gallery_ = std::move(gallery);
    pictures_.clear();
    if (gallery_)
        for (const GallerySample& sample : gallery_->samples)
            pictures_.push_back(toQImage(sample.image));
    current_ = -1;
    updateGeometry();
    update();
}

void GalleryGrid::setRows(int rows) {
    if (rows == rows_) return;
    rows_ = std::max(1, rows);
    updateGeometry();
    update();
}

int GalleryGrid::pictureSide() const {
    const int pixels = pictures_.empty() ? 28 : std::max({1, pictures_[0].width(), pictures_[0].height()});
    return pixels * std::max(1, (kWantedSide + pixels / 3) / pixels);
}

int GalleryGrid::cellWidth() const { return pictureSide() + kGap; }
int GalleryGrid::columns() const { return std::max(1, (width() - 2 * kFrame + kGap) / cellWidth()); }
int GalleryGrid::shownCount() const { return std::min(int(pictures_.size()), columns() * rows_); }
QSize GalleryGrid::sizeHint() const {
    return {cellWidth() * 9 - kGap, (pictureSide() + kCaption) * rows_ + kGap / 2 * (rows_ - 1) + kFrame};
}

QRect GalleryGrid::cellRect(int index) const {
    const int side = pictureSide();
    return {kFrame + index % columns() * cellWidth(), kFrame + index / columns() * (side + kCaption + kGap / 2), side,
            side};
}

int GalleryGrid::indexAt(const QPoint& point) const {
    for (int i = 0; i < shownCount(); ++i)
        if (cellRect(i).adjusted(0, 0, 0, kCaption).contains(point)) return i;
    return -1;
}

void GalleryGrid::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    if (!gallery_ || pictures_.empty()) {
        painter.setFont(typeFont(Type::Secondary));
        painter.setPen(Theme::instance().tokens().text3);
        painter.drawText(rect(), Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap,
                         tr("The first evaluation fills this: pictures with their prediction, wrong ones first."));
        return;
    }
    for (int i = 0; i < shownCount(); ++i)
        paintCell(painter, i);
}

void GalleryGrid::paintCell(QPainter& painter, int index) const {
    const Tokens& t = Theme::instance().tokens();
    const GallerySample& sample = gallery_->samples[std::size_t(index)];
    const bool wrong = sample.label != sample.predicted;
    const QRect cell = cellRect(index);
    const QImage& picture = pictures_[std::size_t(index)];
    painter.fillRect(cell, t.canvas);
    const int times = std::max(1, cell.width() / std::max(1, std::max(picture.width(), picture.height())));
    QRect inner(QPoint(0, 0), picture.size() * times);
    inner.moveCenter(cell.center());
    painter.setRenderHint(QPainter::SmoothPixmapTransform, false);
    painter.drawImage(inner, picture);
    // The frame lies outside the picture, so that no pixel of it is hidden.
    painter.setBrush(Qt::NoBrush);
    const int thick = wrong || index == current_ ? 2 : 1;
    const QColor frame = index == current_ ? t.accent : wrong ? t.error : index == hovered_ ? t.controlLine : t.line;
    for (int i = 1; i <= thick; ++i) {
        painter.setPen(frame);
        painter.drawRect(cell.adjusted(-i, -i, i - 1, i - 1));
    }
    const QRect first(cell.left(), cell.bottom() + 5, cell.width(), 14), second = first.translated(0, 14);
    painter.setFont(typeFont(Type::CaptionNumber));
    painter.setPen(t.text);
    const QString confidence = QString::number(sample.confidence, 'f', 2);
    const int numberWidth = painter.fontMetrics().horizontalAdvance(confidence);
    painter.drawText(first, Qt::AlignRight | Qt::AlignVCenter, confidence);
    painter.setFont(typeFont(Type::Caption));
    const auto cut = [&](const QString& words, int room) {
        return painter.fontMetrics().elidedText(words, Qt::ElideRight, room);
    };
    painter.drawText(first, Qt::AlignLeft | Qt::AlignVCenter,
                     cut(className(*gallery_, sample.predicted), cell.width() - numberWidth - 4));
    painter.setPen(wrong ? t.error : t.text3);
    painter.drawText(second, Qt::AlignLeft | Qt::AlignVCenter,
                     cut(wrong ? tr("is %1").arg(className(*gallery_, sample.label)) : tr("correct"), cell.width()));
}

void GalleryGrid::choose(int index) {
    if (index < 0 || index >= int(pictures_.size())) return;
    current_ = index;
    setAccessibleDescription(sampleText(*gallery_, gallery_->samples[std::size_t(index)]));
    update();
    Q_EMIT chosen(index);
}

void GalleryGrid::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton) choose(indexAt(event->pos()));
}

void GalleryGrid::mouseDoubleClickEvent(QMouseEvent* event) {
    if (indexAt(event->pos()) >= 0) Q_EMIT opened();
}

void GalleryGrid::mouseMoveEvent(QMouseEvent* event) {
    const int index = indexAt(event->pos());
    setCursor(index >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
    if (index == hovered_) return;
    hovered_ = index;
    update();
}

void GalleryGrid::leaveEvent(QEvent*) {
    hovered_ = -1;
    update();
}

void GalleryGrid::keyPressEvent(QKeyEvent* event) {
    int next = current_;
    switch (event->key()) {
        case Qt::Key_Right:
            next = current_ + 1;
            break;
        case Qt::Key_Left:
            next = current_ - 1;
            break;
        case Qt::Key_Down:
            next = current_ + columns();
            break;
        case Qt::Key_Up:
            next = current_ - columns();
            break;
        case Qt::Key_Space:
            next = std::max(0, current_);
            break;
        case Qt::Key_Return:
        case Qt::Key_Enter:
            choose(std::max(0, current_));
            return Q_EMIT opened();
        default:
            return QWidget::keyPressEvent(event);
    }
    if (next >= 0 && next < shownCount()) choose(next);
}

bool GalleryGrid::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    auto* help = static_cast<QHelpEvent*>(event);
    const int index = indexAt(help->pos());
    if (index >= 0) {
        const GallerySample& sample = gallery_->samples[std::size_t(index)];
        QToolTip::showText(help->globalPos(),
                           tr("Sample %1: %2, loss %3\nDouble click to look inside with Inspect")
                               .arg(countText(double(sample.index)), sampleText(*gallery_, sample),
                                    QString::number(sample.loss, 'f', 2)),
                           this);
    } else {
        QToolTip::hideText();
    }
    return true;
}

}  // namespace vl
