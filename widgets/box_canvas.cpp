// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/box_canvas.h"

#include <algorithm>
#include <cmath>

#include "widgets/color_map.h"
#include "widgets/theme.h"

namespace vl {
namespace {

constexpr double kMaxZoom = 32, kMapOpacity = 0.62;
constexpr double kWhole = 3;  // from here on pixels are seen, and all are of one size

/// One ARGB pixel a cell; the largest value is the top of the map.
QImage imageOf(const BoxCanvas::Map& map) {
    if (map.rows <= 0 || map.columns <= 0 || map.values.size() != std::size_t(map.rows) * std::size_t(map.columns))
        return {};
    float top = 0;
    for (float value : map.values)
        if (std::isfinite(value)) top = std::max(top, value);
    QImage image(map.columns, map.rows, QImage::Format_ARGB32);
    const auto value = map.values.begin();
    for (int y = 0; y < map.rows; ++y)
        for (int x = 0; x < map.columns; ++x) {
            const double share = top > 0 ? value[std::ptrdiff_t(y) * map.columns + x] / top : 0;
            QColor colour = QColor::fromRgb(colorAt(ColorMap::Inferno, share));
            colour.setAlphaF(static_cast<float>(overlayAlpha(kMapOpacity, std::clamp(share, 0.0, 1.0))));
            image.setPixelColor(x, y, colour);
        }
    return image.convertToFormat(QImage::Format_ARGB32_Premultiplied);
}

}  // namespace

BoxCanvas::BoxCanvas(QWidget* parent) : QWidget(parent) {
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Objects on the picture"));
    connect(&Theme::instance(), &Theme::changed, this, &BoxCanvas::invalidate);
    connect(&layers_, &ObjectLayers::changed, this, &BoxCanvas::invalidate);
}

void BoxCanvas::invalidate() {
    stale_ = true;
    update();
}

QSizeF BoxCanvas::pictureSize() const {
    return picture_ ? QSizeF(picture_->picture.width, picture_->picture.height) : QSizeF();
}

double BoxCanvas::fitZoom() const {
    const QSizeF size = pictureSize();
    if (size.isEmpty()) return 1;
    const double free = std::max(1e-4, std::min(width() / size.width(), height() / size.height()));
    const double pixels = free * devicePixelRatioF();
    return pixels >= kWhole ? std::floor(pixels) / devicePixelRatioF() : free;
}

double BoxCanvas::zoom() const { return fitted_ ? fitZoom() : zoom_; }

QRectF BoxCanvas::pictureRect() const {
    const QSizeF size = pictureSize() * zoom();
    if (fitted_) return QRectF(QPointF(width() - size.width(), height() - size.height()) / 2, size);
    return QRectF(offset_, size);
}

QPointF BoxCanvas::toPicture(const QPointF& point) const { return (point - pictureRect().topLeft()) / zoom(); }

QRectF BoxCanvas::toWidget(const Box& box) const {
    const QRectF rect = rectOf(box);
    return QRectF(pictureRect().topLeft() + rect.topLeft() * zoom(), rect.size() * zoom());
}

void BoxCanvas::setPicture(std::shared_ptr<const DensePicture> picture, std::uint64_t pixels) {
    const QSizeF before = pictureSize();
    picture_ = std::move(picture);
    layers_.setPicture(picture_, pixels);
    map_ = {};
    if (pictureSize() != before) fit();
    invalidate();
}

void BoxCanvas::setMarks(std::vector<ObjectMark> marks) {
    marks_ = std::move(marks);
    hovered_ = selected_ = -1;
    refreshMasks();
    invalidate();
}

void BoxCanvas::setTruth(std::vector<ObjectMark> marks) {
    truth_ = std::move(marks);
    invalidate();
}

void BoxCanvas::setProposals(std::vector<Proposal> proposals) {
    proposals_ = std::move(proposals);
    invalidate();
}

void BoxCanvas::setAnchorStrides(std::vector<double> strides) {
    strides_ = std::move(strides);
    update();
}

void BoxCanvas::setMap(Map map) {
    map_ = imageOf(map);
    invalidate();
}

void BoxCanvas::setLook(const Look& look) {
    if (look == look_) return;
    look_ = look;
    refreshMasks();
    invalidate();
}

void BoxCanvas::refreshMasks() {
    std::vector<MaskPaint> paints;
    if (look_.masks)
        for (auto mark = marks_.rbegin(); mark != marks_.rend(); ++mark)
            if (mark->mask >= 0) paints.push_back({mark->mask, mark->colour.rgb()});
    layers_.setMasks(std::move(paints), look_.opacity, true);
}

void BoxCanvas::setHovered(int mark) {
    hovered_ = mark;
    update();
}

void BoxCanvas::hover(int mark) {
    if (mark == hovered_) return;
    setHovered(mark);
    Q_EMIT hoveredChanged(mark);
}

void BoxCanvas::setSelected(int mark) {
    selected_ = mark < std::ssize(marks_) ? mark : -1;
    if (selected_ >= 0 && !fitted_) {
        const QRectF box = toWidget(marks_[static_cast<std::size_t>(selected_)].box);
        if (!QRectF(rect()).intersects(box)) {
            offset_ += QRectF(rect()).center() - box.center();
            limitPan();
            invalidate();
        }
    }
    update();
}

void BoxCanvas::setHidden(bool hidden) {
    if (hidden == hidden_) return;
    hidden_ = hidden;
    invalidate();
    Q_EMIT hiddenChanged(hidden);
}

void BoxCanvas::fit() {
    fitted_ = true;
    invalidate();
    Q_EMIT zoomChanged(zoom());
}

void BoxCanvas::setZoom(double zoom, const QPointF& at) {
    if (!picture_) return;
    const QPointF fixed = toPicture(at);
    const double least = fitZoom();
    zoom_ = std::clamp(zoom, std::min(least, 1.0), std::max(kMaxZoom, least));
    fitted_ = zoom_ <= least * 1.0001 && zoom <= least * 1.0001 && zoom != 1;
    offset_ = at - fixed * zoom_;
    limitPan();
    invalidate();
    Q_EMIT zoomChanged(this->zoom());
}

// A picture larger than the canvas covers it, a smaller one stays inside.
void BoxCanvas::limitPan() {
    const QSizeF size = pictureSize() * zoom_;
    const auto limit = [](double offset, double picture, double room) {
        if (picture <= room) return (room - picture) / 2;
        return std::clamp(offset, room - picture, 0.0);
    };
    offset_ = {limit(offset_.x(), size.width(), width()), limit(offset_.y(), size.height(), height())};
}

int BoxCanvas::markAt(const QPointF& point) const {
    const QPointF at = toPicture(point);
    int best = -1;
    bool bestMask = false;
    double bestArea = 0;
    for (int i = 0; i < std::ssize(marks_); ++i) {
        const ObjectMark& mark = marks_[static_cast<std::size_t>(i)];
        const QRectF box = rectOf(mark.box);
        if (!box.contains(at)) continue;
        const bool onMask = layers_.tiles() && mark.mask >= 0 && layers_.tiles()->contains(mark.mask, at);
        const double area = box.width() * box.height();
        if (best >= 0 && (bestMask != onMask ? bestMask : bestArea <= area)) continue;
        best = i;
        bestMask = onMask;
        bestArea = area;
    }
    return best;
}

}  // namespace vl
