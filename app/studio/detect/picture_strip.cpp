// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/detect/picture_strip.h"

#include <algorithm>

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <QWheelEvent>

#include "widgets/icons.h"
#include "widgets/labels.h"
#include "widgets/paint_helpers.h"

namespace vl {
namespace {

constexpr int kLine = 2;  // of the current picture's frame

}  // namespace

PictureStrip::PictureStrip(QWidget* parent) : QWidget(parent) {
    setFocusPolicy(Qt::StrongFocus);
    setFixedHeight(kHeight);
    setAccessibleName(tr("Pictures"));
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void PictureStrip::setItems(std::vector<Item> items) {
    items_ = std::move(items);
    order_.clear();
    current_ = -1;
    left_ = 0;
    update();
}

void PictureStrip::addItem(Item item) {
    items_.push_back(std::move(item));
    if (!order_.empty()) order_.push_back(count() - 1);
    update();
}

void PictureStrip::setItem(int index, const QString& figure, bool failed) {
    Item& item = items_[static_cast<std::size_t>(index)];
    if (item.figure == figure && item.failed == failed) return;
    item.figure = figure;
    item.failed = failed;
    update();
}

void PictureStrip::setThumb(int index, const QImage& thumb) {
    if (index < 0 || index >= count()) return;
    items_[static_cast<std::size_t>(index)].thumb = thumb;
    update();
}

void PictureStrip::setOrder(std::vector<int> order) {
    order_ = order.size() == items_.size() ? std::move(order) : std::vector<int>();
    setCurrent(current_);
}

int PictureStrip::placeOf(int index) const {
    if (order_.empty()) return index;
    const auto found = std::ranges::find(order_, index);
    return found == order_.end() ? index : static_cast<int>(found - order_.begin());
}

QRectF PictureStrip::itemRect(int index) const {
    return QRectF(kLine + placeOf(index) * (kWidth + kGap) - left_, kLine, kWidth, kPicture);
}

int PictureStrip::at(const QPointF& point) const {
    const int place = static_cast<int>((point.x() + left_ - kLine) / (kWidth + kGap));
    if (point.x() + left_ < kLine || place < 0 || place >= count()) return -1;
    const int index = order_.empty() ? place : order_[static_cast<std::size_t>(place)];
    return point.x() <= itemRect(index).right() ? index : -1;
}

int PictureStrip::neighbour(int index, int by) const {
    if (count() == 0) return -1;
    const int place = std::clamp(placeOf(index) + by, 0, count() - 1);
    return order_.empty() ? place : order_[static_cast<std::size_t>(place)];
}

void PictureStrip::scrollTo(double left) {
    const double most = std::max(0, count() * (kWidth + kGap) - kGap + 2 * kLine - width());
    left_ = std::clamp(left, 0.0, most);
    update();
}

void PictureStrip::setCurrent(int index) {
    current_ = index;
    if (index >= 0) {
        const QRectF box = itemRect(index);
        if (box.left() < kLine) scrollTo(left_ + box.left() - kLine - kGap);
        else if (box.right() > width() - kLine) scrollTo(left_ + box.right() - width() + kLine + kGap);
        setAccessibleDescription(index < count() ? item(index).name + QLatin1Char(' ') + item(index).figure
                                                 : QString());
    }
    update();
}

void PictureStrip::choose(int index) {
    if (index < 0 || index == current_) return;
    setCurrent(index);
    Q_EMIT chosen(index);
}

void PictureStrip::mousePressEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton) choose(at(event->position()));
}

void PictureStrip::wheelEvent(QWheelEvent* event) {
    const QPoint by = event->angleDelta();
    scrollTo(left_ - (by.x() != 0 ? by.x() : by.y()));
    event->accept();
}

void PictureStrip::keyPressEvent(QKeyEvent* event) {
    switch (event->key()) {
        case Qt::Key_Left: return choose(neighbour(current_, -1));
        case Qt::Key_Right: return choose(neighbour(current_, 1));
        case Qt::Key_Home: return choose(neighbour(current_, -count()));
        case Qt::Key_End: return choose(neighbour(current_, count()));
        default: QWidget::keyPressEvent(event);
    }
}

void PictureStrip::resizeEvent(QResizeEvent*) { scrollTo(left_); }

void PictureStrip::focusInEvent(QFocusEvent* event) {
    ring_ = isKeyboardFocus(event->reason());
    update();
}

void PictureStrip::focusOutEvent(QFocusEvent*) {
    ring_ = false;
    update();
}

bool PictureStrip::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const int index = at(help->pos());
        QToolTip::showText(help->globalPos(), index < 0 ? QString() : item(index).name, this);
        return true;
    }
    return QWidget::event(event);
}

void PictureStrip::paintEvent(QPaintEvent*) {
    const Tokens& t = Theme::instance().tokens();
    QPainter painter(this);
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    const QFont words = typeFont(Type::Caption), numbers = typeFont(Type::CaptionNumber);
    for (int place = std::max(0, static_cast<int>(left_ / (kWidth + kGap))); place < count(); ++place) {
        const int index = order_.empty() ? place : order_[static_cast<std::size_t>(place)];
        const Item& item = items_[static_cast<std::size_t>(index)];
        const QRectF box = itemRect(index);
        if (box.left() > width()) break;
        painter.fillRect(box, t.canvas);
        if (!item.thumb.isNull()) {
            // The picture fills its place; what stands out is cut evenly.
            const QSizeF size(item.thumb.size());
            const double scale = std::max(box.width() / size.width(), box.height() / size.height());
            const QSizeF part = box.size() / scale;
            const QPointF corner((size.width() - part.width()) / 2, (size.height() - part.height()) / 2);
            painter.drawImage(box, item.thumb, QRectF(corner, part));
        } else if (item.failed) {
            paintIcon(painter, QRectF(box.center().x() - 8, box.center().y() - 8, 16, 16).toRect(),
                      QStringLiteral("warning"), t.warning);
        }
        painter.setBrush(Qt::NoBrush);
        if (index == current_) {
            painter.setPen(QPen(t.accent, kLine, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
            painter.drawRect(box.adjusted(-1, -1, 1, 1));
        }
        const QRectF line(box.left(), box.bottom() + 5, box.width(), 16);
        const double right = QFontMetricsF(numbers).horizontalAdvance(item.figure);
        paintText(painter, line, Qt::AlignRight | Qt::AlignVCenter, item.figure, numbers, t.text);
        paintText(painter, line, Qt::AlignLeft | Qt::AlignVCenter,
                  QFontMetricsF(words).elidedText(item.name, Qt::ElideMiddle, line.width() - right - 6), words,
                  index == current_ ? t.text : t.text2);
    }
    if (ring_ && hasFocus()) paintFocusRing(painter, QRectF(rect()));
}

}  // namespace vl
