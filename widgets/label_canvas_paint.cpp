// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include <QPainter>

#include "widgets/icons.h"
#include "widgets/label_canvas.h"
#include "widgets/labels.h"
#include "widgets/paint_helpers.h"

namespace vl {
namespace {

constexpr double kTipHeight = 42, kTipGap = 14;

/// Only the part that is seen is scaled: a large zoom costs no more than a small one.
void draw(QPainter& painter, const QImage& image, const QRectF& target, const QRectF& seen, bool smooth) {
    if (image.isNull() || seen.isEmpty() || target.isEmpty()) return;
    const double sx = image.width() / target.width(), sy = image.height() / target.height();
    painter.setRenderHint(QPainter::SmoothPixmapTransform, smooth);
    painter.drawImage(
        seen, image,
        QRectF((seen.x() - target.x()) * sx, (seen.y() - target.y()) * sy, seen.width() * sx, seen.height() * sy));
}

void paintChip(QPainter& painter, const QRectF& rect, const QString& text) {
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(markOutline());
    painter.drawRoundedRect(rect, 3, 3);
    painter.setRenderHint(QPainter::Antialiasing, false);
    paintText(painter, rect, Qt::AlignCenter, text, typeFont(Type::Secondary), Qt::white);
}

}  // namespace

void LabelCanvas::paintEvent(QPaintEvent*) {
    const double ratio = devicePixelRatioF();
    if (stale_ || still_.size() != size() * ratio) {
        if (still_.size() != size() * ratio) {
            still_ = QPixmap(size() * ratio);
            still_.setDevicePixelRatio(ratio);
        }
        QPainter painter(&still_);
        painter.fillRect(rect(), Theme::instance().tokens().window);
        paintStill(painter);
        stale_ = false;
        ++stills_;
    }
    QPainter painter(this);
    painter.drawPixmap(0, 0, still_);
    const QRectF target = pictureRect();
    if (!veil_.image.isNull() && !hidden_ && map_.isNull()) {
        const double z = zoom();
        const QRectF box(target.topLeft() + QPointF(veil_.box.topLeft()) * z, QSizeF(veil_.box.size()) * z);
        draw(painter, veil_.image, box, box.intersected(QRectF(rect())), false);
    }
    if (cursor_ && !tip_.isEmpty() && !pressed_ && !hidden_) paintTip(painter);
    if (ring_ && hasFocus()) paintFocusRing(painter, QRectF(rect()));
}

void LabelCanvas::paintStill(QPainter& painter) const {
    if (!picture_) return;
    const QRectF target = pictureRect(), seen = seenRect();
    const double pixels = target.width() * devicePixelRatioF();
    const auto layer = [&](LabelLayers::Kind kind, const QRectF& part) {
        const QImage& image = layers_.image(kind, pixels);
        if (image.isNull()) return painter.fillRect(part, Theme::instance().tokens().canvas);
        draw(painter, image, target, part, image.width() * 4 > pixels);
    };
    if (hidden_) return layer(LabelLayers::Bare, seen);
    if (!map_.isNull()) {
        layer(LabelLayers::Bare, seen);
        return draw(painter, map_, target, seen, true);
    }
    if (side_ != Side::Split) return layer(side_ == Side::Truth ? LabelLayers::Truth : LabelLayers::Prediction, seen);
    const double x = splitX();
    layer(LabelLayers::Truth, QRectF(seen.topLeft(), QPointF(x, seen.bottom())));
    layer(LabelLayers::Prediction, QRectF(QPointF(x, seen.top()), seen.bottomRight()));
    if (!seen.isEmpty()) paintSplit(painter);
}

void LabelCanvas::paintSplit(QPainter& painter) const {
    const QRectF seen = seenRect();
    const double x = splitX();
    painter.fillRect(QRectF(x - 2, seen.top(), 4, seen.height()), markOutline());
    painter.fillRect(QRectF(x - 1, seen.top(), 2, seen.height()), Qt::white);
    const QFontMetricsF metrics(typeFont(Type::Secondary));
    const QString left = tr("Truth"), right = tr("Prediction");
    const double leftWidth = std::ceil(metrics.horizontalAdvance(left)) + 20;
    const double rightWidth = std::ceil(metrics.horizontalAdvance(right)) + 20;
    if (x - 8 - leftWidth >= seen.left()) paintChip(painter, {x - 8 - leftWidth, seen.top() + 8, leftWidth, 22}, left);
    if (x + 8 + rightWidth <= seen.right()) paintChip(painter, {x + 8, seen.top() + 8, rightWidth, 22}, right);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(markOutline(), 1.5));
    painter.setBrush(Qt::white);
    const QPointF middle(x, seen.center().y());
    painter.drawEllipse(middle, 11, 11);
    painter.setPen(QPen(markOutline(), 1.6, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    for (const double side : {-1.0, 1.0}) {
        const QPointF corner = middle + QPointF(side * 6, 0);
        painter.drawPolyline(
            QPolygonF{corner + QPointF(-side * 3.5, -3.5), corner, corner + QPointF(-side * 3.5, 3.5)});
    }
    painter.setRenderHint(QPainter::Antialiasing, false);
}

void LabelCanvas::paintTip(QPainter& painter) const {
    const QFont strong = typeFont(Type::SecondaryStrong), caption = typeFont(Type::Caption),
                mono = typeFont(Type::CaptionNumber);
    const QString note = tr("confidence");
    const double words =
        QFontMetricsF(caption).horizontalAdvance(note) + 6 + QFontMetricsF(mono).horizontalAdvance(tipNote_);
    const double wide = std::max(112.0, 20 + std::max(16 + QFontMetricsF(strong).horizontalAdvance(tip_), words));
    QRectF box(*cursor_ + QPointF(kTipGap, kTipGap), QSizeF(std::ceil(wide), kTipHeight));
    if (box.right() > width()) box.moveRight(cursor_->x() - kTipGap);
    if (box.bottom() > height()) box.moveBottom(cursor_->y() - kTipGap);
    box.moveLeft(std::max(0.0, box.left()));
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(QColor(255, 255, 255, 50), 1));
    painter.setBrush(markOutline());
    painter.drawRoundedRect(box, 3, 3);
    painter.setRenderHint(QPainter::Antialiasing, false);
    const auto& colours = layers_.look().colours;
    if (hoverLabel_ >= 0 && hoverLabel_ < std::ssize(colours)) {
        const Colour& c = colours[std::size_t(hoverLabel_)];
        painter.fillRect(QRectF(box.left() + 10, box.top() + 9, 9, 9), QColor(c[0], c[1], c[2]));
    }
    const QRectF first(box.left() + 26, box.top() + 4, box.width() - 30, 18),
        second(box.left() + 10, box.top() + 22, box.width() - 14, 16);
    paintText(painter, first, Qt::AlignLeft | Qt::AlignVCenter, tip_, strong, Qt::white);
    const double used =
        paintText(painter, second, Qt::AlignLeft | Qt::AlignVCenter, note, caption, QColor(0xb4, 0xba, 0xc2));
    paintText(painter, second.adjusted(used + 6, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, tipNote_, mono, Qt::white);
}

}  // namespace vl
