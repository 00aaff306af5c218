// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/label_canvas.h"

#include <algorithm>
#include <cmath>

#include "widgets/color_map.h"
#include "widgets/paint_helpers.h"
#include "widgets/theme.h"

namespace vl {
namespace {

constexpr double kMaxZoom = 32, kMapOpacity = 0.62, kGrip = 8;

/// One pixel a cell; the largest value is the top of the map.
QImage imageOf(const LabelCanvas::Map& map) {
    if (map.rows <= 0 || map.columns <= 0 || map.values.size() != std::size_t(map.rows) * std::size_t(map.columns))
        return {};
    float top = 0;
    for (const float value : map.values)
        if (std::isfinite(value)) top = std::max(top, value);
    QImage image(map.columns, map.rows, QImage::Format_ARGB32);
    for (int y = 0; y < map.rows; ++y)
        for (int x = 0; x < map.columns; ++x) {
            const float value = map.values[std::size_t(y) * std::size_t(map.columns) + std::size_t(x)];
            const double share = top > 0 && std::isfinite(value) ? std::clamp(double(value / top), 0.0, 1.0) : 0;
            QColor colour = QColor::fromRgb(colorAt(ColorMap::Inferno, share));
            colour.setAlphaF(static_cast<float>(overlayAlpha(kMapOpacity, share)));
            image.setPixelColor(x, y, colour);
        }
    return image.convertToFormat(QImage::Format_ARGB32_Premultiplied);
}

}  // namespace

LabelCanvas::LabelCanvas(QWidget* parent) : QWidget(parent) {
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Classes on the picture"));
    connect(&Theme::instance(), &Theme::changed, this, &LabelCanvas::invalidate);
    connect(&layers_, &LabelLayers::changed, this, &LabelCanvas::invalidate);
    connect(&layers_, &LabelLayers::counted, this, [this] {
        region_ = -1;
        if (cursor_) hover(*cursor_);
        refreshVeil();
    });
}

void LabelCanvas::invalidate() {
    stale_ = true;
    update();
}

void LabelCanvas::setPicture(std::shared_ptr<const DensePicture> picture) {
    if (picture == picture_) return;
    const QSizeF before = pictureSize();
    picture_ = std::move(picture);
    map_ = {};
    region_ = -1;
    veil_ = {};
    layers_.setPicture(picture_);
    if (pictureSize() != before) fit();
    invalidate();
}

void LabelCanvas::setLook(LabelLook look) { layers_.setLook(std::move(look)); }

void LabelCanvas::setSide(Side side) {
    if (side == side_) return;
    side_ = side;
    invalidate();
}

void LabelCanvas::setSplit(double share) {
    share = std::clamp(share, 0.0, 1.0);
    if (share == split_) return;
    split_ = share;
    invalidate();
    Q_EMIT splitChanged(split_);
}

void LabelCanvas::setMap(Map map) {
    map_ = imageOf(map);
    invalidate();
}

void LabelCanvas::setClass(int label) {
    if (label == class_) return;
    class_ = label;
    refreshVeil();
}

void LabelCanvas::refreshVeil() {
    veil_ = {};
    const auto regions = layers_.regions();
    // What is muted on purpose, most often the background, does not light up whenever the cursor crosses it.
    const bool muted = class_ < 0 && hoverLabel_ >= 0 && hoverLabel_ < kNoClass &&
                       layers_.look().muted[static_cast<std::size_t>(hoverLabel_)];
    if (regions && !muted && (class_ >= 0 || region_ >= 0))
        veil_ = labelVeil(*regions, class_ >= 0 ? -1 : region_, class_);
    update();
}

void LabelCanvas::setHidden(bool hidden) {
    if (hidden == hidden_) return;
    hidden_ = hidden;
    invalidate();
    Q_EMIT hiddenChanged(hidden);
}

QSizeF LabelCanvas::pictureSize() const {
    return picture_ ? QSizeF(picture_->picture.width, picture_->picture.height) : QSizeF();
}

double LabelCanvas::fitZoom() const {
    const QSizeF size = pictureSize();
    return size.isEmpty() ? 1 : std::max(1e-4, std::min(width() / size.width(), height() / size.height()));
}

double LabelCanvas::zoom() const { return fitted_ ? fitZoom() : zoom_; }

QRectF LabelCanvas::pictureRect() const {
    const QSizeF size = pictureSize() * zoom();
    if (fitted_) return QRectF(QPointF(width() - size.width(), height() - size.height()) / 2, size);
    return QRectF(offset_, size);
}

QPointF LabelCanvas::toPicture(const QPointF& point) const { return (point - pictureRect().topLeft()) / zoom(); }

void LabelCanvas::fit() {
    fitted_ = true;
    invalidate();
    Q_EMIT zoomChanged(zoom());
}

void LabelCanvas::setZoom(double zoom, const QPointF& at) {
    if (!picture_) return;
    const QPointF fixed = toPicture(at);
    const double least = fitZoom();
    zoom_ = std::clamp(zoom, std::min(least, 1.0), std::max(kMaxZoom, least));
    fitted_ = zoom_ <= least && zoom <= least;
    offset_ = at - fixed * zoom_;
    limitPan();
    invalidate();
    Q_EMIT zoomChanged(this->zoom());
}

void LabelCanvas::pan(const QPointF& by) {
    if (fitted_) return;
    offset_ += by;
    limitPan();
    invalidate();
}

// A picture larger than the canvas covers it, a smaller one stays inside.
void LabelCanvas::limitPan() {
    const QSizeF size = pictureSize() * zoom_;
    const auto limit = [](double offset, double picture, double room) {
        return picture <= room ? (room - picture) / 2 : std::clamp(offset, room - picture, 0.0);
    };
    offset_ = {limit(offset_.x(), size.width(), width()), limit(offset_.y(), size.height(), height())};
}

double LabelCanvas::splitX() const {
    const QRectF seen = seenRect();
    return std::round(seen.left() + split_ * seen.width());
}

bool LabelCanvas::onSplit(const QPointF& point) const {
    return side_ == Side::Split && picture_ && std::abs(point.x() - splitX()) <= kGrip && seenRect().contains(point);
}

int LabelCanvas::labelAt(const QPoint& pixel) const {
    if (!picture_ || !picture_->classes) return -1;
    const PixelClasses& c = *picture_->classes;
    if (pixel.x() < 0 || pixel.y() < 0 || pixel.x() >= c.width || pixel.y() >= c.height) return -1;
    const int label = c.labels[std::size_t(pixel.y()) * std::size_t(c.width) + std::size_t(pixel.x())];
    return label == kNoClass ? -1 : label;
}

void LabelCanvas::hover(const QPointF& point) {
    cursor_ = point;
    const QPointF at = toPicture(point);
    const QPoint pixel(static_cast<int>(std::floor(at.x())), static_cast<int>(std::floor(at.y())));
    const bool inside = picture_ && seenRect().contains(point);
    const int label = inside ? labelAt(pixel) : -1;
    const auto regions = layers_.regions();
    const int region = inside && regions ? regions->at(pixel.x(), pixel.y()) : -1;
    tip_.clear();
    if (label >= 0) {
        tip_ =
            label < std::ssize(names_) ? QString::fromStdString(names_[std::size_t(label)]) : tr("class %1").arg(label);
        const PixelClasses& c = *picture_->classes;
        const std::size_t place = std::size_t(pixel.y()) * std::size_t(c.width) + std::size_t(pixel.x());
        tipNote_ = place < c.confidence.size() ? fixedText(c.confidence[place] / 255.0, 2) : QString();
    }
    const bool other = region != region_ || label != hoverLabel_;
    region_ = region;
    hoverLabel_ = label;
    if (other) refreshVeil();
    update();
    Q_EMIT cursorMoved(pixel, inside);
    if (other) Q_EMIT regionChanged(region, label);
}

void LabelCanvas::leave() {
    cursor_.reset();
    tip_.clear();
    const bool had = region_ >= 0 || hoverLabel_ >= 0;
    region_ = hoverLabel_ = -1;
    if (had) refreshVeil();
    update();
    Q_EMIT cursorMoved({}, false);
    if (had) Q_EMIT regionChanged(-1, -1);
}

}  // namespace vl
