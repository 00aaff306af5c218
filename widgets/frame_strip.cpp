// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/frame_strip.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include "widgets/labels.h"
#include "widgets/paint_helpers.h"

namespace vl {
namespace {

constexpr int kGap = 8, kLineHeight = 18;

}  // namespace

FrameStrip::FrameStrip(int side, QWidget* parent) : QWidget(parent), side_(side) {
    setFocusPolicy(Qt::StrongFocus);
    setFixedHeight(side + 2 + kLineHeight);
    setAccessibleName(tr("Frames"));
    connect(&Theme::instance(), &Theme::changed, this, [this] { update(); });
}

void FrameStrip::setFrames(std::vector<Frame> frames, std::function<QImage(int)> picture) {
    frames_ = std::move(frames);
    picture_ = std::move(picture);
    thin();
}

void FrameStrip::thin() {
    shown_.clear();
    pictures_.clear();
    const int all = static_cast<int>(frames_.size());
    const int fit = std::max(1, (width() - 4 + kGap) / (side_ + kGap));
    const int count = std::min(all, fit);
    for (int i = 0; i < count; ++i) {
        const int at = count < 2 ? all - 1 : static_cast<int>(std::lround(double(i) * (all - 1) / (count - 1)));
        shown_.push_back(at);
        const int index = frames_[static_cast<std::size_t>(at)].index;
        pictures_.push_back(index >= 0 && picture_ ? picture_(index) : QImage());
    }
    update();
}

void FrameStrip::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    thin();
}

void FrameStrip::setCurrent(int index) {
    if (index == current_) return;
    current_ = index;
    update();
}

QRectF FrameStrip::boxRect(int place) const {
    const int count = static_cast<int>(shown_.size());
    if (place < 0 || place >= count) return {};
    // Few frames stand side by side, many are spread over the width.
    const double pitch = count < 2 ? 0 : std::min<double>(side_ + 2.5 * kGap, (width() - 4.0 - side_) / (count - 1));
    return {2 + std::floor(place * pitch), 2, double(side_), double(side_)};
}

int FrameStrip::currentPlace() const {
    int best = -1, distance = 1 << 30;
    for (int i = 0; i < std::ssize(shown_); ++i) {
        const int index = frames_[static_cast<std::size_t>(shown_[static_cast<std::size_t>(i)])].index;
        if (index < 0 || current_ < 0 || std::abs(index - current_) >= distance) continue;
        distance = std::abs(index - current_);
        best = i;
    }
    return best;
}

void FrameStrip::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const Tokens& t = Theme::instance().tokens();
    const int at = currentPlace();
    const QFont number = typeFont(Type::CaptionNumber);
    for (int i = 0; i < std::ssize(shown_); ++i) {
        const auto place = static_cast<std::size_t>(i);
        const QRectF box = boxRect(i);
        if (pictures_[place].isNull()) {
            painter.setPen(QPen(t.buttonLine, 1, Qt::DashLine));
            painter.setBrush(Qt::NoBrush);
            painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5));
        } else {
            const bool shrinks = pictures_[place].width() > side_ * devicePixelRatioF();
            painter.setRenderHint(QPainter::SmoothPixmapTransform, shrinks);
            painter.drawImage(box, pictures_[place]);
        }
        if (i == at) {
            painter.setPen(QPen(t.accent, 2));
            painter.setBrush(Qt::NoBrush);
            painter.drawRect(box.adjusted(-1, -1, 1, 1));
        }
        const QRectF line(box.x() - kGap, box.bottom() + 2, box.width() + 2 * kGap, kLineHeight - 2);
        paintText(painter, line, Qt::AlignCenter,
                  QString::number(frames_[static_cast<std::size_t>(shown_[place])].step), number,
                  i == at ? t.text : t.text2);
    }
    if (hasFocus() && at < 0) paintFocusRing(painter, QRectF(rect()).adjusted(1, 1, -1, -1));
}

void FrameStrip::chooseAt(const QPointF& point) {
    for (int i = 0; i < std::ssize(shown_); ++i) {
        const int index = frames_[static_cast<std::size_t>(shown_[static_cast<std::size_t>(i)])].index;
        const QRectF box = boxRect(i);
        if (index < 0 || point.x() < box.x() - 4 || point.x() > box.right() + 4) continue;
        if (index != current_) Q_EMIT chosen(index);
        return;
    }
}

void FrameStrip::mousePressEvent(QMouseEvent* event) { chooseAt(event->position()); }

void FrameStrip::mouseMoveEvent(QMouseEvent* event) {
    if (event->buttons() & Qt::LeftButton) chooseAt(event->position());
}

void FrameStrip::keyPressEvent(QKeyEvent* event) {
    const int by = event->key() == Qt::Key_Left ? -1 : event->key() == Qt::Key_Right ? 1 : 0;
    if (by == 0) return QWidget::keyPressEvent(event);
    const int next = current_ + by;
    for (const Frame& frame : frames_)
        if (frame.index >= 0 && frame.index == next) return Q_EMIT chosen(next);
}

}  // namespace vl
