// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <cmath>

#include <QPainter>

#include "widgets/box_canvas.h"
#include "widgets/color_map.h"
#include "widgets/labels.h"
#include "widgets/paint_helpers.h"

namespace vl {
namespace {

constexpr double kLabel = 18;         // height
constexpr std::size_t kLabels = 120;  // more names than this hide the picture they describe
constexpr double kSmallest = 10;      // screen pixels: boxes below this get no name of their own

void frame(QPainter& painter, const QRectF& rect, const QColor& colour, double width, bool dashed) {
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(markOutline(), width + 2, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
    painter.drawRect(rect);
    QPen pen(colour, width, Qt::SolidLine, Qt::FlatCap, Qt::MiterJoin);
    if (dashed) pen.setDashPattern({8 / width, 6 / width});
    painter.setPen(pen);
    painter.drawRect(rect);
}

}  // namespace

void BoxCanvas::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const double ratio = devicePixelRatioF();
    const QSize wanted = size() * ratio;
    if (stale_ || still_.size() != wanted) {
        if (still_.size() != wanted) still_ = QPixmap(wanted);
        still_.setDevicePixelRatio(ratio);
        still_.fill(Theme::instance().tokens().window);
        QPainter still(&still_);
        paintStill(still);
        stale_ = false;
        ++stills_;
    }
    painter.drawPixmap(0, 0, still_);
    if (!picture_ || hidden_) return;
    painter.setClipRect(pictureRect().adjusted(-3, -3, 3, 3));
    for (int at : {selected_, hovered_}) {
        if (at < 0 || at >= std::ssize(marks_)) continue;
        const ObjectMark& mark = marks_[static_cast<std::size_t>(at)];
        const QRectF box = toWidget(mark.box);
        if (at == selected_) frame(painter, box.adjusted(-3, -3, 3, 3), Qt::white, 2, false);
        paintMark(painter, mark, 3);
        if (at == hovered_ && at != selected_) painter.fillRect(box, QColor(255, 255, 255, 36));
        if (look_.labels) paintLabels(painter, box.adjusted(-5, -5, 5, 5));  // names the frame went over
        paintLabel(painter, labelRect(mark), mark);
    }
    paintAnchors(painter);
    painter.setClipping(false);
    if (ring_ && hasFocus()) paintFocusRing(painter, QRectF(rect()).adjusted(1, 1, -1, -1));
}

void BoxCanvas::paintStill(QPainter& painter) const {
    const QRectF target = pictureRect();
    const QImage& shown = layers_.picture(target.width() * devicePixelRatioF());
    if (!picture_ || target.isEmpty()) return;
    // Only the part that is seen is scaled: a large zoom costs no more than a small one.
    const auto draw = [&](const QImage& image, bool smooth) {
        const QRectF seen = target.intersected(QRectF(rect()));
        if (image.isNull() || seen.isEmpty()) return;
        const double sx = image.width() / target.width(), sy = image.height() / target.height();
        painter.setRenderHint(QPainter::SmoothPixmapTransform, smooth);
        painter.drawImage(seen, image,
                          QRectF((seen.x() - target.x()) * sx, (seen.y() - target.y()) * sy, seen.width() * sx,
                                 seen.height() * sy));
    };
    const bool pixels = zoom() * devicePixelRatioF() >= 3;
    if (shown.isNull())
        painter.fillRect(target, Theme::instance().tokens().canvas);
    else
        draw(shown, !pixels);
    if (hidden_) return;
    if (!map_.isNull())
        draw(map_, false);
    else if (look_.masks)
        draw(layers_.overlay(), true);
    painter.setClipRect(target.adjusted(-3, -3, 3, 3));
    paintProposals(painter);
    if (look_.boxes)
        for (auto mark = marks_.rbegin(); mark != marks_.rend(); ++mark)
            paintMark(painter, *mark, 2);
    for (const ObjectMark& mark : truth_)
        paintMark(painter, mark, 1.5);
    if (look_.labels) paintLabels(painter, QRectF(rect()));
}

void BoxCanvas::paintMark(QPainter& painter, const ObjectMark& mark, double width) const {
    const QRectF box = toWidget(mark.box);
    if (QRectF(rect()).intersects(box.adjusted(-3, -3, 3, 3))) frame(painter, box, mark.colour, width, mark.truth);
}

QRectF BoxCanvas::labelRect(const ObjectMark& mark) const {
    const QRectF box = toWidget(mark.box), picture = pictureRect().intersected(QRectF(rect()));
    const QFontMetricsF words(typeFont(Type::Caption)), numbers(typeFont(Type::CaptionNumber));
    double width = 20 + words.horizontalAdvance(mark.name);
    if (mark.score >= 0) width += 6 + numbers.horizontalAdvance(fixedText(mark.score, 2));
    if (!mark.fate.isEmpty()) width += 6 + words.horizontalAdvance(mark.fate);
    QRectF label(box.left() - 1, box.top() - kLabel - 1, std::ceil(width) + 6, kLabel);
    if (label.top() < picture.top()) label.moveTop(std::max(picture.top(), box.top() + 1));
    label.moveLeft(std::max(label.left(), picture.left()));
    if (label.right() > picture.right()) label.moveRight(std::max(picture.right(), picture.left() + label.width()));
    return label;
}

// The best first; a name that would cover another one waits until its object is hovered. Only those in `part`.
void BoxCanvas::paintLabels(QPainter& painter, const QRectF& part) const {
    std::vector<QRectF> taken;
    for (const ObjectMark& mark : marks_) {
        if (taken.size() >= kLabels) break;
        const QRectF box = toWidget(mark.box);
        if (!QRectF(rect()).intersects(box) || std::max(box.width(), box.height()) < kSmallest) continue;
        const QRectF label = labelRect(mark);
        if (std::ranges::any_of(taken, [&](const QRectF& each) { return each.intersects(label); })) continue;
        if (label.intersects(part)) paintLabel(painter, label, mark);
        taken.push_back(label);
    }
}

void BoxCanvas::paintLabel(QPainter& painter, const QRectF& rect, const ObjectMark& mark) const {
    const Tokens& t = darkTokens();
    painter.setPen(Qt::NoPen);
    painter.setBrush(t.window);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.drawRoundedRect(rect, 3, 3);
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.fillRect(QRectF(rect.left() + 5, rect.center().y() - 4, 8, 8), mark.colour);
    QRectF text = rect.adjusted(18, 0, 0, 0);
    const auto write = [&](const QString& words, Type type, const QColor& colour) {
        if (words.isEmpty()) return;
        text.setLeft(text.left() + 6 +
                     paintText(painter, text, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextDontClip, words,
                               typeFont(type), colour));
    };
    write(mark.name, Type::Caption, t.text);
    if (mark.score >= 0) write(fixedText(mark.score, 2), Type::CaptionNumber, t.text2);
    write(mark.fate, Type::Caption, t.error);
}

void BoxCanvas::paintProposals(QPainter& painter) const {
    painter.setBrush(Qt::NoBrush);
    for (auto each = proposals_.rbegin(); each != proposals_.rend(); ++each) {
        const QRectF box = toWidget(each->box);
        if (!QRectF(rect()).intersects(box)) continue;
        const int alpha = 50 + static_cast<int>(170 * std::clamp(each->score, 0.0, 1.0));
        painter.setPen(QPen(QColor(255, 255, 255, alpha), 1));
        painter.drawRect(box);
    }
}

// Scale 8 and ratios of height to width 0.5, 1 and 2 round the corner of the cell under the cursor, level by level.
void BoxCanvas::paintAnchors(QPainter& painter) const {
    if (!cursor_ || strides_.empty()) return;
    const QPointF at = toPicture(*cursor_);
    for (std::size_t level = strides_.size(); level-- > 0;) {
        const double stride = strides_[level];
        const QPointF corner(std::floor(at.x() / stride) * stride, std::floor(at.y() / stride) * stride);
        const double share = strides_.size() > 1 ? double(level) / double(strides_.size() - 1) : 1;
        const QColor colour = QColor::fromRgb(colorAt(ColorMap::Viridis, 0.3 + 0.7 * share));
        for (double ratio : {0.5, 1.0, 2.0}) {
            const double w = 8 * stride / std::sqrt(ratio), h = 8 * stride * std::sqrt(ratio);
            frame(painter,
                  toWidget({float(corner.x() - w / 2), float(corner.y() - h / 2), float(corner.x() + w / 2),
                            float(corner.y() + h / 2)}),
                  colour, 1, false);
        }
    }
}

}  // namespace vl
